"""The cross-reference sections of a file (7.5.4, 7.5.8): where each object is, newest section first.

Read strictly. What is wrong here makes ``Document`` look through the whole file instead (``repair``), which is good for
reading only: nobody can append to such a file and be sure of what stands on the paper.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import BROKEN, Lexer, PdfDictionary, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.pdf.objects.document import Document

XrefEntry = tuple[int, int, int]
"""How an object is kept: 0 free; 1 at an offset, with its generation; 2 in an object stream, with its place there."""

MAX_OBJECTS = 400_000
MAX_UPDATES = 200

TAIL = 2048
_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})(?!\d)")
"""%%EOF may be missing: no reader asks for it, and an update ends with one of its own."""
_WHITE = re.compile(rb"[\0\t\n\f\r ]*+")
_SECTION = re.compile(rb"[\s\0]*+(\d{1,10}) +(\d{1,10})[ \r\n]++")
ROW = 20
_ROWS = re.compile(rb"(?:\d{10} \d{5} [nf][ \r\n]{2})*+")
"""Rows as they have to be (7.5.4), which are read together; others one by one."""
_ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{0,2}")


def last_section(data: bytes) -> int:
    """Return the offset of the last cross-reference section, as the end of the file states it.

    Raises:
        PdfError: it does not.
    """
    ends = list(_STARTXREF.finditer(data, max(0, len(data) - TAIL)))
    if not ends:  # something long may stand behind the end, as where a mail program added its own
        last = data.rfind(b"startxref")
        ends = list(_STARTXREF.finditer(data, last)) if last >= 0 else []
    if not ends:
        raise PdfError(BROKEN)
    return skip_white(data, int(ends[-1][1]))


def skip_white(data: bytes, position: int) -> int:
    """Return where the white space from a position on ends; every reader passes over it before a section."""
    white = _WHITE.match(data, min(position, len(data)))
    return white.end() if white else position


def read_chain(document: Document, position: int) -> tuple[dict[int, XrefEntry], PdfDictionary, bool]:
    """Return the places of all objects, the newest trailer, and whether its section is a stream.

    Raises:
        PdfError: a section is damaged, or the chain of them runs in a circle.
    """
    places: dict[int, XrefEntry] = {}
    newest: tuple[PdfDictionary, bool] | None = None
    visited: set[int] = set()
    at: int | None = position
    while at is not None:
        if at in visited or len(visited) > MAX_UPDATES:
            raise PdfError(BROKEN)
        visited.add(at)
        fresh, trailer, is_stream = read_section(document, at)
        newest = newest or (trailer, is_stream)
        if places:
            for number, place in fresh.items():
                places.setdefault(number, place)
        else:
            places = fresh
        if len(places) > MAX_OBJECTS:
            raise PdfError(BROKEN)
        previous = trailer.get("Prev")
        at = int(previous) if isinstance(previous, int | float) else None
    if newest is None:
        raise PdfError(BROKEN)
    return places, *newest


def read_section(
    document: Document, position: int, *, hybrid: bool = True
) -> tuple[dict[int, XrefEntry], PdfDictionary, bool]:
    """Return one section's places, its trailer, and whether it is a stream.

    ``hybrid`` is false where the stream that a hybrid file's section points to is not wanted.

    Raises:
        PdfError: it is damaged.
    """
    position = skip_white(document.data, position)
    if document.data[position : position + 4] != b"xref":
        stream = document.indirect(position)
        inside = document.data[max(position - 1, 0) : position].isdigit()  # of the number of an object
        if inside or not isinstance(stream, Stream) or stream.dictionary.get("Type") != "XRef":
            raise PdfError(BROKEN)
        return _read_stream(document, stream), stream.dictionary, True
    places, trailer = _read_table(document.data, position + 4)
    hidden = trailer.get("XRefStm")
    if hybrid and isinstance(hidden, int):
        # What a hybrid file hides from old readers is free in its table, and is looked up in its stream (7.5.8.4).
        more, _, is_stream = read_section(document, hidden, hybrid=False)
        if not is_stream:
            raise PdfError(BROKEN)
        places = more | {number: place for number, place in places.items() if place[0] or number not in more}
    return places, trailer, False


def _read_table(data: bytes, position: int) -> tuple[dict[int, XrefEntry], PdfDictionary]:
    places: dict[int, XrefEntry] = {}
    while section := _SECTION.match(data, position):
        first, count = int(section[1]), int(section[2])
        position = section.end()
        end = position + ROW * count
        if end <= len(data) and _ROWS.fullmatch(data, position, end):
            starts = map(int, [data[at : at + 10] for at in range(position, end, ROW)])
            generations = map(int, [data[at : at + 5] for at in range(position + 11, end, ROW)])
            used = map(b"n"[0].__eq__, data[position + 17 : end : ROW])
            fresh = dict(
                zip(range(first, first + count), zip(map(int, used), starts, generations, strict=True), strict=True)
            )
            places = fresh | places
            position = end
            if len(places) > MAX_OBJECTS:
                raise PdfError(BROKEN)
            continue
        for number in range(first, first + count):
            row = _ROW.match(data, position)
            if row is None or len(places) > MAX_OBJECTS:
                raise PdfError(BROKEN)
            position = row.end()
            places.setdefault(number, (int(row[3] == b"n"), int(row[1]), int(row[2])))
    lexer = Lexer(data, position)
    trailer = lexer.next_object() if lexer.next_object() == b"trailer" else None
    if not isinstance(trailer, dict):
        raise PdfError(BROKEN)
    return places, trailer


def _read_stream(document: Document, stream: Stream) -> dict[int, XrefEntry]:
    data = document.decoded(stream)
    one, two, three = widths = stream.dictionary["W"]
    row = one + two + three
    if row < 1 or min(widths) < 0 or row > 30:  # bytes; nothing real has half as many
        raise PdfError(BROKEN)
    index = stream.dictionary.get("Index", [0, stream.dictionary["Size"]])
    places: dict[int, XrefEntry] = {}
    at = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        end = at + count * row
        if first < 0 or not at <= end <= len(data) or len(places) + count > MAX_OBJECTS:
            raise PdfError(BROKEN)
        part = data[at:end]
        columns = (_column(part, row, 0, one), _column(part, row, one, two), _column(part, row, one + two, three))
        fresh = dict(zip(range(first, first + count), zip(*columns, strict=False), strict=True))
        places = fresh | places
        at = end
    return places


def _column(data: bytes, row: int, start: int, width: int) -> Iterable[int]:
    """Return the big-endian numbers of one column; a kind that is left out is 1 (7.5.8.3)."""
    if not width:
        return repeat(0 if start else 1)
    numbers: Iterable[int] = data[start::row]
    for place in range(start + 1, start + width):
        numbers = [high << 8 | low for high, low in zip(numbers, data[place::row], strict=True)]
    return numbers
