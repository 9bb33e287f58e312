"""The height of a row of a workbook that we write: some programs, LibreOffice among them, do not fit it themselves."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LINE_HEIGHT = 15.5
"""Points of one line of 11 pt."""
LETTERS_FIT = 0.92
"""Of the width of a column, which counts digits: bold text and other fonts are wider."""


def fit_height(sheet: Worksheet, line: int) -> None:
    """Give a row the height of its longest cell, whose texts are wrapped; set the widths of the columns first."""
    counts = [1]
    for place, cell in enumerate(sheet[line], 1):
        if isinstance(cell.value, str) and not cell.value.startswith("="):
            letters = max(1, int(sheet.column_dimensions[get_column_letter(place)].width * LETTERS_FIT))
            counts.append(sum(len(wrap(part, letters)) or 1 for part in cell.value.split("\n")))
    sheet.row_dimensions[line].height = LINE_HEIGHT * max(counts)
