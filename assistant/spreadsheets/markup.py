"""Read from a workbook's XML what the reader of cells does not tell: parts, links, hidden rows, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from posixpath import join, normpath
from typing import TYPE_CHECKING
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from assistant.errors import SpreadsheetError
from assistant.spreadsheets.container import BROKEN, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.sax.xmlreader import AttributesImpl

MAX_ELEMENTS = 30_000
"""Some 0.2 s of parsing; ICE's longest list has about 4,000 links."""
HYPERLINK = "/relationships/hyperlink"
# None of these may run past a "<": a hostile sheet would make the search take hours.
HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\s(?=[^<>]*\bhidden=["'](?:1|true)["'])[^<>]*?\br=["'](\d{1,7})["']""")
FORMULA = re.compile(
    rb"""<(?:[\w.-]+:)?c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>\s*<(?:[\w.-]+:)?f[\s/>]([^<]*)"""
)
LINK_FORMULA = re.compile(r"""HYPERLINK\(\s*"([^"]+)\"""", re.IGNORECASE)
FILL = re.compile(rb"<(?:[\w.-]+:)?fill>(.{0,400}?)</(?:[\w.-]+:)?fill>", re.DOTALL)
WHITE = re.compile(
    rb"""<(?:[\w.-]+:)?fgColor[^<>]*"""
    rb"""(?:rgb=["'](?:FF|00)?FFFFFF|theme=["']0["'](?![^<>]*tint)|indexed=["'](?:9|64)["'])"""
)
XF = re.compile(rb"<(?:[\w.-]+:)?xf\b([^<>]*)")
FILL_ID = re.compile(rb"""\bfillId=["'](\d{1,5})["']""")
CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^<>]*)")
STYLE_ID = re.compile(rb"""\bs=["'](\d{1,6})["']""")
CELL_ROW = re.compile(rb"""\br=["'][A-Z]{1,3}(\d{1,7})["']""")
DATE_1904 = re.compile(rb"""\bdate1904=["'](?:1|true)["']""")
PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
MAX_RANGE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """A sheet's title, and the name of the part that holds it."""

    title: str
    name: str


def sheet_parts(parts: Mapping[str, bytes]) -> list[SheetPart]:
    """Return the worksheets in the order of their tabs (chart sheets and the like have no cells and are left out).

    Raises:
        SpreadsheetError: the workbook's own directory is broken.
    """
    targets = {
        element.get("Id"): _resolved("xl", element.get("Target", ""))
        for element in _elements(parts.get("xl/_rels/workbook.xml.rels", b""), "Relationship")
    }
    result: list[SheetPart] = []
    for element in _elements(parts["xl/workbook.xml"], "sheet"):
        name = targets.get(element.get("id"))
        if name and name in parts:
            result.append(SheetPart(title=element.get("name", ""), name=name))
    if not result:
        raise SpreadsheetError(BROKEN)
    return result


def hyperlinks(parts: Mapping[str, bytes], sheet: str) -> dict[tuple[int, int], str]:
    """Return the addresses behind a sheet's cells, by place; those of HYPERLINK formulas come from ``linked``.

    Raises:
        SpreadsheetError: the list of links is broken.
    """
    content = parts[sheet]
    start, end = content.find(b"hyperlinks"), content.rfind(b"hyperlinks")
    if start == end:
        return {}
    # The list alone spares parsing every cell again; prefixes need no declaration here.
    links_xml = content[content.rfind(b"<", 0, start) : content.find(b">", end) + 1]
    folder, _, file_name = sheet.rpartition("/")
    targets = {
        element.get("Id"): element.get("Target", "")
        for element in _elements(parts.get(f"{folder}/_rels/{file_name}.rels", b""), "Relationship")
        if element.get("Type", "").endswith(HYPERLINK)
    }
    links: dict[tuple[int, int], str] = {}
    for element in _elements(links_xml, "hyperlink"):
        target = targets.get(element.get("id"))
        if not target:
            continue
        if location := element.get("location"):
            target = f"{target}#{location}"
        links.update(dict.fromkeys(_places(element.get("ref", "")), target))
    return links


def linked(formulas: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """Return the addresses in HYPERLINK formulas, by place."""
    return {place: match[1] for place, text in formulas.items() if (match := LINK_FORMULA.search(text))}


def hidden_rows(sheet: bytes) -> frozenset[int]:
    """Return the rows that the sheet does not show (filtered out, or hidden by hand)."""
    if b"hidden=" not in sheet:
        return frozenset()
    return frozenset(map(int, HIDDEN_ROW.findall(sheet)))


def colored_rows(sheet: bytes, styles: bytes) -> frozenset[int]:
    """Return the rows in which a cell is filled with a color other than white."""
    fills = FILL.findall(_block(styles, b"fills"))
    colored = {n for n, fill in enumerate(fills) if b'"solid"' in fill and not WHITE.search(fill)}
    formats = XF.findall(_block(styles, b"cellXfs"))
    numbers = {
        b"%d" % number
        for number, attributes in enumerate(formats)
        if (fill := FILL_ID.search(attributes)) and int(fill[1]) in colored
    }
    if not numbers:
        return frozenset()
    rows: set[int] = set()
    for cell in CELL.findall(sheet):
        style = STYLE_ID.search(cell)
        if style and style[1] in numbers and (place := CELL_ROW.search(cell)):
            rows.add(int(place[1]))
    return frozenset(rows)


def _block(xml: bytes, name: bytes) -> bytes:
    """Return what is between the tags of an element, whatever its prefix."""
    start, end = xml.find(name), xml.rfind(name)
    return xml[start:end] if 0 <= start < end else b""


def formulas(sheet: bytes) -> dict[tuple[int, int], str]:
    """Return the formulas of a sheet by place, without their equals sign."""
    if b"<f" not in sheet and b":f" not in sheet:
        return {}
    return {
        (int(number), _column(letters.decode())): unescape(rest.rpartition(b">")[2].decode("utf-8", "replace"))
        for letters, number, rest in FORMULA.findall(sheet)
    }


def uses_1904(workbook: bytes) -> bool:
    """Say whether the file counts its days from 1904, as Excel on old Macs did."""
    return DATE_1904.search(workbook) is not None


class _Collector(ContentHandler):
    """Collect the attributes, by local name, of every element of one local name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.elements: list[dict[str, str]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the standard library's name
        if name.rpartition(":")[2] == self.name:
            self.elements.append({key.rpartition(":")[2]: value for key, value in attrs.items()})


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    if not xml:
        return []
    if xml.count(b"<") > MAX_ELEMENTS:
        raise SpreadsheetError(TOO_LARGE)
    collector = _Collector(name)
    try:
        parseString(xml, collector, forbid_dtd=True)
    except (SAXException, DefusedXmlException, ValueError):
        raise SpreadsheetError(BROKEN) from None
    return collector.elements


def _resolved(folder: str, target: str) -> str:
    return normpath(target if target.startswith("/") else join(folder, target)).lstrip("/").lower()


def _places(ref: str) -> list[tuple[int, int]]:
    """Return the cells of "G5" or "G5:G8"; a range larger than a list can be has none."""
    corners = [(int(number), _column(letters)) for letters, number in PLACE.findall(ref.upper())]
    if not corners:
        return []
    (top, left), (bottom, right) = corners[0], corners[-1]
    if (bottom - top + 1) * (right - left + 1) > MAX_RANGE:
        return []
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
