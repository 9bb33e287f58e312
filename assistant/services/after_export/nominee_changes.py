"""Which officers may have changed since the export: those of the application now, and those who were in the export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.answers import parse
from assistant.errors import InputError
from assistant.program.states_and_counties import fold
from assistant.services.application.nominees import nominees_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.answers import Nominee
    from assistant.program.nominee_changes import ChangeKind
    from assistant.storage.tables import Application, ExportRow

Proposal = Literal["", "added", "leaves"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeablePerson:
    """A nominee; ``proposal`` says what the export shows: "added" since, "leaves": no longer on the list, or ""."""

    id: str
    nominee: Nominee
    proposal: Proposal


def changeable_people(application: Application, export: ExportRow | None) -> list[ChangeablePerson]:
    """Return the nominees now and those who left the list since the export, who changed first.

    Without an export, or where its answers were purged, nothing is proposed.
    """
    text = export.answers if export is not None and export.purged_at is None else ""
    before = parse(text, any_text=True).nominees if text else ()
    exported = {_key(nominee) for nominee in before}
    current = nominees_of(application)
    keys = {_key(row.nominee) for row in current}
    people = [
        ChangeablePerson(
            id=row.id,
            nominee=row.nominee,
            proposal="added" if text and _key(row.nominee) not in exported else "",
        )
        for row in current
    ]
    former = [
        ChangeablePerson(id=f"before-{place}", nominee=nominee, proposal="leaves")
        for place, nominee in enumerate(before)
        if _key(nominee) not in keys
    ]
    return sorted([*former, *people], key=lambda person: not person.proposal)


def find_named(nominees: Sequence[Nominee], names: Iterable[str], kind: ChangeKind) -> list[tuple[ChangeKind, Nominee]]:
    """Return the nominees of some names, each with the kind of change.

    Raises:
        InputError: nobody, or more than one, has such a name.
    """
    pairs: list[tuple[ChangeKind, Nominee]] = []
    for name in names:
        of_name = [nominee for nominee in nominees if nominee.full_name and fold(nominee.full_name) == fold(name)]
        if not of_name:
            raise InputError(f"No nominee is named {name}. Write the name as it is in the answers file.")
        if len(of_name) > 1:
            raise InputError(f"{len(of_name)} nominees are named {name}. Tell them apart in the answers file first.")
        pairs.append((kind, of_name[0]))
    return pairs


def _key(nominee: Nominee) -> tuple[str, str]:
    """Return what makes two entries the same person: the name, and the badge number where there is one."""
    return fold(nominee.full_name or ""), fold(nominee.badge_number or "")
