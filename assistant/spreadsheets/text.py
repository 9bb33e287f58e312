"""Read comma-separated text: which letters, which delimiter, which rows."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO

from assistant.errors import SpreadsheetError

MAX_ROWS = 100_000
MAX_CELLS = 1_000_000
MAX_CELL = 32_767
DELIMITERS = ",;\t"
SAMPLE_LINES = 30


def read_text(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file; a row is a row of the sheet Excel would show, whatever lines it spans.

    Raises:
        SpreadsheetError: no encoding of Excel's fits, a quote is never closed, or the file is too large.
    """
    text = _decoded(data)
    delimiter, text = _delimiter(text)
    try:
        return _rows(text, delimiter, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise SpreadsheetError("A quotation mark in the file is never closed. Add the closing one.") from None
    try:
        return _rows(text, delimiter, strict=False)
    except csv.Error:
        raise SpreadsheetError("The file has no rows and columns. Save it from Excel as CSV or .xlsx.") from None


def text_lines(data: bytes) -> list[str]:
    """Return the lines of a text file.

    Raises:
        SpreadsheetError: no encoding of Excel's fits.
    """
    return _decoded(data).splitlines()[:MAX_ROWS]


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise SpreadsheetError("The file is not readable text. Save it from Excel as “CSV UTF-8” or as .xlsx.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SpreadsheetError("The letters in the file cannot be read. Save it from Excel as “CSV UTF-8” or as .xlsx.")


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter, and the text with Excel's ``sep=;`` line emptied (the row stays, so that numbers agree)."""
    first, *_ = text.splitlines() or [""]
    if first[:4].lower() == "sep=" and first[4:5] in DELIMITERS and len(first) <= len("sep=;"):
        return first[4:] or ",", text[len(first) :]
    lines = text[:50_000].splitlines()[:SAMPLE_LINES]
    # The delimiter that cuts most lines into the same number of pieces, quoted text left out: a comma inside cells
    # ("9 years, 7 months") cuts them unevenly. Then the line that it cuts into most pieces decides.
    counts = {mark: [_outside_quotes(line).count(mark) for line in lines if line] for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: (_regular_cuts(counts[mark]), max(counts[mark], default=0))), text


def _regular_cuts(counts: list[int]) -> int:
    """Return how many cuts are made by lines that are cut as often as most lines are."""
    often = Counter(count for count in counts if count)
    return max((count * lines for count, lines in often.items()), default=0)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _rows(text: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict):
        cells += len(row)
        if len(rows) >= MAX_ROWS or cells > MAX_CELLS or any(len(cell) > MAX_CELL for cell in row):
            raise SpreadsheetError("The file is too large for a list. Keep only the filled rows.")
        rows.append(row)
    return rows
