"""Write cells that a spreadsheet program shows and never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

if TYPE_CHECKING:
    from openpyxl.cell import Cell as BookCell
    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.spreadsheets import Cell

STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(page: Worksheet, value: Cell) -> BookCell:
    """Return a cell that holds the value as it is: text stays text, whatever it begins with."""
    if not isinstance(value, str):
        return WriteOnlyCell(page, value)  # type: ignore[arg-type]  # it takes dates and times too
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    cell: BookCell = WriteOnlyCell(page, text or None)
    if text:
        cell.data_type = "s"  # openpyxl makes a formula of every text that begins with "="
        if text.startswith(STARTS):
            # What Excel sets for a text typed after an apostrophe: it survives editing the cell.
            cell.quotePrefix = True
    return cell
