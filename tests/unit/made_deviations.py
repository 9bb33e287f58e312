"""Sound PDFs, each with one oddity in how it is put together, as files of the world have them; same for the same seed.

A ``Deviation`` names the oddity, makes the file, and says whether something may be appended to it.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.hostile.made import FONT, stream

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

WORDS = ("harbor", "meadow", "copper", "lantern", "maple", "granite", "willow", "saddle", "orchard", "beacon")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A made-up form: its objects by number, the fields on its page, and the line printed there."""

    objects: dict[int, bytes]
    fields: dict[str, tuple[int, int, int, int]]
    line: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Deviation:
    make: Callable[[Parts, random.Random], bytes]
    fills: bool
    """Whether it does no harm to a reader of the filled file: a fill is appended. Else it is read, and not filled."""


def made_parts(chance: random.Random) -> Parts:
    """Return a page with a line and two to five fields."""
    line = " ".join(chance.sample(WORDS, 4))
    content = b"BT /F1 12 Tf 40 740 Td (%s) Tj ET\n" % line.encode()
    names = chance.sample(WORDS, chance.randint(2, 5))
    fields = {name: (60, 100 + 60 * n, 60 + chance.randint(150, 400), 120 + 60 * n) for n, name in enumerate(names)}
    numbers = range(6, 6 + len(names))
    refs = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>>>"
        % refs,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[%s]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>" % refs,
        4: stream(content),
        5: FONT,
    }
    for number, (name, rect) in zip(numbers, fields.items(), strict=True):
        box = b" ".join(b"%d" % n for n in rect)
        objects[number] = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(%s)/F 4/Rect[%s]/P 3 0 R>>" % (name.encode(), box)
    return Parts(objects=objects, fields=fields, line=line, content=content)


def body(objects: dict[int, bytes], *, end: bytes = b"\nendobj\n", head: bytes = b"") -> tuple[bytes, dict[int, int]]:
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + head
    places = {}
    for number, text in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s%s" % (number, text, end)
    return data, places


def rows(places: dict[int, int], *, white: bytes = b" \n", zero: bytes = b"0000000000 65535 f") -> list[bytes]:
    """Return the rows of a table from 0; a number that is no object has a free one."""
    found = [zero + white]
    for number in range(1, max(places) + 1):
        row = b"%010d 00000 n" % places[number] if number in places else b"0000000000 00000 f"
        found.append(row + white)
    return found


def ended(
    data: bytes, table: bytes, *, size: int, at: int | None = None, more: bytes = b"", end: bytes = b"%%EOF\n"
) -> bytes:
    start = len(data) if at is None else at
    return data + table + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%s" % (size, more, start, end)


def clean(parts: Parts, _: random.Random | None = None) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def as_xref_stream(parts: Parts, filters: Callable[[bytes], tuple[bytes, bytes]] | None = None) -> bytes:
    """Return the file with a cross-reference stream, packed by ``filters`` (the bytes, and the stream's entries)."""
    data, places = body(parts.objects)
    number, at = max(places) + 1, len(data)
    packed, entries = (filters or (lambda plain: (plain, b"")))(
        b"".join(bytes([n in places or n == number]) + places.get(n, at * (n == number)).to_bytes(4, "big") + b"\0"
                 for n in range(number + 1))
    )  # fmt: skip
    head = b"/Type/XRef/W[1 4 1]/Size %d/Root 1 0 R%s" % (number + 1, entries)
    return data + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, stream(packed, head), at)


# Oddities that change nothing for what is appended.


def unused_row_at_0(parts: Parts, chance: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = [*rows(places), *[b"0000000000 00000 n \n"] * chance.randint(1, 3)]
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def row_0_in_use(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places, zero=b"0000000000 00000 n")
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def without_row_0(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)[1:]
    return ended(data, b"xref\n1 %d\n%s" % (len(found), b"".join(found)), size=len(found) + 1)


def without_eof(parts: Parts, chance: random.Random) -> bytes:
    return clean(parts).removesuffix(b"%%EOF\n").rstrip(b"\n" if chance.random() < 0.5 else b"")


def junk_behind(parts: Parts, chance: random.Random) -> bytes:
    return clean(parts) + chance.choice((b"\0", b"\r\n", b"<!-- sent by mail -->\n")) * chance.randint(1, 400)


def much_junk_behind(parts: Parts, chance: random.Random) -> bytes:
    return clean(parts) + chance.choice((b"\0", b"x\n", b"--boundary--\r\n")) * 9_000


def junk_before(parts: Parts, chance: random.Random) -> bytes:
    return chance.choice((b"\r\n", b"\n", b"\xef\xbb\xbf", b"Content-Type: application/pdf\r\n\r\n")) + clean(parts)


def white_before_the_table(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    return ended(data, b"\r\n \nxref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def rows_with_another_line_end(parts: Parts, chance: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places, white=chance.choice((b"\r\n", b" \r")))
    return ended(data, b"xref\r\n0 %d\r\n%s" % (len(found), b"".join(found)), size=len(found))


def size_too_small(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found) - 1)


def without_endobj(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects, end=b"\n")
    found = rows(places)
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def with_content(parts: Parts, text: bytes, extra: dict[int, bytes] | None = None) -> bytes:
    return clean(Parts(objects={**parts.objects, 4: text, **(extra or {})}, fields=parts.fields, line="", content=b""))


def wrong_length(parts: Parts, chance: random.Random) -> bytes:
    length = len(parts.content) + chance.choice((-9, -1, 7, 5_000_000))
    return with_content(parts, b"<</Length %d>>\nstream\n%s\nendstream" % (length, parts.content))


def indirect_length(parts: Parts, _: random.Random) -> bytes:
    number = max(parts.objects) + 1
    text = b"<</Length %d 0 R>>\nstream\n%s\nendstream" % (number, parts.content)
    return with_content(parts, text, {number: b"%d" % len(parts.content)})


def without_endstream(parts: Parts, _: random.Random) -> bytes:
    return with_content(parts, b"<</Length %d>>\nstream\n%s" % (len(parts.content), parts.content))


def lzw(data: bytes) -> bytes:
    """Return data as LZW codes of nine bits, the table cleared before it grows past them."""
    codes = [256]
    for n, byte in enumerate(data):
        codes += [byte] if n % 200 else [256, byte]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def runs(data: bytes) -> bytes:
    pieces = [data[n : n + 100] for n in range(0, len(data), 100)]
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces) + b"\x80"


def odd_filter(parts: Parts, chance: random.Random) -> bytes:
    name, packed = chance.choice(
        (
            (b"/LZWDecode", lzw(parts.content)),
            (b"/RunLengthDecode", runs(parts.content)),
            (b"/ASCIIHexDecode", parts.content.hex(" ").encode() + b">"),
            (b"[/ASCII85Decode/FlateDecode]", base64.a85encode(zlib.compress(parts.content)) + b"~>"),
            (b"[/AHx/Fl]", zlib.compress(parts.content).hex().encode() + b">"),
        )
    )
    return with_content(parts, stream(packed, b"/Filter" + name))


def differences(data: bytes, columns: int) -> bytes:
    """Return rows of bytes as differences, as the TIFF predictor has them."""
    found = b""
    for at in range(0, len(data), columns):
        row = data[at : at + columns]
        found += bytes((now - before) & 255 for before, now in zip(b"\0" + row, row, strict=False))
    return found


def tiff_predictor(parts: Parts, chance: random.Random) -> bytes:
    columns = chance.choice((6, 12))

    def packed(plain: bytes) -> tuple[bytes, bytes]:
        entries = b"/Filter/FlateDecode/DecodeParms<</Predictor 2/Columns %d>>" % columns
        return zlib.compress(differences(plain, columns)), entries

    return as_xref_stream(parts, packed)


def hybrid(parts: Parts, _: random.Random) -> bytes:
    """Return a file whose fields are in an object stream that only a cross-reference stream beside the table knows."""
    shown = {number: text for number, text in parts.objects.items() if number < 6}
    hidden = {number: text for number, text in parts.objects.items() if number >= 6}
    container, section = max(hidden) + 1, max(hidden) + 2
    heads, packed = b"", b""
    for number, text in hidden.items():
        heads += b"%d %d " % (number, len(packed))
        packed += text + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(hidden), len(heads))
    shown[container] = stream(zlib.compress(heads + packed), entries)
    data, places = body(shown)
    at = len(data)
    listed = b"".join(b"\2" + container.to_bytes(2, "big") + bytes([n]) for n in range(len(hidden)))
    head = b"/Type/XRef/W[1 2 1]/Size %d/Index[6 %d]/Root 1 0 R" % (section + 1, len(hidden))
    data += b"%d 0 obj\n%s\nendobj\n" % (section, stream(listed, head))
    found = rows(places)
    table = b"xref\n0 %d\n%s" % (len(found), b"".join(found))
    return ended(data, table, size=section + 1, more=b"/XRefStm %d" % at)


# Oddities after which readers look through the whole file: it can be read, and nothing is appended.


def startxref_off(parts: Parts, chance: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    at = len(data) + chance.choice((1, 2, -7, 60, 10**9))
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found), at=at)


def without_startxref(parts: Parts, _: random.Random) -> bytes:
    return clean(parts).partition(b"startxref")[0]


def table_counts_from_1(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    return ended(data, b"xref\n1 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def rows_of_another_width(parts: Parts, chance: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = [row.replace(b" ", chance.choice((b"  ", b"\t")), 1) for row in rows(places)]
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def places_off(parts: Parts, chance: random.Random) -> bytes:
    data, places = body(parts.objects)
    moved = {**places, (number := chance.choice(list(places))): places[number] + chance.choice((-3, 1, 2, 40))}
    found = rows(moved)
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found))


def counted_with_what_stands_before(parts: Parts, chance: random.Random) -> bytes:
    """Return a file with bytes before its header that its own cross-reference counts (against 7.5.2)."""
    before = b"\n" * chance.randint(1, 30)
    data, places = body(parts.objects)
    found = rows({number: at + len(before) for number, at in places.items()})
    table = b"xref\n0 %d\n%s" % (len(found), b"".join(found))
    return before + ended(data, table, size=len(found), at=len(data) + len(before))


def previous_in_a_circle(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    table = b"xref\n0 %d\n%s" % (len(found), b"".join(found))
    return ended(data, table, size=len(found), more=b"/Prev %d" % len(data))


def previous_at_0(parts: Parts, _: random.Random) -> bytes:
    data, places = body(parts.objects)
    found = rows(places)
    return ended(data, b"xref\n0 %d\n%s" % (len(found), b"".join(found)), size=len(found), more=b"/Prev 0")


def hidden_section_elsewhere(parts: Parts, chance: random.Random) -> bytes:
    data = hybrid(parts, chance)
    at = data.rindex(b"/XRefStm ") + 9
    return data[:at] + b"3" + data[at + 1 :]


def newer_object_behind_the_table(parts: Parts, _: random.Random) -> bytes:
    """Return a file to which the same object was added again, without a table of its own."""
    data = clean(parts)
    return data + b"5 0 obj\n%s\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (FONT, len(data))


HARMLESS = (
    unused_row_at_0, row_0_in_use, without_row_0, without_eof, junk_behind, much_junk_behind, junk_before,
    white_before_the_table, rows_with_another_line_end, size_too_small, without_endobj, wrong_length, indirect_length,
    without_endstream, odd_filter, tiff_predictor, hybrid,
)  # fmt: skip
READ_ONLY = (
    startxref_off, without_startxref, table_counts_from_1, rows_of_another_width, places_off,
    counted_with_what_stands_before, previous_in_a_circle, previous_at_0, hidden_section_elsewhere,
    newer_object_behind_the_table,
)  # fmt: skip
DEVIATIONS = {
    **{make.__name__: Deviation(make=make, fills=True) for make in HARMLESS},
    **{make.__name__: Deviation(make=make, fills=False) for make in READ_ONLY},
}
