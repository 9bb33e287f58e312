"""A font program with the letters of one filled form only: the embedded font's outlines, renumbered.

ToUnicode comes with it, so that text extracts as typed. A letter with accents that Unicode has no composed form for
becomes one glyph, its marks set over and under it. The tables are those of OpenType 1.9.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cache import IdentityCache
from assistant.pdf.form.clusters import MARK, clusters
from assistant.pdf.form.embedded_font import TrueType, fallback

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COPIED_TABLES = ("cvt ", "fpgm", "prep")
_WORDS, _XY, _MORE = 0x01, 0x02, 0x20
_SCALES = ((0x08, 2), (0x40, 4), (0x80, 8))
_ABOVE, _BELOW, _THROUGH = 230, 220, 1
_UNDOTTED = {"i": "\u0131", "j": "\u0237"}


@dataclass(frozen=True, slots=True)
class Subset:
    """A font program with some letters only, and what a PDF has to say about it."""

    codes: Mapping[int, str]
    """Letter (its code point) -> the two-byte code, as two characters of Latin-1."""
    marked: Mapping[str, str]
    """The same for letters with marks of their own."""
    widths: Mapping[str, float]
    leaning: Mapping[str, float]
    """By how much (at 1 pt) the ink of a letter stands over its end, of those that lean far."""
    program: bytes
    """The TrueType file, compressed with zlib."""
    length: int
    """Its length before compression, bytes."""
    to_unicode: bytes
    gid_widths: tuple[int, ...]
    """Widths in 1/1000 em, by glyph."""

    def width(self, text: str) -> float:
        """Return the width of a text at 1 pt, as ``TrueType.width``."""
        return sum(map(self.widths.__getitem__, text)) + self.leaning.get(text[-1:], 0.0)

    def encode(self, text: str) -> bytes:
        """Return the codes of a text."""
        if self.marked and MARK.search(text):
            text = "".join([self.marked.get(c) or c.translate(self.codes) for c in clusters(text)])
            return text.encode("latin-1")
        return text.translate(self.codes).encode("latin-1")


def letters_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the letters of some texts, sorted, each once: the key of a subset."""
    return tuple(sorted(set().union(*map(clusters, texts))))


_subsets: IdentityCache[Subset] = IdentityCache(64, max_bytes=4_000_000, size_of=lambda subset: len(subset.program))


def subset_for(letters: tuple[str, ...]) -> Subset:
    """Return the subset of the fallback font with these letters (each once), in this order."""
    font = fallback()
    return _subsets.get_or_make(font, letters, lambda: _Maker(font).subset(letters))


class _Maker:
    def __init__(self, font: TrueType) -> None:
        self.font = font
        self.gids = [0]
        """The glyph of the font for each glyph of the subset; a composed one has that of its base."""
        self.outlines: list[bytes] = []
        self.place: dict[int, int] = {0: 0}
        self.sides: dict[int, int] = {}
        """The left edge of a composed glyph's ink, which readers take for its side bearing."""
        self.most_parts = 0

    def subset(self, letters: tuple[str, ...]) -> Subset:
        font = self.font
        composed: dict[int, str] = {}
        for n, letter in enumerate(letters, 1):
            self.gids.append(font.cmap[letter[0]])
            if len(letter) > 1:
                composed[n] = letter
            else:
                self.place.setdefault(self.gids[n], n)
        at = 0
        while at < len(self.gids):
            outline = self._composed(composed[at]) if at in composed else self._renumbered(font.glyph(self.gids[at]))
            if at in composed:
                self.sides[at] = struct.unpack_from(">h", outline, 2)[0] & 0xFFFF
            self.outlines.append(outline)
            at += 1
        program = self._file()
        codes = [f"\0{chr(n)}" if n < 256 else chr(n >> 8) + chr(n & 255) for n in range(len(letters) + 1)]
        return Subset(
            codes={ord(c): codes[n] for n, c in enumerate(letters, 1) if n not in composed},
            marked={c: codes[n] for n, c in composed.items()},
            widths={c: font.widths[c] for c in set("".join(letters))},
            leaning={c: over for c in letters if len(c) == 1 and (over := font.leaning(c))},
            program=zlib.compress(program, 6),
            length=len(program),
            to_unicode=_to_unicode(letters),
            gid_widths=tuple(round(font.metrics[gid][0] * 1000 / font.units) for gid in self.gids[: len(letters) + 1]),
        )

    def _part(self, gid: int) -> int:
        """Return the place of a glyph that another is composed of; it joins the subset."""
        if gid not in self.place:
            self.place[gid] = len(self.gids)
            self.gids.append(gid)
        return self.place[gid]

    def _renumbered(self, outline: bytes) -> bytes:
        """Return an outline whose parts, if it is composed of some, point into the subset."""
        if len(outline) < 10 or outline[0] < 0x80:  # contours >= 0: a simple glyph
            return outline
        changed = bytearray(outline)
        at = 10
        more = True
        while more:
            flags, part = struct.unpack_from(">HH", changed, at)
            struct.pack_into(">H", changed, at + 2, self._part(part))
            at += 4 + (4 if flags & _WORDS else 2) + next((n for bit, n in _SCALES if flags & bit), 0)
            more = bool(flags & _MORE)
        return bytes(changed)

    def _composed(self, letter: str) -> bytes:
        """Return the outline of a letter with its marks: each centred, clear of the letter and of the one before."""
        font = self.font
        base = font.cmap[letter[0]]
        if any(unicodedata.combining(mark) == _ABOVE for mark in letter[1:]):
            base = font.cmap.get(_UNDOTTED.get(letter[0], letter[0]), base)
        line = font.bounds(font.cmap["x"])[3]
        x0, bottom, x1, top = box = font.bounds(base)
        parts = [(base, 0, 0)]
        for mark in letter[1:]:
            gid = font.cmap[mark]
            left, low, right, high = font.bounds(gid)
            dx, dy = (x0 + x1 - left - right) // 2, 0
            kind = unicodedata.combining(mark)
            if kind == _ABOVE:
                dy = max(0, top - line)
                top = high + dy
            elif kind == _BELOW:
                dy = min(0, bottom)
                bottom = low + dy
            elif kind == _THROUGH:
                dy = (box[1] + box[3] - low - high) // 2
            parts.append((gid, dx, dy))
            box = _around(box, (left + dx, low + dy, right + dx, high + dy))
        self.most_parts = max(self.most_parts, len(parts))
        outline = struct.pack(">h4h", -1, *box)
        for n, (gid, dx, dy) in enumerate(parts, 1):
            flags = _WORDS | _XY | (_MORE if n < len(parts) else 0)
            outline += struct.pack(">HHhh", flags, self._part(gid), dx, dy)
        return outline

    def _file(self) -> bytes:
        font, count = self.font, len(self.gids)
        padded = [o + b"\0" * (-len(o) % 4) for o in self.outlines]
        offsets = [0]
        for outline in padded:
            offsets.append(offsets[-1] + len(outline))
        head = bytearray(font.table("head"))
        head[50:52] = b"\0\1"
        old = font.table("maxp")
        maxp = bytearray(old[:4] + struct.pack(">H", count) + old[6:])
        parts, depth = struct.unpack_from(">HH", maxp, 28)
        struct.pack_into(">HH", maxp, 28, max(parts, self.most_parts), depth + bool(self.most_parts))
        metrics = [(font.metrics[gid][0], self.sides.get(n, font.metrics[gid][1])) for n, gid in enumerate(self.gids)]
        tables = {tag: font.table(tag) for tag in _COPIED_TABLES if tag in font.tables} | {
            "glyf": b"".join(padded),
            "head": bytes(head),
            "hhea": font.table("hhea")[:34] + struct.pack(">H", count),
            "hmtx": b"".join([struct.pack(">HH", width, side) for width, side in metrics]),
            "loca": struct.pack(f">{len(offsets)}I", *offsets),
            "maxp": bytes(maxp),
        }
        return _assemble(tables)


GlyphBox = tuple[int, int, int, int]


def _around(one: GlyphBox, other: GlyphBox) -> GlyphBox:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


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


def _to_unicode(letters: tuple[str, ...]) -> bytes:
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
