"""Read CSV and XLSX files that strangers made: cells, links, hidden rows. Knows nothing of agencies or nominees.

Every way in which a file can be unusable ends in ``SpreadsheetError`` with one sentence, before a byte of it can
cost more than a second or 200 MB.
"""

from assistant.spreadsheets.cells import Cell, column_letters, is_blank, serial_date, text_of
from assistant.spreadsheets.container import MAX_FILE
from assistant.spreadsheets.reading import SheetData, read, read_lines

__all__ = [
    "MAX_FILE",
    "Cell",
    "SheetData",
    "column_letters",
    "is_blank",
    "read",
    "read_lines",
    "serial_date",
    "text_of",
]
