"""Write cells that a spreadsheet program shows and never runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell

from assistant.text import replace_characters_not_in_xml

if TYPE_CHECKING:
    from openpyxl.cell import Cell as BookCell
    from openpyxl.worksheet.worksheet import Worksheet

    from assistant.spreadsheets import Cell

SEPARATORS = re.compile("[\x1c-\x1f\x0b\x0c]")
STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(page: Worksheet, value: Cell) -> BookCell:
    """Return a cell that holds the value as it is: text stays text, whatever it begins with."""
    if not isinstance(value, str):
        return WriteOnlyCell(page, value)  # type: ignore[arg-type]  # it takes dates and times too
    # The separators of old files count as blanks where a roster is read; XML has no place for them.
    text = replace_characters_not_in_xml(SEPARATORS.sub(" ", value), "\ufffd")
    cell: BookCell = WriteOnlyCell(page, text or None)
    if text:
        cell.data_type = "s"  # openpyxl makes a formula of every text that begins with "="
        if text.startswith(STARTS):
            # What Excel sets for a text typed after an apostrophe: it survives editing the cell.
            cell.quotePrefix = True
    return cell
