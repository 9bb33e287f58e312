"""Workbooks of our own: text that no program takes for a formula, and the same bytes for the same content."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from assistant.text import replace_characters_not_in_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

PROPERTIES = "docProps/core.xml"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def quoted(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def cell_text(text: str) -> str:
    """Return a text of the answers as a cell can hold it: no formula, no character that XML has not."""
    return quoted(replace_characters_not_in_xml(text, "\ufffd"))


def settle_workbook(data: bytes, today: date, *, changes: Mapping[str, Callable[[str], str]] | None = None) -> bytes:
    """Return a workbook with ``today`` for every time of day in it, so that the same content gives the same bytes.

    ``changes`` are functions over the text of a part, by its name in the file ("xl/worksheets/sheet1.xml").
    """
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name in source.namelist():
            content = source.read(name)
            if name == PROPERTIES:
                content = re.sub(rb'(?<=W3CDTF">)[^<]*', f"{today.isoformat()}T00:00:00Z".encode(), content)
            elif changes and name in changes:
                content = changes[name](content.decode()).encode()
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            book.writestr(entry, content)
    return out.getvalue()
