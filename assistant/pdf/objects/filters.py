"""Undo what streams are stored with (7.4): Flate, LZW, run lengths, letters, and the predictors of PNG and TIFF."""

from __future__ import annotations

import base64
import re
import zlib
from itertools import accumulate
from typing import TYPE_CHECKING

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import BROKEN, PdfDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INFLATED = 64_000_000
MAX_PREDICTED = 4_000_000
"""Bytes; half a second's work, and a cross-reference of 400,000 objects has fewer."""
CHUNK = 1_000_000
MAX_SLOW = 16_000_000
"""Bytes that LZW or run lengths may unpack to: they are undone letter by letter."""
TOO_LARGE = "The PDF unpacks to more than this program accepts. Download the form again."
CLEAR, END, LONGEST_CODE = 256, 257, 12
"""Codes of LZW that are no letters, and the bits of the longest code (7.4.4.2)."""
END_OF_RUNS = 128
WIDE = 16
"""Bits of a sample that takes two bytes."""
TIFF, PNG = 2, 10
"""Predictors: from the sample before (TIFF), and from this number on those of PNG."""
MAX_PREDICTED_COLUMNS = 16
"""Bytes of a row that is undone column by column: those of cross-reference streams."""


def inflate(data: bytes) -> bytes:
    """Return what Flate packed.

    Raises:
        PdfError: damage, or more than 64 MB.
    """
    machine = zlib.decompressobj()
    try:
        output = machine.decompress(data, MAX_INFLATED)
    except zlib.error:
        raise PdfError(BROKEN) from None
    if machine.unconsumed_tail:
        raise PdfError(TOO_LARGE)
    return output


def from_hex(data: bytes) -> bytes:
    """Return what ASCIIHex wrote in letters (7.4.2); ">" ends it, and a last digit alone counts as the first of two.

    Raises:
        PdfError: damage.
    """
    digits = re.sub(rb"[\0\t\n\f\r ]+", b"", data.partition(b">")[0])
    try:
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    except ValueError:
        raise PdfError(BROKEN) from None


def from_runs(data: bytes) -> bytes:
    """Return what run lengths packed (7.4.5).

    Raises:
        PdfError: more than 16 MB.
    """
    output = bytearray()
    at = 0
    while at < len(data) and data[at] != END_OF_RUNS:
        length = data[at]
        if length < END_OF_RUNS:
            output += data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            output += data[at + 1 : at + 2] * (257 - length)
            at += 2
        if len(output) > MAX_SLOW:
            raise PdfError(TOO_LARGE)
    return bytes(output)


def from_lzw(data: bytes, early: int = 1) -> bytes:
    """Return what LZW packed (7.4.4.2); ``early`` is /EarlyChange: how many codes sooner a longer code begins.

    Raises:
        PdfError: damage, or more than 16 MB.
    """
    singles = [bytes([n]) for n in range(256)] + [b"", b""]
    table = singles.copy()
    output: list[bytes] = []
    before = b""
    bits = bits_held = size = 0
    width = 9
    for byte in data:
        bits, bits_held = bits << 8 | byte, bits_held + 8
        if bits_held < width:
            continue
        bits_held -= width
        code, bits = bits >> bits_held, bits & ((1 << bits_held) - 1)
        if code == END:
            break
        if code == CLEAR:
            table, width, before = singles.copy(), 9, b""
            continue
        if code < len(table):
            entry = table[code]
        elif code == len(table) and before:
            entry = before + before[:1]
        else:
            raise PdfError(BROKEN)
        output.append(entry)
        size += len(entry)
        if size > MAX_SLOW:
            raise PdfError(TOO_LARGE)
        if before and len(table) < 1 << LONGEST_CODE:
            table.append(before + entry[:1])
        before = entry
        width = min(LONGEST_CODE, max(9, (len(table) + early).bit_length()))
    return b"".join(output)


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


UNPACKERS: dict[str, Callable[[bytes, PdfDictionary], bytes]] = {
    **dict.fromkeys(("FlateDecode", "Fl"), lambda data, _: inflate(data)),
    **dict.fromkeys(("LZWDecode", "LZW"), lambda data, settings: from_lzw(data, settings.get("EarlyChange", 1))),
    **dict.fromkeys(("RunLengthDecode", "RL"), lambda data, _: from_runs(data)),
    **dict.fromkeys(("ASCIIHexDecode", "AHx"), lambda data, _: from_hex(data)),
    **dict.fromkeys(("ASCII85Decode", "A85"), lambda data, _: from_letters(data)),
    "Crypt": lambda data, _: data,  # undone when the object was read, or the identity
}
"""What undoes each filter, from the bytes and the filter's own settings; pictures' filters are not among them."""


def unpredict(data: bytes, settings: PdfDictionary) -> bytes:
    """Return data with its predictor undone (7.4.4.4), as a filter's settings say; without one, as it is.

    Raises:
        PdfError: the rows have no width, or there are more than 4 MB of them.
    """
    predictor = settings.get("Predictor", 1)
    if predictor <= 1:
        return data
    samples, depth = settings.get("Colors", 1), settings.get("BitsPerComponent", 8)
    columns = settings.get("Columns", 1)
    width = (samples * depth * columns + 7) // 8
    if samples < 1 or depth not in {1, 2, 4, 8, 16} or width < 1:
        raise PdfError(BROKEN)
    if len(data) > MAX_PREDICTED:
        raise PdfError(TOO_LARGE)
    if predictor == TIFF:
        return _undo_tiff(data, width, samples, depth)
    return _undo_png(data, width, max(1, samples * depth // 8)) if predictor >= PNG else data


def _undo_tiff(data: bytes, width: int, samples: int, depth: int) -> bytes:
    """Return rows in which each sample was stored as its difference from that before it (TIFF 6.0, section 14)."""
    most = (1 << depth) - 1
    rows = []
    for at in range(0, len(data), width):
        row = data[at : at + width]
        values = _samples(row, depth)
        for n in range(samples):
            values[n::samples] = map(most.__and__, accumulate(values[n::samples]))
        rows.append(_packed(values, depth))
    return b"".join(rows)


def _samples(row: bytes, depth: int) -> list[int]:
    if depth == WIDE:
        return [high << 8 | low for high, low in zip(row[::2], row[1::2], strict=False)]
    return [byte >> shift & (1 << depth) - 1 for byte in row for shift in range(8 - depth, -1, -depth)]


def _packed(values: list[int], depth: int) -> bytes:
    if depth == WIDE:
        return b"".join([value.to_bytes(2, "big") for value in values])
    shifts = range(8 - depth, -1, -depth)
    parts = [values[n :: len(shifts)] for n in range(len(shifts))]
    return bytes([sum(map(int.__lshift__, samples, shifts)) for samples in zip(*parts, strict=True)])


def _undo_png(data: bytes, width: int, step: int) -> bytes:
    """Return rows before each of which stands a byte that names its predictor."""
    count = len(data) // (width + 1)
    if not count:
        return b""
    data = data[: count * (width + 1)]
    if width <= MAX_PREDICTED_COLUMNS and not data[:: width + 1].strip(b"\2"):
        whole = bytearray(width * count)
        for n in range(width):
            whole[n::width] = bytes(map((255).__and__, accumulate(data[n + 1 :: width + 1])))
        return bytes(whole)
    before = bytearray(width)
    rows = []
    for at in range(0, len(data), width + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + width])
        if kind == 2:  # Up, nearly always
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
        elif kind == 3:  # Average
            row[i] = (row[i] + (left + up) // 2) & 255
        else:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
            row[i] = (row[i] + near[2]) & 255
