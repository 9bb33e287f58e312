"""What each agreement says of officers who are added, who stop taking part, and whose authority is revoked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from assistant.program import stored
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from assistant.answers import Model

ChangeKind = Literal["added", "leaves", "revoked"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
SOURCE_BY_MODEL = {"JEM": "moa-jem", "TFM": "moa-tfm", "WSO": "moa-wso"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """What an agreement says of a kind of change; ``quote`` is a few words of the form on the page cited."""

    model: Model
    kind: ChangeKind
    text: str
    citation: Citation
    quote: str


@cache
def change_rules() -> tuple[ChangeRule, ...]:
    """Return what the agreements say, by model; nothing is published of the Tribal Task Force Model."""
    return tuple(
        ChangeRule(
            model=row["model"],
            kind=row["kind"],
            text=row["text"],
            citation=cite(SOURCE_BY_MODEL[row["model"]], row["section"], row["page"]),
            quote=row["quote"],
        )
        for row in stored.table("nominee_changes")["rule"]
    )
