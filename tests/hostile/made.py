"""PDF files made by hand, byte by byte: small ones, so that a test can say what is wrong with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R]>>"
FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/F 4/Rect[20 100 220 120]/P 3 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
OBJECTS = {1: CATALOG, 2: PAGES, 3: PAGE, 4: FIELD, 5: FONT}
"""A page with one field."""


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def body(objects: Mapping[int, bytes]) -> tuple[bytes, dict[int, int]]:
    """Return the head of a file with these objects, and where each is."""
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = {}
    for number, text in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    return data, places


def table(places: Mapping[int, int], trailer: bytes, at: int, free: tuple[int, ...] = ()) -> bytes:
    """Return a cross-reference table, its trailer and the end of the file."""
    rows = b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted({*places, *free}):
        rows += b"%d 1\n" % number
        rows += b"0000000000 00000 f \n" if number in free else b"%010d 00000 n \n" % places[number]
    return rows + b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, at)


def pdf(
    changed: Mapping[int, bytes] | None = None, trailer: bytes = b"/Root 1 0 R/Size 20", startxref: int | None = None
) -> bytes:
    """Return the file with one field, some of its objects changed."""
    data, places = body({**OBJECTS, **(changed or {})})
    return data + table(places, trailer, len(data) if startxref is None else startxref)


def hybrid(hidden: Mapping[int, bytes], *, listed: bool) -> bytes:
    """Return a file that hides objects from readers of old: free in its table, or not listed there (7.5.8.4)."""
    shown = {number: text for number, text in OBJECTS.items() if number not in hidden}
    heads = b""
    packed = b""
    for number, text in hidden.items():
        heads += b"%d %d " % (number, len(packed))
        packed += text + b" "
    container, section = 10, 11
    shown[container] = stream(heads + packed, b"/Type/ObjStm/N %d/First %d" % (len(hidden), len(heads)))
    data, places = body(shown)
    rows = b"".join(b"\2" + container.to_bytes(2, "big") + bytes([n]) for n in range(len(hidden)))
    index = b" ".join(b"%d 1" % number for number in hidden)
    at = len(data)
    entries = b"/Type/XRef/W[1 2 1]/Size 20/Index[%s]/Root 1 0 R" % index
    data += b"%d 0 obj\n%s\nendobj\n" % (section, stream(rows, entries))
    end = len(data)
    return data + table(places, b"/Root 1 0 R/Size 20/XRefStm %d" % at, end, free=tuple(hidden) if listed else ())
