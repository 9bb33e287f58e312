"""Undo what streams are stored with (7.4): Flate, the PNG predictors, ASCII85."""

from __future__ import annotations

import base64
import zlib
from itertools import accumulate

from assistant.errors import PdfError
from assistant.pdf.syntax import BROKEN

MAX_INFLATED = 64_000_000
MAX_PREDICTED = 4_000_000
"""Bytes; half a second's work, and a cross-reference of 400,000 objects has fewer."""
CHUNK = 1_000_000
NARROW = 16
"""Bytes of a row that is undone column by column: those of cross-reference streams."""


def inflate(data: bytes) -> bytes:
    """Return what Flate packed.

    Raises:
        PdfError: damage, or more than 64 MB.
    """
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(data, MAX_INFLATED)
    except zlib.error:
        raise PdfError(BROKEN) from None
    if machine.unconsumed_tail:
        raise PdfError("The PDF unpacks to more than this program accepts; download the form anew.")
    return found


def from_letters(data: bytes) -> bytes:
    """Return what ASCII85 wrote in letters (7.4.3).

    Raises:
        PdfError: damage.
    """
    try:
        return base64.a85decode(data.strip().removeprefix(b"<~").removesuffix(b"~>").rstrip(b"~"))
    except ValueError:
        raise PdfError(BROKEN) from None


def inflates(data: bytes, room: int) -> int:
    """Return how many bytes Flate data unpacks to, to its very end and with its checksum right; else -1.

    More than ``room`` counts as not whole. Nothing of it is kept.
    """
    machine, size = zlib.decompressobj(), 0
    try:
        while data and not machine.eof and size <= room:
            size += len(machine.decompress(data, CHUNK))
            data = machine.unconsumed_tail
    except zlib.error:
        return -1
    return size if machine.eof and size <= room else -1


def unpredict(data: bytes, bits: int, columns: int) -> bytes:
    """Return data with the PNG predictors undone (7.4.4.4); one filter byte stands before each row.

    Raises:
        PdfError: the rows have no width, or there are more than 4 MB of them.
    """
    width = (bits * columns + 7) // 8
    if width < 1 or len(data) > MAX_PREDICTED:
        raise PdfError(BROKEN)
    count = len(data) // (width + 1)
    if not count:
        return b""
    data = data[: count * (width + 1)]
    if width <= NARROW and not data[:: width + 1].strip(b"\2"):
        whole = bytearray(width * count)
        for n in range(width):
            whole[n::width] = bytes(map((255).__and__, accumulate(data[n + 1 :: width + 1])))
        return bytes(whole)
    step = max(1, bits // 8)
    before = bytearray(width)
    rows = []
    for at in range(0, len(data), width + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + width])
        if kind == 2:  # noqa: PLR2004 - Up, nearly always
            row = bytearray(map((255).__and__, map(int.__add__, row, before)))
        elif kind:
            _unfilter(kind, row, before, step)
        rows.append(bytes(row))
        before = row
    return b"".join(rows)


def _unfilter(kind: int, row: bytearray, before: bytearray, step: int) -> None:
    """Undo Sub, Average or Paeth in place (PNG specification, 9.2)."""
    for i in range(len(row)):
        left = row[i - step] if i >= step else 0
        up, corner = before[i], before[i - step] if i >= step else 0
        if kind == 1:
            row[i] = (row[i] + left) & 255
        elif kind == 3:  # noqa: PLR2004 - Average
            row[i] = (row[i] + (left + up) // 2) & 255
        else:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
            row[i] = (row[i] + near[2]) & 255
