"""Find the sheet of nominees in a file: where its headings are, whether it has any, which other sheets list people."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.errors import SpreadsheetError
from assistant.program.states_and_counties import fold
from assistant.roster.columns import Column, columns_of, columns_without_headings, names_people
from assistant.roster.contents import kinds_of, sample_cells
from assistant.roster.heading_scores import answers_of_heading
from assistant.roster.pasted import rows_of_text
from assistant.roster.people import without_health_notes
from assistant.spreadsheets import SheetData, column_letters, is_blank, read, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.roster.results import SheetOffer
    from assistant.spreadsheets import Cell

HEADINGS_WITHIN = 25
"""Titles and notes may stand above the headings, in so many rows at most."""
PLAIN_SHARE = 0.95
"""Sureness of headings that mean one answer and nothing else."""
ROWS_BELOW = 25
"""Rows under a row that must fit it, if it is to be that of the headings."""
NO_HEADINGS = -1
ALL_SHEETS = "*"
"""In place of the name of a sheet: every sheet that lists people."""
NO_NAMES = "No row of column names with “Name” was found. Add one, or start from the empty roster."
NAMES_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSheet:
    """The sheet of a file that holds the nominees, and the place of its row of headings (``NO_HEADINGS``: it has none).

    ``offers`` are all sheets that list people. Where several were put together, ``origins`` says of each row in which
    sheet and row of the file it is.
    """

    sheet: SheetData
    at: int
    offers: tuple[SheetOffer, ...] = ()
    origins: tuple[tuple[str, int], ...] = ()

    @property
    def headings(self) -> Sequence[Cell]:
        """Return the row of headings; the letters of the columns where there is none."""
        if self.at == NO_HEADINGS:
            width = max((len(row) for row in self.sheet.rows), default=0)
            return [f"Column {column_letters(index)}" for index in range(width)]
        return self.sheet.rows[self.at]

    def columns(self, choices: Mapping[int, str | None] | None = None) -> list[Column]:
        """Return what the columns are taken for."""
        below = self.sheet.rows[self.at + 1 :]
        if self.at == NO_HEADINGS:
            return columns_without_headings(below, choices)
        return columns_of(self.sheet.rows[self.at], choices, below)

    def origin_of(self, row: int) -> tuple[str, int]:
        """Return the sheet and the row of the file where a row of this sheet, counted from 1, comes from."""
        return self.origins[row - 1] if self.origins else (self.sheet.name, row)


def find_sheets(data: bytes) -> list[RosterSheet]:
    """Return the sheets of a CSV or XLSX file that list people, the best first; notes about health are taken out.

    Raises:
        SpreadsheetError: the file cannot be read, or no sheet of it names people.
    """
    sheets = read(data)
    if (rows := rows_of_text(data, sheets)) is not None:
        sheets = (replace(sheets[0], rows=rows),)
    candidates = [(sheet, place, count) for sheet in sheets for place, count in [_headings(sheet)] if count]
    if not candidates:
        candidates = [(sheet, place, 1) for sheet in sheets for place in _headings_beside_names(sheet)]
    if candidates:
        # Of two sheets, the one that is not hidden; then the one with more answers; then the first.
        best = max(candidates, key=lambda item: (not item[0].hidden, item[2]))
        ordered = [best, *(item for item in candidates if item is not best)]
        roster_sheets = [RosterSheet(sheet=_clean(sheet, place), at=place) for sheet, place, _ in ordered]
        return [roster_sheets[0], *(opened for opened in roster_sheets[1:] if _holds_names(opened))]
    if all(is_blank(cell) for sheet in sheets for row in sheet.rows for cell in row):
        raise SpreadsheetError("The file is empty. Choose a .csv or .xlsx file with one row of column names.")
    lists = [_clean(sheet, NO_HEADINGS) for sheet in sheets if not sheet.hidden and _lists_names(sheet)]
    if not lists:
        raise SpreadsheetError(NO_NAMES)
    return [RosterSheet(sheet=sheet, at=NO_HEADINGS) for sheet in lists]


def _headings_beside_names(sheet: SheetData) -> list[int]:
    """Return the place of a row of headings none of which is known to be a name, over a column of names."""
    filled = [place for place, row in enumerate(sheet.rows) if any(not is_blank(cell) for cell in row)]
    for place in filled[:HEADINGS_WITHIN]:
        row = sheet.rows[place]
        shares = [answers_of_heading(text_of(cell)) for cell in row if isinstance(cell, str) and not is_blank(cell)]
        if not any(max(share.values(), default=0) >= PLAIN_SHARE for share in shares if not _names_model(share)):
            continue
        columns = columns_of(row, below=sheet.rows[place + 1 : place + 1 + ROWS_BELOW])
        over_names = [column for column in columns if column.answer == "full_name"]
        index = over_names[0].index if over_names else 0
        if over_names and (index >= len(row) or "name" not in kinds_of(row[index])):
            return [place]
    return []


def _names_model(share: Mapping[str, float]) -> bool:
    return any(answer.startswith("model:") for answer in share)


def _may_stand_alone(columns: Sequence[Column], row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Say whether one heading is enough: a plain word for a name, or any such word over a list of one column."""
    is_list = all(sum(not is_blank(cell) for cell in line) <= 1 for line in below)
    return any(column.is_plain for column in columns) or (is_list and sum(not is_blank(cell) for cell in row) == 1)


def _count_recognized(columns: Sequence[Column]) -> int:
    return sum(1 for column in columns if column.answer or column.why)


def _holds_names(opened: RosterSheet) -> bool:
    """Say whether the column of names of a sheet has names in it: a page of help explains headings there."""
    places = [c.index for c in opened.columns() if c.answer in {"full_name", "first_name", "last_name"}]
    cells = [cell for place in places for cell in sample_cells(opened.sheet.rows[opened.at + 1 :], place)]
    names = [c for c in cells if {"name", "word"} & kinds_of(c) and not answers_of_heading(text_of(c))]
    return len(names) >= NAMES_SHARE * len(cells) > 0


def _clean(sheet: SheetData, at: int) -> SheetData:
    rows = [row if place <= at else without_health_notes(row) for place, row in enumerate(sheet.rows)]
    return replace(sheet, rows=rows)


def _headings(sheet: SheetData) -> tuple[int, int]:
    """Return the place of the row that names most answers, and how many; (0, 0) where no row names people."""
    best = (0, 0)
    rows_read = 0
    for place, row in enumerate(sheet.rows):
        if all(is_blank(cell) for cell in row):
            continue
        rows_read += 1
        columns = columns_of(row)
        if len(columns) == 1 and re.search(r":\s*\S", columns[0].heading):
            continue  # "Name: Lee Ash" is no heading
        if names_people(columns) and _count_recognized(columns) > best[1]:
            columns = columns_of(row, below=sheet.rows[place + 1 : place + 1 + ROWS_BELOW])
            recognized = _count_recognized(columns)
            # A name alone can stand in a row of headings only where no other row came before.
            below = sheet.rows[place + 1 : place + 1 + ROWS_BELOW]
            is_alone = recognized == 1 and rows_read == 1 and _may_stand_alone(columns, row, below)
            if names_people(columns) and recognized > best[1] and (recognized > 1 or is_alone):
                best = (place, recognized)
        if rows_read == HEADINGS_WITHIN:
            break
    return best


def _lists_names(sheet: SheetData) -> bool:
    """Say whether a sheet without headings is a list of people: most rows have what looks like a name, in capitals."""
    rows = [row for row in sheet.rows if any(not is_blank(cell) for cell in row)]
    first = [text_of(cell) for cell in rows[0] if not is_blank(cell)]
    if len(first) > 1 and all(answers_of_heading(text) for text in first):
        return False  # headings, and none of them is a name
    columns = columns_without_headings(rows)
    if not names_people(columns):
        return False
    places = [column.index for column in columns if (column.answer or "").endswith("name")]
    names = [text_of(row[index]) for row in rows for index in places if index < len(row) and not is_blank(row[index])]
    capitals = [name for name in names if any(letter.isupper() for letter in name)]
    return bool(names) and len(capitals) >= NAMES_SHARE * len(names) and (len(rows) > 1 or len(names[0].split()) > 1)


def combine_sheets(candidates: Sequence[RosterSheet], names: Collection[str]) -> RosterSheet:
    """Return several sheets of a file as one: columns with the same answer, or the same heading, become one.

    Raises:
        SpreadsheetError: no sheet has one of the names.
    """
    chosen_sheets = [opened for opened in candidates if ALL_SHEETS in names or opened.sheet.name in names]
    if not chosen_sheets:
        raise SpreadsheetError("The file has no sheet of that name with people in it. Choose one of its sheets.")
    if len(chosen_sheets) == 1:
        return chosen_sheets[0]
    keys: dict[str, int] = {}
    headings: list[Cell] = []
    rows: list[list[Cell]] = []
    origins: list[tuple[str, int]] = [("", 0)]
    unsolved: set[tuple[int, int]] = set()
    hidden: set[int] = set()
    colored: set[int] = set()
    for opened in chosen_sheets:
        places: dict[int, int] = {}
        for column in opened.columns():
            key = column.answer or f"heading:{fold(column.heading)}"
            if key not in keys:
                keys[key] = len(keys)
                headings.append(column.heading)
            places[column.index] = keys[key]
        for number, row in enumerate(opened.sheet.rows[opened.at + 1 :], opened.at + 2):
            cells: list[Cell] = [""] * len(keys)
            for index, place in places.items():
                if index < len(row):
                    cells[place] = row[index]
                if (number, index) in opened.sheet.unsolved:
                    unsolved.add((len(rows) + 2, place))
            rows.append(cells)
            origins.append((opened.sheet.name, number))
            if number in opened.sheet.hidden_rows:
                hidden.add(len(rows) + 1)
            if number in opened.sheet.colored_rows:
                colored.add(len(rows) + 1)
    sheet = replace(
        chosen_sheets[0].sheet, name=", ".join(opened.sheet.name for opened in chosen_sheets), rows=[headings, *rows],
        hidden_rows=frozenset(hidden), colored_rows=frozenset(colored), unsolved=frozenset(unsolved), links={},
    )  # fmt: skip
    return RosterSheet(sheet=sheet, at=0, origins=tuple(origins))
