"""A finished agreement as the beginning of an application: what was read of it, value by value, and how sure it is.

Nothing of the file is kept; only what a person takes over goes into an application.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Answers, from_document, get_path, with_path
from assistant.errors import PdfError
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.reading.answers_of import INITIALS
from assistant.rules.wording import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.answers import Model
    from assistant.reading.answers_of import AnswersRead, ValueRead

READ: Task[AnswersRead] = define_task("assistant.reading", "read_answers", seconds_per_page=3)
_PERSON = ("full_name", "title", "phone", "email")
OFFERED = (
    *(f"agency.{name}" for name in ("legal_name", "short_name", "kind", "represents", "state")),
    *(f"agency.address.{name}" for name in ("street", "city", "state", "zip")),
    *(f"signatory.{name}" for name in ("full_name", "title")),
    *(f"program_contact.{name}" for name in _PERSON),
    *(f"public_information_contact.{name}" for name in _PERSON),
    "ice.opla_location",
)
"""The paths that an agreement can tell, in the order of the wizard."""
WORKED_OUT = frozenset({"agency.kind", "agency.state", "agency.short_name"})
"""Answers that no blank of an agreement asks for; they follow from other words."""
MAX_SHORT_LETTERS = 6
"""Number of letters. A text this short is initials, which appear where the name would."""
_FROM = {"agency.address": "agency.address.one_line", "agency.state": "agency.address.one_line"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One answer that was read. ``page`` is 0 where it was worked out from several places."""

    path: str
    text: str
    page: int
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedAgreement:
    """What was read of an agreement; ``unread`` are the blanks in which something stands that cannot be read."""

    model: Model | None
    edition: str | None
    exact: bool
    values: tuple[Value, ...]
    unread: tuple[tuple[int, str], ...]


def read(data: bytes) -> FinishedAgreement:
    """Return what stands in a filled agreement, read in a child process.

    Raises:
        PdfError: it cannot be read, or is no agreement in which anything stands.
    """
    agreement_json = run_in_sandbox(READ, data)
    answers = from_document(agreement_json["answers"], any_text=True)
    rows: dict[str, list[ValueRead]] = {}
    for row in agreement_json["values"]:
        if row["text"]:
            rows.setdefault(row["path"], []).append(row)
    values = tuple(_values(answers, rows))
    if agreement_json["edition"] is None or not (values or answers.models):
        raise PdfError(
            "This program does not recognize this file as a filled agreement. Choose a filled 287(g) agreement."
        )
    return FinishedAgreement(
        model=answers.models[0] if answers.models else None,
        edition=agreement_json["edition"],
        exact=agreement_json["exact"],
        values=values,
        unread=tuple((row["page"], row["blank"]) for row in agreement_json["values"] if row["sureness"] == "unknown"),
    )


def answers_with(values: Mapping[str, str], models: Sequence[str]) -> Answers:
    """Return answers with the values that were taken over, by path.

    Raises:
        AnswersError: a value or a model is none that an application may hold.
    """
    answers = with_path(Answers(), "models", list(models))
    for path, text in values.items():
        answers = with_path(answers, path, text)
    return answers


def _values(answers: Answers, rows: Mapping[str, Sequence[ValueRead]]) -> list[Value]:
    values = []
    for path in OFFERED:
        text = get_path(answers, path)
        if not text:
            continue
        matching_rows = (
            rows.get(path) or rows.get(_FROM.get(path, "")) or rows.get(_FROM.get(path.rpartition(".")[0], "")) or ()
        )
        # A text that a blank holds with other words is a reading, not what stands there.
        whole = [row for row in matching_rows if path in rows and " ".join(str(row["text"]).split()) == text]
        row = next(iter(whole or matching_rows), None)
        parted = path.startswith("agency.address.") and row is not None and len({r["text"] for r in matching_rows}) == 1
        sure = row is not None and row["sureness"] == "sure" and path not in WORKED_OUT and (bool(whole) or parted)
        values.append(
            Value(path=path, text=str(text), page=row["page"] if row else 0, sure=sure and _agree(matching_rows))
        )
    return values


def _agree(rows: Sequence[ValueRead]) -> bool:
    """Say whether the blanks for one answer hold one answer: the same words, or the same with initials behind them."""
    texts = {comparable(INITIALS.sub("", str(row["text"]))) for row in rows}
    return len({text for text in texts if len(text) > MAX_SHORT_LETTERS} or texts) == 1
