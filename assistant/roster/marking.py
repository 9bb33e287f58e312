"""Give a roster back with what to do written beside every row that needs it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assistant.program.states_and_counties import fold
from assistant.roster.cells import plain_cell
from assistant.roster.headings import WHAT_TO_DO
from assistant.roster.reading import open_roster
from assistant.roster.results import Remark
from assistant.roster.rows import RowReader
from assistant.spreadsheets import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell as BookCell
    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.roster.results import Roster
    from assistant.spreadsheets import Cell, SheetData

WRONG = PatternFill("solid", fgColor="F8DFE2")
ODD = PatternFill("solid", fgColor="FAF3D1")
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
WIDTH, WIDTH_OF_REMARKS = 18, 60


def annotate(data: bytes, roster: Roster) -> bytes:
    """Return the file as XLSX: the same rows in the same places, a column "What to do", and the cells meant coloured.

    Columns that were left out for what they hold, and cells that look like Social Security numbers, come back
    empty. Nothing in it is a formula.

    Raises:
        SpreadsheetError: ``data`` cannot be read.
    """
    names = [offer.name for offer in roster.sheets if offer.is_read]
    return annotate_sheet(open_roster(data, names if len(roster.sheets) > 1 else ()).sheet, roster)


def annotate_sheet(sheet: SheetData, roster: Roster) -> bytes:
    """Return a sheet that was read before as ``annotate`` does a file."""
    headings = sheet.rows[roster.headings_row - 1] if roster.headings_row else ()
    place = next((i for i, cell in enumerate(headings) if fold(text_of(cell)) == fold(WHAT_TO_DO)), None)
    if place is None:
        place = max(len(row) for row in sheet.rows)
    emptied = {column.index for column in roster.columns if column.closed}
    indexes = {column.heading: column.index for column in roster.columns}
    book = Workbook(write_only=True)
    page = book.create_sheet("Nominees")
    page.freeze_panes = f"A{roster.headings_row + 1}"
    for index in range(place + 1):
        page.column_dimensions[get_column_letter(index + 1)].width = WIDTH_OF_REMARKS if index == place else WIDTH
    errors, warnings = _remarks_by_row(roster)
    for number, row in enumerate(sheet.rows, 1):
        wrong, odd = errors.get(number, []), warnings.get(number, [])
        cells = [
            plain_cell(page, "" if _is_withheld(cell, index, emptied, number - roster.headings_row) else cell)
            for index, cell in enumerate(row)
            if index != place
        ]
        _colour(cells, page, [indexes.get(remark.column or "") for remark in odd], ODD)
        _colour(cells, page, [indexes.get(remark.column or "") for remark in wrong], WRONG)
        texts = [WHAT_TO_DO] if number == roster.headings_row else [_sentence(remark) for remark in [*wrong, *odd]]
        while len(cells) < place:
            cells.append(plain_cell(page, ""))
        cells.insert(place, plain_cell(page, "\n".join(texts)))
        cells[place].alignment = WRAPPED
        if number == roster.headings_row:
            for cell in cells:
                cell.font = BOLD
        page.append(cells)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _remarks_by_row(roster: Roster) -> tuple[dict[int, list[Remark]], dict[int, list[Remark]]]:
    """Return what is wrong and what is odd by row of the sheet that was read."""
    wrong: dict[int, list[Remark]] = {}
    odd: dict[int, list[Remark]] = {}
    for person in roster.people:
        for cell in person.cells:
            remark = Remark(row=person.row, column=cell.heading, message=cell.message)
            (wrong if cell.is_question else odd).setdefault(person.row, []).append(remark)
    for row in roster.set_aside:
        odd.setdefault(row.row, []).append(Remark(row=row.row, column=None, message=row.why))
    for remark in roster.warnings:
        # Of several sheets put together, a remark counts rows as the file does.
        remarks_here = odd.get(remark.row or 0, [])
        if remark.row is not None and not remark.message.startswith("Sheet “") and remark not in remarks_here:
            odd.setdefault(remark.row, []).append(remark)
    return wrong, odd


def _is_withheld(cell: Cell, index: int, emptied: set[int], below_headings: int) -> bool:
    return (index in emptied and below_headings > 0) or RowReader.is_ssn(cell)


def _colour(cells: list[BookCell], page: Worksheet, indexes: Sequence[int | None], fill: PatternFill) -> None:
    for index in indexes:
        if index is None:
            continue
        while len(cells) <= index:
            cells.append(WriteOnlyCell(page, None))
        cells[index].fill = fill


def _sentence(remark: Remark) -> str:
    return f"{remark.column}: {remark.message}" if remark.column else remark.message
