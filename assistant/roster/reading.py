"""Read nominees from the sheet that holds them; rows that cannot be read are reported, the others are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import MAX_NOMINEES
from assistant.errors import SpreadsheetError
from assistant.program.states_and_counties import fold
from assistant.roster.columns import EXAMPLES, PASSED_OVER, Column, columns_of, names_people
from assistant.roster.results import Remark, Roster, RosterPerson, RowSetAside, SheetOffer
from assistant.roster.rows import RowReader
from assistant.spreadsheets import is_blank, read, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from assistant.spreadsheets import Cell, SheetData

HEADINGS_WITHIN = 25
"""Titles and notes may stand above the headings, in so many rows at most."""
SSN_COLUMN = 0.5
TOTALS = re.compile(r"(?:grand )?totals?(?: nominees)?|end(?: of (?:list|roster|file))?|count")


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSheet:
    """The sheet of a file that holds the nominees: the place of its row of headings, and other sheets that have one."""

    sheet: SheetData
    at: int
    others: tuple[str, ...]

    @property
    def headings(self) -> Sequence[Cell]:
        """Return the row of headings."""
        return self.sheet.rows[self.at]


def read_roster(data: bytes) -> Roster:
    """Return the nominees in a CSV or XLSX file.

    Raises:
        SpreadsheetError: the file cannot be read, or no sheet of it has a row of headings with a name.
    """
    return read_sheet(open_roster(data))


def open_roster(data: bytes) -> RosterSheet:
    """Return the sheet of nominees in a CSV or XLSX file.

    Raises:
        SpreadsheetError: the file cannot be read, or no sheet of it has a row of headings with a name.
    """
    sheet, at, others = choose_sheet(read(data))
    return RosterSheet(sheet=sheet, at=at, others=tuple(others))


def read_sheet(
    opened: RosterSheet,
    choices: Mapping[int, str | None] | None = None,
    *,
    corrections: Mapping[tuple[int, int], str] | None = None,
    confirmed_rows: Collection[int] = (),
) -> Roster:
    """Return the nominees in a sheet.

    Args:
        opened: the sheet.
        choices: what a person took some columns for (``columns_of``).
        corrections: by (row from 1, column from 0) what a person typed in place of a cell.
        confirmed_rows: rows that are people although they do not look so, because a person says it.

    Raises:
        SpreadsheetError: no column is taken for the name, or there are too many nominees.
    """
    sheet, at, others = opened.sheet, opened.at, opened.others
    columns = _without_ssns(columns_of(sheet.rows[at], choices, sheet.rows[at + 1 :]), sheet, at)
    if not names_people(columns):
        raise SpreadsheetError("Choose the column with the names. Without a name there is no nominee.")
    warnings = [*_other_sheets(sheet, others), *_left_out(columns)]
    people: list[RosterPerson] = []
    set_aside: list[RowSetAside] = []
    errors: list[Remark] = []
    reader = RowReader(columns, date1904=sheet.date1904, unsolved=sheet.unsolved, corrections=corrections or {})
    for number, row in _filled(sheet, at, columns):
        if number not in confirmed_rows and (why := _no_nominee(columns, row)):
            text = " ".join(text_of(cell) for cell in row if not is_blank(cell))
            set_aside.append(RowSetAside(row=number, sheet=sheet.name, sheet_row=number, text=text, why=why))
            warnings.append(Remark(row=number, column=None, message=why))
            continue
        nominee, cells = reader.read(number, row)
        for cell in cells:
            (errors if cell.is_question else warnings).append(
                Remark(row=number, column=cell.heading, message=cell.message)
            )
        if number in sheet.hidden_rows:
            warnings.append(
                Remark(row=number, column=None, message="This is hidden in the sheet. It was read like the others.")
            )
        people.append(RosterPerson(row=number, sheet=sheet.name, sheet_row=number, nominee=nominee, cells=tuple(cells)))
        if len(people) > MAX_NOMINEES:
            raise SpreadsheetError(f"The file has more than {MAX_NOMINEES:,} nominees. Split it into several files.")
    warnings += _twins(people, columns)
    return Roster(
        people=tuple(people),
        set_aside=tuple(set_aside),
        errors=tuple(errors),
        warnings=tuple(sorted(warnings, key=lambda remark: remark.row or 0)),
        sheet=sheet.name,
        headings_row=at + 1,
        columns=tuple(columns),
        sheets=(SheetOffer(name=sheet.name, people=len(people), is_read=True),),
    )


def choose_sheet(sheets: Sequence[SheetData]) -> tuple[SheetData, int, list[str]]:
    """Return the sheet of nominees, the place of its row of headings, and the titles of other sheets that have one.

    Raises:
        SpreadsheetError: there is none.
    """
    candidates = [(sheet, place, count) for sheet in sheets for place, count in [_headings(sheet)] if count]
    if not candidates:
        if all(is_blank(cell) for sheet in sheets for row in sheet.rows for cell in row):
            raise SpreadsheetError("The file is empty. Choose a .csv or .xlsx file with one row of column names.")
        raise SpreadsheetError("No row of column names with “Name” was found. Add one, or start from the empty roster.")
    best = max(candidates, key=lambda item: (not item[0].hidden, item[2]))
    return best[0], best[1], [sheet.name for sheet, _, _ in candidates if sheet is not best[0]]


def _headings(sheet: SheetData) -> tuple[int, int]:
    """Return the place of the row that names most answers, and how many; (0, 0) where no row names people."""
    best = (0, 0)
    rows_read = 0
    for place, row in enumerate(sheet.rows):
        if all(is_blank(cell) for cell in row):
            continue
        rows_read += 1
        columns = columns_of(row)
        recognized = sum(1 for column in columns if column.answer or column.why)
        # A name alone can stand in a row of headings only where no other row came before.
        if names_people(columns) and recognized > best[1] and (recognized > 1 or rows_read == 1):
            best = (place, recognized)
        if rows_read == HEADINGS_WITHIN:
            break
    return best


def _without_ssns(columns: list[Column], sheet: SheetData, at: int) -> list[Column]:
    """Leave out whole every column that is mostly Social Security numbers, whatever it is called.

    The names stay: a row with such a number in place of a name is an error of that row.
    """
    result: list[Column] = []
    for column in columns:
        hits = filled = 0
        if column.answer and not column.answer.endswith("name"):
            cells = [row[column.index] for row in sheet.rows[at + 1 :] if column.index < len(row)]
            filled = sum(not is_blank(cell) for cell in cells)
            hits = sum(RowReader.is_ssn(cell) for cell in cells)
        if hits > 1 and hits >= SSN_COLUMN * filled:
            why = "it has what look like Social Security numbers, which this program never stores"
            result.append(replace(column, answer=None, why=why, closed=True))
        else:
            result.append(column)
    return result


def _other_sheets(sheet: SheetData, others: Sequence[str]) -> Iterator[Remark]:
    for other in others:
        message = f"The sheet “{other}” was not read. Only “{sheet.name}” was."
        yield Remark(row=None, column=None, message=message)


def _left_out(columns: Sequence[Column]) -> Iterator[Remark]:
    """Say which columns were left out, and why; a column that only counts the rows needs no remark."""
    for column in columns:
        if column.why:
            yield Remark(row=None, column=column.heading, message=f"The column was left out: {column.why}.")
        elif not column.answer and fold(column.heading) not in PASSED_OVER:
            message = "The column was left out: no answer about a nominee has this heading."
            yield Remark(row=None, column=column.heading, message=message)


def _filled(sheet: SheetData, at: int, columns: Sequence[Column]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield (row number, row) of every row with something in a column that is read, but for the template's examples."""
    used = [column.index for column in columns if column.answer]
    for place in range(at + 1, len(sheet.rows)):
        row = sheet.rows[place]
        texts = {text_of(row[index]) for index in used if index < len(row) and not is_blank(row[index])}
        if texts and not (texts <= set(EXAMPLES.values()) and EXAMPLES["full_name"] in texts):
            yield place + 1, row


def _no_nominee(columns: Sequence[Column], row: Sequence[Cell]) -> str | None:
    """Return why a row is taken for none of a nominee, or None."""
    named = next(column.index for column in columns if column.answer in {"full_name", "first_name", "last_name"})
    name = text_of(row[named]) if named < len(row) else ""
    return "This row was left out because it looks like a total." if TOTALS.fullmatch(fold(name)) else None


def _twins(people: Sequence[RosterPerson], columns: Sequence[Column]) -> list[Remark]:
    """Say which rows share a badge number or a name."""
    headings = {column.answer: column.heading for column in columns}
    remarks: list[Remark] = []
    first_rows: dict[tuple[str, str], int] = {}
    for person in people:
        row, nominee = person.row, person.nominee
        for answer, value in (("badge_number", nominee.badge_number), ("full_name", nominee.full_name)):
            first = first_rows.setdefault((answer, fold(value)), row) if value and fold(value) else row
            if first != row:
                what = "badge number" if answer == "badge_number" else "name"
                message = f"The same {what} is in row {first}. Keep one of them if it is one person."
                remarks.append(Remark(row=row, column=headings.get(answer), message=message))
    return remarks
