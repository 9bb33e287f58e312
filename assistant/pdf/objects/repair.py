"""Find the objects of a file whose cross-reference is wrong, by looking through all of it.

What is found so is good for reading: all readers do the same. It is not good for appending: readers differ in what
they take for the newest version of an object, so nobody can be sure of what stands on paper (see ``Limits``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import (
    BROKEN,
    STREAM_START,
    Keyword,
    Lexer,
    PdfDictionary,
    Ref,
    Stream,
    write_object,
    write_stream,
)
from assistant.pdf.objects.xref import MAX_OBJECTS, XrefEntry

if TYPE_CHECKING:
    from assistant.pdf.objects.document import Document

MAX_UNREADABLE = 20
"""Objects that do not parse; with more of them the file is damaged in its parts, not in its cross-reference."""
MAX_CONTAINER_BYTES = 128_000_000
"""What all object streams of one file may unpack to."""

_HEAD = re.compile(
    rb"(?<![0-9])(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++obj(?![A-Za-z])|(?<![A-Za-z])trailer(?![A-Za-z])"
)


@dataclass(slots=True)
class ScannedFile:
    """What a look through a whole file found; of several objects of one number the last one counts."""

    places: dict[int, XrefEntry] = field(default_factory=dict)
    trailer: PdfDictionary = field(default_factory=dict)
    """The entries of all trailers; where two have the same one, the later counts."""
    containers: list[tuple[int, int]] = field(default_factory=list)
    """Object streams in the order of the file: number, and where each begins."""


def scan_file(data: bytes) -> ScannedFile:
    """Return the objects and the trailer of a file without its cross-reference.

    Raises:
        PdfError: it has no trailer with a /Root, too many objects, or too many that do not parse.
    """
    scan = ScannedFile()
    unreadable = position = 0
    while head := _HEAD.search(data, position):
        number = int(head[1]) if head[1] else None
        if number is not None:
            scan.places[number] = (1, head.start(), int(head[2]))
        try:
            value, position = _read_value(data, head.end())
        except PdfError:
            unreadable += 1
            position = head.end()
            value = None
        if unreadable > MAX_UNREADABLE or len(scan.places) > MAX_OBJECTS:
            raise PdfError(BROKEN)
        if isinstance(value, dict):
            kind = value.get("Type")
            if (number is None or kind == "XRef") and "Root" in value:
                scan.trailer |= value
            elif number is not None and kind == "ObjStm":
                scan.containers.append((number, head.start()))
    if "Root" not in scan.trailer:
        raise PdfError(BROKEN)
    return scan


def _read_value(data: bytes, position: int) -> tuple[Any, int]:
    """Return an object (of a stream its dictionary) and where the search goes on behind it."""
    lexer = Lexer(data, position)
    value = lexer.next_object()
    if isinstance(value, Keyword):
        return None, position
    begin = STREAM_START.match(data, lexer.position) if isinstance(value, dict) else None
    if begin is None:
        return value, lexer.position
    length = value.get("Length")
    end = begin.end() + length if isinstance(length, int) and length >= 0 else len(data)
    if not data[end : end + 14].lstrip(b"\r\n\t \0").startswith((b"endstream", b"endobj")):
        end = data.find(b"endstream", begin.end())
    if end < 0:
        raise PdfError(BROKEN)
    return value, end


def add_packed_objects(document: Document, scan: ScannedFile) -> None:
    """Add what the object streams hold to ``scan.places``; an object that stands later in the file counts more.

    Raises:
        PdfError: an object stream is damaged, or they unpack to more than 128 MB.
    """
    room = MAX_CONTAINER_BYTES
    for number, start in scan.containers:
        if scan.places[number][1] != start:
            continue  # another object of this number follows
        numbers, size = document.packed_numbers(number)
        room -= size
        if room < 0 or len(scan.places) + len(numbers) > MAX_OBJECTS:
            raise PdfError("The PDF unpacks to more than this program accepts. Download the form again.")
        for place, packed in enumerate(numbers):
            if not (packed in scan.places and scan.places[packed][0] == 1 and scan.places[packed][1] > start):
                scan.places[packed] = (2, number, place)


def rewrite(document: Document) -> bytes:
    """Return a new file with the same objects and a right cross-reference; what was encrypted no longer is.

    Raises:
        PdfError: an object is damaged.
    """
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    rows = {}
    at = len(parts[0])
    for number in sorted(document.offsets):
        value = document.get(Ref(number)) if number else None
        if value is None or (isinstance(value, Stream) and value.dictionary.get("Type") in {"XRef", "ObjStm"}):
            continue
        stored = write_stream(value.dictionary, value.raw) if isinstance(value, Stream) else write_object(value)
        rows[number] = at
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, stored))
        at += len(parts[-1])
    sections = b"".join(b"%d 1\n%010d 00000 n \n" % row for row in rows.items())
    entries = {key: document.trailer[key] for key in ("Root", "Info") if key in document.trailer}
    trailer = write_object({**entries, "Size": max(rows, default=0) + 1})
    end = b"xref\n0 1\n0000000000 65535 f \n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (sections, trailer, at)
    return b"".join(parts) + end
