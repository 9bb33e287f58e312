"""How a roster that was read stands on a page: what each column was taken for, and the first good rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answers import MODELS
from assistant.roster import ALL_SHEETS
from assistant.roster.headings import HEADINGS
from assistant.web.kit.moments import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Nominee
    from assistant.roster import Remark, Roster
    from assistant.services.application.roster_work import WaitingSheet

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
    """A column and what it was taken for; ``why`` says why it is left out and, where ``closed``, stays so.

    ``could_be`` names in words what fits about as well; ``is_sure`` where nobody has to look at it.
    """

    index: int
    heading: str
    answer: str
    closed: bool
    why: str
    could_be: str
    is_sure: bool


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
            could_be=", ".join(ANSWERS.get(answer, answer) for answer in column.alternatives),
            is_sure=column.is_sure
            and entries.get(f"column-{column.index}", column.answer or "") == (column.answer or ""),
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


def sheets_shown(waiting: WaitingSheet, roster: Roster) -> list[tuple[str, str]]:
    """Return the sheets of the file that can be read, each with words; none where there is no choice."""
    people = {offer.name: offer.people for offer in roster.sheets}
    total = sum(people.values())
    return [
        (name, f"All sheets ({total:,} people)" if name == ALL_SHEETS else f"{name} ({people.get(name, 0):,})")
        for name in waiting.choices
    ]


def remarks_beside(roster: Roster) -> list[Remark]:
    """Return the remarks on the sheet and on whole rows; what stands beside a cell or a row set aside is not."""
    in_cells = {(person.row, cell.heading, cell.message) for person in roster.people for cell in person.cells}
    in_rows = {row.row for row in roster.set_aside}
    return [
        remark
        for remark in roster.warnings
        if remark.row not in in_rows and (remark.row, remark.column, remark.message) not in in_cells
    ]


def describe_nominee(nominee: Nominee) -> str:
    """Return what was read of a person beside the name, in one line."""
    texts = [(name, _text(getattr(nominee, name))) for name in HEADINGS if name != "full_name"]
    return "; ".join(f"{HEADINGS[name]}: {text}" for name, text in texts if text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return ", ".join(value)
    return day(value) if isinstance(value, date) else str(value)
