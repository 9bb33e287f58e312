"""Open the ZIP that an XLSX file is, and keep out whatever is hostile before anything parses it.

The parser that reads the cells is compiled code that cannot be stopped half-way: a single cell in the far corner
makes it ask for half a terabyte and takes the whole program down. So nothing of the uploaded ZIP reaches it: the
parts are unpacked here under caps, measured, and packed anew (``repack``), which also ends every quarrel between two
ZIP readers about what the file holds.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from assistant.errors import SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FILE = 10_000_000
MAX_UNPACKED = 24_000_000
MAX_MEMBERS = 2_000
MAX_RATIO = 150
RATIO_FROM = 4_000_000
"""Below this many bytes a high ratio harms nobody; rows of formatted empty cells do reach 100."""
MAX_TAGS = 1_000_000
MAX_CELLS = 2_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 2_000
MAX_TEXT_COPIED = 20_000_000

PART = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/(?:workbook|sharedstrings|styles)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:worksheets/)?sheet[^/]*\.xml|xl/worksheets/[^/]+\.xml|xl/(?:worksheets/)?_rels/[^/]+\.rels"
)
# Excel writes UTF-8, declares no entities, and no document type.
FOREIGN = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\A(?:\xff\xfe|\xfe\xff)|\0")
EMPTY_CELL = re.compile(rb'<(?:[\w.-]+:)?c(?:\s+[\w:.-]+="[^"<>&]*")*\s*/>')
EMPTY_ROW = re.compile(rb'<((?:[\w.-]+:)?)row(?:\s+[\w:.-]+="[^"<>&]*")*\s*(?:/>|>\s*</\1row>)')
PLACE_COLUMN = re.compile(rb"""r\s*=\s*["']\s*([A-Za-z]{1,4})\d""")
PLACE_ROW = re.compile(rb"""r\s*=\s*["']\s*[A-Za-z]{0,4}(\d{1,9})""")
CELL_TAG = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
ROW_TAG = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
ROW_END = re.compile(rb"</(?:[\w.-]+:)?row\s*>")
STRING_TAG = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
INDEX = re.compile(rb">\s*(\d{1,7})\s*</")

TOO_LARGE = "The spreadsheet is too large for a list of people or agencies. Copy the filled rows into a new file."
BROKEN = "The spreadsheet is damaged or incomplete. Open it in Excel, save it again as .xlsx, and use the new file."


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts of an XLSX file that a reader of cells needs, by name in lower case.

    Raises:
        SpreadsheetError: the ZIP is broken, locked, of another kind, or larger inside than a list can be.
    """
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise SpreadsheetError(TOO_LARGE)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _unpack(archive, len(data))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError, OverflowError):
        raise SpreadsheetError(BROKEN) from None


def _unpack(archive: ZipFile, packed: int) -> dict[str, bytes]:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED or (total > RATIO_FROM and total > MAX_RATIO * packed):
        raise SpreadsheetError(TOO_LARGE)
    parts: dict[str, bytes] = {}
    names = {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}
    if "xl/workbook.xml" not in names:
        raise SpreadsheetError(_other_kind(names))
    for name, member in names.items():
        if not PART.fullmatch(name):
            continue
        if member.flag_bits & 1 or member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise SpreadsheetError("The spreadsheet is locked. Save a copy without a password and use that copy.")
        with archive.open(member) as stream:
            # A size in the directory can lie: asked for so much, the reader unpacks no more, and the checksum fails.
            content = stream.read(member.file_size + 1)
        if FOREIGN.search(content):
            raise SpreadsheetError(BROKEN)
        parts[name] = content
    return parts


def _other_kind(names: Mapping[str, ZipInfo]) -> str:
    if "xl/workbook.bin" in names:
        return "The spreadsheet is in the .xlsb format. Save it as .xlsx and use that file."
    if "content.xml" in names:
        return "The spreadsheet is in the OpenDocument format (.ods). Save it as .xlsx and use that file."
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        return "The file is a document, not a spreadsheet. Choose a .csv or .xlsx file."
    return "The file is a ZIP archive, not a spreadsheet. Choose a .csv or .xlsx file."


def measured(sheet: bytes, strings: bytes) -> tuple[bytes, int]:
    """Return a sheet's XML, and an upper bound of the cells its area spans; cells take room as a full rectangle.

    Formatted cells and rows without content are taken off where they, alone, make the area too large.

    Raises:
        SpreadsheetError: the area, or the text its cells would hold, is larger than a list can be.
    """
    if sheet.count(b"<") > MAX_TAGS or sheet.count(b"=") > MAX_TAGS:
        raise SpreadsheetError(TOO_LARGE)
    wide, high, cells = _area(sheet)
    if _is_too_large(wide, high):
        sheet = EMPTY_ROW.sub(b"", EMPTY_CELL.sub(b"", sheet))
        wide, high, cells = _area(sheet)
    if _is_too_large(wide, high):
        raise SpreadsheetError(TOO_LARGE)
    _refuse_copied_text(sheet, cells, strings)
    return sheet, wide * high


def _area(sheet: bytes) -> tuple[int, int, int]:
    """Return columns and rows, never too few, and the number of cells.

    The structure is not trusted: every ``r="…"`` counts as a place, wherever it stands, and every cell and row
    counts once more, as if it had no place of its own.
    """
    columns = max((_column_number(letters) for letters in set(PLACE_COLUMN.findall(sheet))), default=0)
    rows = max(map(int, PLACE_ROW.findall(sheet)), default=0)
    widths = [len(CELL_TAG.findall(row)) for row in ROW_END.split(sheet)]
    return columns + max(widths), rows + len(widths) + len(ROW_TAG.findall(sheet)), sum(widths)


def _is_too_large(wide: int, high: int) -> bool:
    return wide > MAX_COLUMNS or high > MAX_ROWS or wide * high > MAX_CELLS


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _refuse_copied_text(sheet: bytes, cells: int, strings: bytes) -> None:
    """Refuse a sheet whose cells show a long text, stored once, so often that reading it fills the memory."""
    starts = [match.start() for match in STRING_TAG.finditer(strings)]
    lengths = [end - start for start, end in pairwise([*starts, len(strings)])]
    if lengths and max(lengths) * cells > MAX_TEXT_COPIED:
        copied = sum(lengths[index] for index in map(int, INDEX.findall(sheet)) if index < len(lengths))
        if copied > MAX_TEXT_COPIED:
            raise SpreadsheetError(TOO_LARGE)


def repack(parts: Mapping[str, bytes]) -> BytesIO:
    """Return the parts as a fresh ZIP, stored, ready for the reader of cells."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content)
    packed.seek(0)
    return packed
