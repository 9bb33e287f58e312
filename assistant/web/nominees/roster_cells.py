"""The rows of a roster that wait on its page: each cell to correct beside what was read, with the boxes that ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.roster.people import HEALTH_REMOVED
from assistant.roster.rows import NEVER_REPEATED, RowReader
from assistant.services.application.roster_work import cell_text, without_rows
from assistant.spreadsheets import text_of
from assistant.web.nominees.roster_rows import ANSWERS, describe_nominee

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.roster import CellReading, Roster, RosterPerson, RosterSheet, RowSetAside
    from assistant.services.application.roster_work import RosterWork, WaitingSheet

LONGEST_CELL = 300
"""Letters of a cell that a page offers to change; a longer one is typed again."""
CELLS_TO_CORRECT, CELLS_TO_LOOK_AT, SET_ASIDE_ROWS = 30, 15, 20
"""Of each kind a page shows so many, with a whole row at the end: a page stays below 150 kB. The rest follows when
these are decided."""
TICKED = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBox:
    """A cell that can be corrected: the name of its box, its label, and what stands in the sheet and in the box.

    ``open_key`` is the name of the box that leaves the answer open; ``reading`` is what was read, in words. Without
    ``key`` no column holds the answer, so there is no box.
    """

    key: str
    open_key: str
    label: str
    message: str
    sheet_text: str
    text: str
    reading: str
    is_open: bool
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBox:
    """A person of the roster with the cells to correct, and the box that leaves the row out or takes it in."""

    row: int
    place: str
    name: str
    reading: str
    cells: tuple[CellBox, ...]
    key: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideBox:
    """A row that names no nominee, with the reason; ``key`` is the name of the box that says otherwise."""

    place: str
    text: str
    why: str
    key: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterBoxes:
    """Everything of a roster that its page lets a person change, as far as the page shows it; ``more`` rows wait."""

    to_correct: tuple[RowBox, ...]
    more: int
    read_by_rule: tuple[RowBox, ...]
    corrected_rows: tuple[RowBox, ...]
    left_out_rows: tuple[RowBox, ...]
    set_aside: tuple[SetAsideBox, ...]

    def keys(self) -> Iterator[str]:
        """Yield the names of all boxes."""
        for row in (*self.to_correct, *self.read_by_rule, *self.corrected_rows, *self.left_out_rows):
            yield row.key
            for cell in row.cells:
                if cell.key:
                    yield from (cell.key, cell.open_key)
        yield from (row.key for row in self.set_aside)


def cell_key(row: int, column: int) -> str:
    """Return the name of the box for a cell."""
    return f"cell-{row}-{column}"


def open_key(row: int, column: int) -> str:
    """Return the name of the box that leaves the answer of a cell open."""
    return f"open-{row}-{column}"


def shown_text(opened: RosterSheet, row: int, column: int, answer: str) -> str:
    """Return what stands in a cell as a page may show it: nothing of what is never kept, nor of a very long text."""
    text = cell_text(opened, row, column)
    is_withheld = answer in NEVER_REPEATED or RowReader.is_ssn(text) or text == HEALTH_REMOVED
    return "" if is_withheld or len(text) > LONGEST_CELL else text


def boxes_of(
    roster: Roster, waiting: WaitingSheet, entries: Mapping[str, str], errors: Mapping[str, str]
) -> RosterBoxes:
    """Return the boxes of a page; ``roster`` holds the rows that people left out too.

    ``entries`` are what a page that was sent has in its boxes, ``errors`` what is wrong there, both by name.
    """
    maker = _Maker(waiting, entries, errors)
    left_out = waiting.work.left_out_rows
    remaining = without_rows(roster, left_out)
    questions = [person for person in remaining.people if person.questions]
    others = [person for person in remaining.people if person.cells and not person.questions]
    corrected = {row for row, _ in waiting.work.corrections}
    open_cells = {(person.row, cell.column) for person in remaining.people for cell in person.cells}
    columns = {column.index: column.answer for column in roster.columns if column.answer}
    corrections = [
        (person, [column for row, column in sorted(waiting.work.corrections) if row == person.row])
        for person in remaining.people
        if person.row in corrected
    ]
    on_page = _first(questions, CELLS_TO_CORRECT)
    return RosterBoxes(
        to_correct=tuple(maker.row(person, person.cells) for person in on_page),
        more=len(questions) - len(on_page),
        read_by_rule=tuple(maker.row(person, person.cells) for person in _first(others, CELLS_TO_LOOK_AT)),
        corrected_rows=tuple(
            maker.corrected_row(person, places, columns)
            for person, indexes in corrections
            if (places := [at for at in indexes if (person.row, at) not in open_cells and at in columns])
        )[:CELLS_TO_LOOK_AT],
        left_out_rows=tuple(maker.row(person, ()) for person in roster.people if person.row in left_out),
        set_aside=tuple(
            SetAsideBox(
                place=maker.place(one),
                text=one.text,
                why=one.why,
                key=f"person-{one.row}",
                is_ticked=entries.get(f"person-{one.row}", "") == TICKED,
            )
            for one in roster.set_aside[:SET_ASIDE_ROWS]
        )
        + tuple(maker.confirmed(person) for person in remaining.people if person.row in maker.work.confirmed_rows),
    )


def _first(people: Sequence[RosterPerson], cells: int) -> list[RosterPerson]:
    """Return the first people, until they have so many cells to look at."""
    result: list[RosterPerson] = []
    count = 0
    for person in people:
        if count >= cells:
            break
        result.append(person)
        count += len(person.cells)
    return result


class _Maker:
    """Makes the boxes of one page."""

    def __init__(self, waiting: WaitingSheet, entries: Mapping[str, str], errors: Mapping[str, str]) -> None:
        self.work: RosterWork = waiting.work
        self.opened = waiting.opened
        self.entries, self.errors = entries, errors

    def row(self, person: RosterPerson, cells: Sequence[CellReading]) -> RowBox:
        key = f"out-{person.row}"
        saved = TICKED if person.row in self.work.left_out_rows else ""
        return RowBox(
            row=person.row,
            place=self.place(person),
            name=person.nominee.full_name or "",
            reading=describe_nominee(person.nominee),
            cells=tuple(self.cell(person.row, cell) for cell in cells),
            key=key,
            is_ticked=self.entries.get(key, saved) == TICKED,
        )

    def cell(self, row: int, cell: CellReading) -> CellBox:
        if cell.column is None:
            return CellBox(
                key="", open_key="", label=ANSWERS.get(cell.field, cell.field), message=cell.message,
                sheet_text=cell.text, text="", reading=cell.value, is_open=False,
            )  # fmt: skip
        return self.box(row, cell.column, cell.field, cell.heading or "", message=cell.message, reading=cell.value)

    def box(self, row: int, column: int, answer: str, heading: str, *, message: str = "", reading: str = "") -> CellBox:
        key, key_to_open = cell_key(row, column), open_key(row, column)
        sheet_text = shown_text(self.opened, row, column, answer)
        correction = self.work.corrections.get((row, column))
        words = ANSWERS.get(answer, answer)
        return CellBox(
            key=key,
            open_key=key_to_open,
            label=words if words.casefold() == heading.casefold() else f"{words} (column “{heading}”)",
            message=message,
            sheet_text=sheet_text,
            text=self.entries.get(key, correction or sheet_text),
            reading=reading,
            is_open=self.entries.get(key_to_open, TICKED if correction == "" else "") == TICKED,
            error=self.errors.get(key, ""),
        )

    def corrected_row(self, person: RosterPerson, columns: Sequence[int], answers: Mapping[int, str | None]) -> RowBox:
        row = self.row(person, ())
        headings = {index: self.heading(index) for index in columns}
        cells = [self.box(person.row, index, answers[index] or "", headings[index]) for index in columns]
        return RowBox(
            row=row.row, place=row.place, name=row.name, reading=row.reading, cells=tuple(cells), key=row.key,
            is_ticked=row.is_ticked,
        )  # fmt: skip

    def heading(self, column: int) -> str:
        headings = self.opened.headings
        return text_of(headings[column]) if column < len(headings) else ""

    def place(self, row: RosterPerson | RowSetAside) -> str:
        """Return "Row 6", and with the sheet where several were put together."""
        return f"Row {row.sheet_row} of {row.sheet}" if self.opened.origins else f"Row {row.sheet_row}"

    def confirmed(self, person: RosterPerson) -> SetAsideBox:
        return SetAsideBox(
            place=self.place(person),
            text=person.nominee.full_name or "",
            why="You said that this is a nominee.",
            key=f"person-{person.row}",
            is_ticked=self.entries.get(f"person-{person.row}", TICKED) == TICKED,
        )
