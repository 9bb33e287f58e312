"""The embedded font for letters that a form's own font cannot write: read once, subset for each filled form.

A subset keeps the outlines of the letters used, numbered anew, with ToUnicode, so that text extracts as typed.
Written by hand because a filled form needs one in well under a millisecond; the tables are those of OpenType 1.9.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from assistant import config

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEPT = ("cvt ", "fpgm", "prep")
_COMPOSITE_MORE, _COMPOSITE_WORDS = 0x20, 0x01
_SCALES = ((0x08, 2), (0x40, 4), (0x80, 8))


@dataclass(frozen=True, slots=True)
class Subset:
    """A font program with some letters only, and what a PDF has to say about it."""

    codes: Mapping[int, str]
    """Letter (its code point) -> the two-byte code, as two characters of Latin-1."""
    widths: Mapping[str, float]
    program: bytes
    """The TrueType file, compressed with zlib."""
    length: int
    """Its length before compression, bytes."""
    to_unicode: bytes
    gid_widths: tuple[int, ...]
    """Widths in 1/1000 em, by glyph."""


class TrueType:
    """A TrueType font file; what is asked often is worked out once."""

    def __init__(self, data: bytes) -> None:
        """Read the directory and the small tables."""
        self.data = data
        count = struct.unpack_from(">H", data, 4)[0]
        self.tables = {
            data[at : at + 4].decode("latin-1"): struct.unpack_from(">II", data, at + 8)
            for at in range(12, 12 + 16 * count, 16)
        }
        head = self.table("head")
        self.units, (self.box), wide = (
            struct.unpack_from(">H", head, 18)[0],
            struct.unpack_from(">4h", head, 36),
            head[51],
        )
        hhea = self.table("hhea")
        self.ascent, self.descent = struct.unpack_from(">hh", hhea, 4)
        metrics = struct.unpack_from(">H", hhea, 34)[0]
        glyphs = struct.unpack_from(">H", self.table("maxp"), 4)[0]
        hmtx = self.table("hmtx")
        pairs = struct.unpack_from(f">{2 * metrics}H", hmtx)
        rest = struct.unpack_from(f">{glyphs - metrics}H", hmtx, 4 * metrics)
        self.metrics = list(zip(pairs[::2], pairs[1::2], strict=True)) + [(pairs[-2], side) for side in rest]
        loca = self.table("loca")
        self.loca = (
            struct.unpack(f">{glyphs + 1}I", loca) if wide else [2 * x for x in struct.unpack(f">{glyphs + 1}H", loca)]
        )
        self.glyf = self.table("glyf")
        self.cmap = _read_cmap(self.table("cmap"))
        self.widths: dict[str, float] = {c: self.metrics[gid][0] / self.units for c, gid in self.cmap.items()}

    def table(self, tag: str) -> bytes:
        """Return a table's bytes."""
        at, length = self.tables[tag]
        return self.data[at : at + length]

    def width(self, text: str) -> float:
        """Return the width of a text at 1 pt."""
        return sum(map(self.widths.__getitem__, text))

    def missing(self, text: str) -> str:
        """Return the letters of a text that this font cannot write rightly, each once.

        Right-to-left letters count as such although some have outlines: they would stand in the wrong order; so do
        letters without ink that would change what is read (direction marks, joiners).
        """
        return "".join(dict.fromkeys(c for c in text if c not in self.widths or (not c.isascii() and not _plain(c))))

    def glyph(self, gid: int) -> bytes:
        """Return a glyph's outline."""
        return self.glyf[self.loca[gid] : self.loca[gid + 1]]

    def subset(self, letters: str) -> Subset:
        """Return a font with just these letters (each once), in this order."""
        gids = [0, *(self.cmap[c] for c in letters)]
        outlines: list[bytes] = []
        place = {gid: n for n, gid in reversed(list(enumerate(gids)))}
        at = 0
        while at < len(gids):
            outlines.append(self._renumbered(self.glyph(gids[at]), gids, place))
            at += 1
        program = self._file(gids, outlines)
        return Subset(
            codes={ord(c): f"\0{chr(n)}" if n < 256 else chr(n >> 8) + chr(n & 255) for n, c in enumerate(letters, 1)},  # noqa: PLR2004
            widths={c: self.widths[c] for c in letters},
            program=zlib.compress(program, 6),
            length=len(program),
            to_unicode=_to_unicode(letters),
            gid_widths=tuple(round(self.metrics[gid][0] * 1000 / self.units) for gid in gids[: len(letters) + 1]),
        )

    def _renumbered(self, outline: bytes, gids: list[int], place: dict[int, int]) -> bytes:
        """Return an outline whose parts, if it is composed of some, point into the subset; parts are added to it."""
        if len(outline) < 10 or outline[0] < 0x80:  # noqa: PLR2004 - contours >= 0: a simple glyph
            return outline
        changed = bytearray(outline)
        at = 10
        more = True
        while more:
            flags, part = struct.unpack_from(">HH", changed, at)
            if part not in place:
                place[part] = len(gids)
                gids.append(part)
            struct.pack_into(">H", changed, at + 2, place[part])
            at += 4 + (4 if flags & _COMPOSITE_WORDS else 2) + next((n for bit, n in _SCALES if flags & bit), 0)
            more = bool(flags & _COMPOSITE_MORE)
        return bytes(changed)

    def _file(self, gids: list[int], outlines: list[bytes]) -> bytes:
        padded = [o + b"\0" * (-len(o) % 4) for o in outlines]
        offsets = [0]
        for outline in padded:
            offsets.append(offsets[-1] + len(outline))
        head = bytearray(self.table("head"))
        head[50:52] = b"\0\1"
        hhea = self.table("hhea")[:34] + struct.pack(">H", len(gids))
        maxp = self.table("maxp")[:4] + struct.pack(">H", len(gids)) + self.table("maxp")[6:]
        tables = {tag: self.table(tag) for tag in _KEPT if tag in self.tables} | {
            "glyf": b"".join(padded),
            "head": bytes(head),
            "hhea": hhea,
            "hmtx": b"".join(
                struct.pack(">Hh", width, _signed(side)) for width, side in (self.metrics[g] for g in gids)
            ),
            "loca": struct.pack(f">{len(offsets)}I", *offsets),
            "maxp": maxp,
        }
        return _assemble(tables)


@cache
def fallback() -> TrueType:
    """Return the font for what the core fonts cannot write: Arimo, as wide as Helvetica letter by letter.

    Raises:
        InputError: the font is not installed; the message says how to get it.
    """
    return TrueType(config.font_path("Regular").read_bytes())


@lru_cache(maxsize=64)
def subset_for(letters: str) -> Subset:
    """Return the subset of the fallback font with these letters (sorted, each once)."""
    return fallback().subset(letters)


def letters_of(texts: Iterable[str]) -> str:
    """Return the letters of some texts, sorted, each once: the key of a subset."""
    return "".join(sorted(set("".join(texts))))


def _plain(letter: str) -> bool:
    return unicodedata.bidirectional(letter) not in {
        "R",
        "AL",
        "RLE",
        "LRE",
        "RLO",
        "LRO",
        "PDF",
        "RLI",
        "LRI",
        "FSI",
        "PDI",
        "BN",
    }


def _signed(value: int) -> int:
    return value - 0x10000 if value & 0x8000 else value


def _assemble(tables: Mapping[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    parts = [struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, (count << 4) - (16 << power))]
    at = 12 + 16 * count
    bodies = []
    for tag in sorted(tables):
        body = tables[tag]
        padded = body + b"\0" * (-len(body) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        parts.append(struct.pack(">4sIII", tag.encode("latin-1"), checksum, at, len(body)))
        bodies.append(padded)
        at += len(padded)
    return b"".join(parts + bodies)


def _read_cmap(table: bytes) -> dict[str, int]:
    """Return letter -> glyph from the fullest Unicode sub-table (formats 12 and 4)."""
    count = struct.unpack_from(">H", table, 2)[0]
    records = [struct.unpack_from(">HHI", table, 4 + 8 * n) for n in range(count)]
    by_format = {struct.unpack_from(">H", table, at)[0]: at for platform, _, at in records if platform in {0, 3}}
    found: dict[str, int] = {}
    if 12 in by_format:  # noqa: PLR2004 - a format number
        at = by_format[12]
        for n in range(struct.unpack_from(">I", table, at + 12)[0]):
            first, last, gid = struct.unpack_from(">III", table, at + 16 + 12 * n)
            found.update({chr(c): gid + c - first for c in range(first, last + 1)})
        return found
    at = by_format[4]
    segments = struct.unpack_from(">H", table, at + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", table, at + 14)
    starts = struct.unpack_from(f">{segments}H", table, at + 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", table, at + 16 + 4 * segments)
    ranges_at = at + 16 + 6 * segments
    ranges = struct.unpack_from(f">{segments}H", table, ranges_at)
    for n in range(segments):
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            gid = code
            if ranges[n]:
                gid = struct.unpack_from(">H", table, ranges_at + 2 * n + ranges[n] + 2 * (code - starts[n]))[0]
            gid = (gid + deltas[n]) & 0xFFFF if gid or not ranges[n] else 0
            if gid:
                found[chr(code)] = gid
    return found


def _to_unicode(letters: str) -> bytes:
    """Return the CMap from codes to Unicode (9.10.3)."""
    rows = [f"<{n:04X}> <{c.encode('utf-16-be').hex().upper()}>" for n, c in enumerate(letters, 1)]
    blocks = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (rows[at : at + 100] for at in range(0, len(rows), 100))
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{blocks}"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
