"""Read nominees from the sheet that holds them: people, cells to look at, rows that name nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.answers import MAX_NOMINEES
from assistant.errors import SpreadsheetError
from assistant.program.states_and_counties import fold
from assistant.roster.cell_words import words_of
from assistant.roster.columns import Column, names_people
from assistant.roster.headings import EXAMPLES, PASSED_OVER
from assistant.roster.people import WHY_HEALTH, why_no_person
from assistant.roster.results import Remark, Roster, RosterPerson, RowSetAside, SheetOffer
from assistant.roster.rows import RowReader
from assistant.roster.sheets import NO_HEADINGS, RosterSheet, combine_sheets, find_sheets
from assistant.spreadsheets import is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from assistant.spreadsheets import Cell

SSN_COLUMN = 0.5
USUAL_PLACE = 0.7
MANY = 3
"""Remarks with the same words on more rows than this become one."""
HIDDEN = "This is hidden in the sheet. It was read like the others."


def read_roster(data: bytes, sheets: Collection[str] = ()) -> Roster:
    """Return the nominees in a CSV or XLSX file; ``sheets`` as for ``open_roster``.

    Raises:
        SpreadsheetError: the file cannot be read, or no sheet of it names people.
    """
    return read_sheet(open_roster(data, sheets))


def open_roster(data: bytes, sheets: Collection[str] = ()) -> RosterSheet:
    """Return the sheet of nominees in a CSV or XLSX file.

    ``sheets`` are the names of the sheets to read as one, or ``ALL_SHEETS``; without any, the sheet with most answers.

    Raises:
        SpreadsheetError: the file cannot be read, no sheet of it names people, or none has one of the names.
    """
    candidates = find_sheets(data)
    opened = combine_sheets(candidates, sheets) if sheets else candidates[0]
    if len(candidates) == 1:
        return opened
    read_names = {name for name, _ in opened.origins} or {opened.sheet.name}
    offers = [
        SheetOffer(name=each.sheet.name, people=len(read_sheet(each).people), is_read=each.sheet.name in read_names)
        for each in candidates
    ]
    return replace(opened, offers=tuple(offers))


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
    sheet, at = opened.sheet, opened.at
    corrections = corrections or {}
    columns = _without_ssns(opened.columns(choices), opened)
    if not names_people(columns):
        raise SpreadsheetError("Choose the column with the names. Without a name there is no nominee.")
    people: list[RosterPerson] = []
    set_aside: list[RowSetAside] = []
    warnings: list[Remark] = []
    reader = RowReader(columns, date1904=sheet.date1904, unsolved=sheet.unsolved, corrections=corrections)
    judge = _RowJudge(opened, columns)
    corrected_rows = {row for row, _ in corrections}
    closed = {column.index for column in columns if column.closed}
    for number, row in _filled(opened, columns):
        origin, origin_row = opened.origin_of(number)
        why = None if number in confirmed_rows or number in corrected_rows else judge.why_no_person(row)
        if why:
            texts = [text_of(cell) for index, cell in enumerate(row) if index not in closed and not is_blank(cell)]
            text = "" if why == WHY_HEALTH or reader.is_ssn(" ".join(texts)) else " ".join(texts)
            set_aside.append(RowSetAside(row=number, sheet=origin, sheet_row=origin_row, text=text, why=why))
            continue
        nominee, cells = reader.read(number, row)
        if number in sheet.hidden_rows:
            warnings.append(Remark(row=number, column=None, message=HIDDEN))
        people.append(RosterPerson(row=number, sheet=origin, sheet_row=origin_row, nominee=nominee, cells=tuple(cells)))
        if len(people) > MAX_NOMINEES:
            raise SpreadsheetError(f"The file has more than {MAX_NOMINEES:,} nominees. Split it into several files.")
    cells_by_row = [(person.row, cell) for person in people for cell in person.cells]
    remarks = [
        *warnings,
        *(Remark(row=row.row, column=None, message=row.why) for row in set_aside),
        *(Remark(row=row, column=c.heading, message=c.message) for row, c in cells_by_row if not c.is_question),
        *_twins(people, columns),
    ]
    errors = [
        Remark(row=row, column=cell.heading, message=cell.message) for row, cell in cells_by_row if cell.is_question
    ]
    whole_sheet = [
        *_colors(opened, people),
        *_other_sheets(opened),
        *_left_out(columns),
        *_without_headings(opened, columns),
    ]
    return Roster(
        people=tuple(people),
        set_aside=tuple(set_aside),
        errors=tuple(_in_file(remark, opened) for remark in errors),
        warnings=(*whole_sheet, *(_in_file(remark, opened) for remark in _gathered(remarks))),
        sheet=sheet.name,
        headings_row=at + 1,
        columns=tuple(columns),
        sheets=opened.offers or (SheetOffer(name=sheet.name, people=len(people), is_read=True),),
    )


class _RowJudge:
    """Tells the rows of one sheet that name a person from the others."""

    def __init__(self, opened: RosterSheet, columns: Sequence[Column]) -> None:
        self.names = [c.index for c in columns if c.answer in {"full_name", "first_name", "last_name"}]
        self.answers = [c.index for c in columns if c.answer]
        self.headings = frozenset(fold(c.heading) for c in columns if c.heading)
        counts = [
            sum(index < len(row) and not is_blank(row[index]) for index in self.answers)
            for row in opened.sheet.rows[opened.at + 1 :][:1000]
        ]
        # Not the middle: a short list may have more notes than people.
        filled = sorted(count for count in counts if count) or [1]
        self.usual = filled[int(len(filled) * USUAL_PLACE)]

    def why_no_person(self, row: Sequence[Cell]) -> str | None:
        return why_no_person(row, self.names, self.answers, self.headings, self.usual)


def _without_ssns(columns: list[Column], opened: RosterSheet) -> list[Column]:
    """Leave out whole every column that is mostly Social Security numbers, whatever it is called.

    The names stay: a row with such a number in place of a name is an error of that row.
    """
    result: list[Column] = []
    for column in columns:
        hits = filled = 0
        if (column.answer or column.alternatives) and not (column.answer or "").endswith("name"):
            below = opened.sheet.rows[opened.at + 1 :]
            cells = [row[column.index] for row in below if column.index < len(row)]
            filled = sum(not is_blank(cell) for cell in cells)
            hits = sum(RowReader.is_ssn(cell) for cell in cells)
        if hits > 1 and hits >= SSN_COLUMN * filled:
            why = "it has what look like Social Security numbers, which this program never stores"
            result.append(replace(column, answer=None, why=why, closed=True, alternatives=()))
        else:
            result.append(column)
    return result


def _other_sheets(opened: RosterSheet) -> Iterator[Remark]:
    for offer in opened.offers:
        if not offer.is_read:
            people = f"{offer.people} {'person' if offer.people == 1 else 'people'}"
            message = f"The sheet “{offer.name}” was not read. It lists {people}. Only “{opened.sheet.name}” was read."
            yield Remark(row=None, column=None, message=message)


def _colors(opened: RosterSheet, people: Sequence[RosterPerson]) -> Iterator[Remark]:
    """Say that some people's rows have a color, which nothing here reads; stripes of every second row say nothing."""
    colored = [person.row for person in people if person.row in opened.sheet.colored_rows]
    steps = {later - earlier for earlier, later in pairwise(colored)}
    if colored and len(colored) < len(people) and (steps != {2} or len(colored) * 3 < len(people)):
        rows = ", ".join(str(opened.origin_of(row)[1]) for row in colored[:MANY])
        count = f"{len(colored)} rows have" if len(colored) > 1 else "One row has"
        message = f"{count} a color (row {rows}{' and more' if len(colored) > MANY else ''}). Colors are not read."
        yield Remark(row=None, column=None, message=f"{message} If one means something, say it in a column.")


def _without_headings(opened: RosterSheet, columns: Sequence[Column]) -> Iterator[Remark]:
    if opened.at == NO_HEADINGS:
        column_names = ", ".join(column.heading for column in columns if column.answer)
        message = f"The sheet has no row of column names. {column_names} was read by what is in it. Check each column."
        yield Remark(row=None, column=None, message=message)


def _left_out(columns: Sequence[Column]) -> Iterator[Remark]:
    """Say which columns were left out, and why; a column that only counts the rows needs no remark."""
    for column in columns:
        if column.answer:
            continue
        if column.why:
            yield Remark(row=None, column=column.heading, message=f"The column was left out: {column.why}.")
        elif fold(column.heading) not in PASSED_OVER:
            message = "The column was left out: no answer about a nominee has this heading."
            yield Remark(row=None, column=column.heading, message=message)


def _filled(opened: RosterSheet, columns: Sequence[Column]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield (row number, row) of every row with something in it, but for the template's examples and bare numbers."""
    used = [column.index for column in columns if column.answer]
    rows = opened.sheet.rows
    example = EXAMPLES["full_name"]
    examples = set(EXAMPLES.values())
    for place in range(opened.at + 1, len(rows)):
        row = rows[place]
        if any(index < len(row) and not is_blank(row[index]) for index in used):
            if any(cell == example for cell in row):
                texts = {text_of(row[index]) for index in used if index < len(row) and not is_blank(row[index])}
                if texts <= examples:
                    continue
            yield place + 1, row
        elif any(isinstance(cell, str) and any(map(str.isalpha, cell)) for cell in row):
            yield place + 1, row


def _gathered(remarks: Sequence[Remark]) -> list[Remark]:
    """Return remarks in the order of the rows; the same words on many rows become one remark."""
    by_words: dict[tuple[str | None, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_words[remark.column, remark.message].append(remark)
    result: list[Remark] = []
    for (column, message), same in by_words.items():
        if len(same) <= MANY:
            result += same
        else:
            rows = ", ".join(str(remark.row) for remark in same[:MANY])
            text = f"{len(same)} rows (the first are {rows}): {message}"
            result.append(Remark(row=None, column=column, message=text))
    return sorted(result, key=lambda remark: remark.row or 0)


def _in_file(remark: Remark, opened: RosterSheet) -> Remark:
    """Return a remark with the row of the file, where several sheets were put together."""
    if not opened.origins or remark.row is None:
        return remark
    name, row = opened.origin_of(remark.row)
    return replace(remark, row=row, message=f"Sheet “{name}”: {remark.message}")


def _twins(people: Sequence[RosterPerson], columns: Sequence[Column]) -> list[Remark]:
    """Say which rows share a badge number or a name."""
    headings = {column.answer: column.heading for column in columns}
    remarks: list[Remark] = []
    first_rows: dict[tuple[str, str], int] = {}
    for person in people:
        row, nominee = person.row, person.nominee
        for answer, value in (("badge_number", nominee.badge_number), ("full_name", nominee.full_name)):
            folded = words_of(value) if value else ""
            first = first_rows.setdefault((answer, folded), row) if folded else row
            if first != row:
                what = "badge number" if answer == "badge_number" else "name"
                message = f"The same {what} is in row {first}. Keep one of them if it is one person."
                remarks.append(Remark(row=row, column=headings.get(answer), message=message))
    return remarks
