"""Read a spreadsheet, CSV or XLSX, into sheets of plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from assistant.errors import SpreadsheetError
from assistant.spreadsheets.container import BROKEN, MAX_CELLS, MAX_FILE, TOO_LARGE, measured, repack, unpack
from assistant.spreadsheets.markup import (
    colored_rows,
    formulas,
    hidden_rows,
    hyperlinks,
    linked,
    sheet_parts,
    uses_1904,
)
from assistant.spreadsheets.text import read_text, text_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.spreadsheets.cells import Cell
    from assistant.spreadsheets.markup import SheetPart

MAX_SHEETS = 12
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a document",
    b"\x1f\x8b": "a compressed archive",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetData:
    """One sheet: ``rows[0]`` is its first row, hidden ones included; a row may be shorter than the next.

    ``links`` maps (row as the sheet counts, from 1; column from 0) to an address. ``unsolved`` are the formulas whose
    result the file does not hold: their cells read as empty.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    colored_rows: frozenset[int] = frozenset()
    unsolved: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False
    date1904: bool = False


def read(data: bytes) -> tuple[SheetData, ...]:
    """Return the sheets of a CSV or XLSX file, distinguished by content, never by name.

    Raises:
        SpreadsheetError: with one sentence: what is wrong with the file, and what to do.
    """
    if not data.strip():
        raise SpreadsheetError("The file is empty. Choose a .csv or .xlsx file with one row of column names.")
    if len(data) > MAX_FILE:
        raise SpreadsheetError("The file is larger than 10 MB. Keep only the filled rows.")
    if data.startswith(b"PK"):
        return _read_workbook(data)
    if data.startswith(OLE):
        raise SpreadsheetError(_old_kind(data))
    for start, kind in OTHER_KINDS.items():
        if data.lstrip()[: len(start)].lower() == start.lower():
            raise SpreadsheetError(f"The file is {kind}, not a spreadsheet. Choose a .csv or .xlsx file.")
    return (SheetData(name="CSV", rows=read_text(data)),)


def read_lines(data: bytes) -> list[str] | None:
    """Return the lines of a file that ``read`` takes for text, None for a workbook.

    Raises:
        SpreadsheetError: its letters cannot be read.
    """
    return None if data.startswith((b"PK", OLE)) else text_lines(data)


def _old_kind(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "The spreadsheet is locked with a password. Save a copy without one and use that copy."
    return "The file is in an old Office format (.xls). Open it in Excel, save it as .xlsx, and use that file."


def _read_workbook(data: bytes) -> tuple[SheetData, ...]:
    parts = unpack(data)
    sheets = sheet_parts(parts)[:MAX_SHEETS]
    strings = parts.get("xl/sharedstrings.xml", b"")
    cells = 0
    for name in {part.name for part in sheets}:
        parts[name], area = measured(parts[name], strings)
        cells += area * sum(part.name == name for part in sheets)
    if cells > MAX_CELLS:
        raise SpreadsheetError(TOO_LARGE)
    date1904 = uses_1904(parts["xl/workbook.xml"])
    return tuple(
        _sheet(parts, part, rows, hidden=hidden, date1904=date1904)
        for part, (rows, hidden) in zip(sheets, _tables(parts, sheets), strict=True)
    )


def _sheet(
    parts: Mapping[str, bytes], part: SheetPart, rows: list[list[Cell]], *, hidden: bool, date1904: bool
) -> SheetData:
    computed = formulas(parts[part.name])
    return SheetData(
        name=part.title,
        rows=rows,
        links=linked(computed) | hyperlinks(parts, part.name),
        hidden_rows=hidden_rows(parts[part.name]),
        colored_rows=colored_rows(parts[part.name], parts.get("xl/styles.xml", b"")),
        unsolved=frozenset(place for place in computed if _is_empty(rows, place)),
        hidden=hidden,
        date1904=date1904,
    )


def _tables(parts: Mapping[str, bytes], sheets: Sequence[SheetPart]) -> list[tuple[list[list[Cell]], bool]]:
    """Return rows and hiddenness of each sheet, as the compiled reader sees them."""
    try:
        workbook = CalamineWorkbook.from_filelike(repack(parts))
        visible = {about.name: about.visible for about in workbook.sheets_metadata}
        return [
            (
                workbook.get_sheet_by_name(part.title).to_python(skip_empty_area=False),
                visible.get(part.title) != SheetVisibleEnum.Visible,
            )
            for part in sheets
        ]
    except (CalamineError, ValueError, OverflowError, OSError, UnicodeError):
        raise SpreadsheetError(BROKEN) from None
    except BaseException as error:
        # A panic in the compiled reader arrives as a BaseException whose class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise SpreadsheetError(BROKEN) from None
        raise


def _is_empty(rows: Sequence[Sequence[Cell]], place: tuple[int, int]) -> bool:
    row, column = place
    return row > len(rows) or column >= len(rows[row - 1]) or rows[row - 1][column] == ""
