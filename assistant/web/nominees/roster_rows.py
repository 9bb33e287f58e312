"""How a roster that was read stands on a page: what each column was taken for, and the first good rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answers import MODELS
from assistant.roster.headings import HEADINGS
from assistant.web.kit.moments import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.roster import Roster

ANSWERS: dict[str, str] = {
    "full_name": HEADINGS["full_name"],
    "first_name": "First name",
    "middle_name": "Middle name or initial",
    "last_name": "Last name",
    "suffix": "Suffix (Jr., III)",
    **{name: heading for name, heading in HEADINGS.items() if name != "full_name"},
    **{f"model:{model}": f"Yes or no: nominated for {model}" for model in MODELS},
}
"""Everything that a column can be used for, with the words shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShown:
    """A column and what it was taken for; ``why`` says why it is left out and, where ``closed``, stays so."""

    index: int
    heading: str
    answer: str
    closed: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The first good rows: headings, and (row of the sheet, cells)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def columns_shown(roster: Roster, entries: Mapping[str, str]) -> list[ColumnShown]:
    """Return the columns in the order of the sheet, with what was chosen on the page over what was read."""
    return [
        ColumnShown(
            index=column.index,
            heading=column.heading,
            answer=entries.get(f"column-{column.index}", column.answer or ""),
            closed=column.closed,
            why=column.why or "",
        )
        for column in roster.columns
    ]


def rows_shown(roster: Roster, *, limit: int) -> Rows:
    """Return the first rows, with a column for each answer that any of them gives."""
    people = roster.ready[:limit]
    nominees = [person.nominee for person in people]
    names = [name for name in HEADINGS if any(getattr(nominee, name) not in (None, ()) for nominee in nominees)]
    return Rows(
        headings=tuple(HEADINGS[name] for name in names),
        rows=tuple((person.row, tuple(_text(getattr(person.nominee, name)) for name in names)) for person in people),
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return ", ".join(value)
    return day(value) if isinstance(value, date) else str(value)
