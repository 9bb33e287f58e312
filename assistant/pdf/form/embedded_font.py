"""The embedded font, for letters that a form's own font cannot write: read once.

Written by hand because a filled form needs it in well under a millisecond; the tables are those of OpenType 1.9.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from typing import Literal

from assistant import config
from assistant.cache import FileState, LruCache, content_key, file_state
from assistant.errors import InputError
from assistant.pdf.form.font import SimpleFont, core_font

FACES: tuple[Literal["Regular", "Bold"], ...] = ("Regular", "Bold")
_OTHER_WAY = frozenset({"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI", "BN"})
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Me", "Zl", "Zp"})
"""Also what stands around a letter, and what every font draws as it likes."""
_NO_LETTER = "\u034f\ufffd"
"""A joiner that fonts draw as a box, and what stands where a letter was lost."""
FAR_OVER = 0.1
"""Of the size: ink that stands farther over the edge of its letter may run out of a large box."""


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
        # Found out when they are first asked for: a form has some dozens of three thousand letters.
        self._right: set[str] = set()
        self._leaning: dict[str, float] = {}

    def table(self, tag: str) -> bytes:
        """Return a table's bytes."""
        at, length = self.tables[tag]
        return self.data[at : at + length]

    def width(self, text: str) -> float:
        """Return the width of a text at 1 pt; where the last letter leans far over its end, to the end of its ink."""
        return sum(map(self.widths.__getitem__, text)) + (self.leaning(text[-1]) if text else 0.0)

    def missing(self, text: str) -> str:
        """Return the letters of a text that this font cannot write rightly, each once.

        Right-to-left letters count as such although some have outlines: they would stand in the wrong order; so do
        letters without ink that would change what is read (direction marks, joiners, controls).
        """
        if not self._right.issuperset(text):
            self._right.update(letter for letter in text if letter not in self._right and self._is_right(letter))
        return "" if self._right.issuperset(text) else "".join(dict.fromkeys(c for c in text if c not in self._right))

    def _is_right(self, letter: str) -> bool:
        """Say whether a letter is written rightly: in its order, seen, and within its own room."""
        if letter not in self.widths or " " <= letter <= "~":
            return letter in self.widths
        far = -self.bounds(self.cmap[letter])[0] > FAR_OVER * self.units
        return _plain(letter) and (bool(unicodedata.combining(letter)) or not far)

    def leaning(self, letter: str) -> float:
        """Return by how much (at 1 pt) the ink of a letter stands over its end, where it leans far; else 0."""
        if letter not in self._leaning:
            gid = self.cmap.get(letter, 0)
            over = self.bounds(gid)[2] - self.metrics[gid][0]
            leans = over > FAR_OVER * self.units and not unicodedata.combining(letter)
            self._leaning[letter] = over / self.units if leans else 0.0
        return self._leaning[letter]

    def glyph(self, gid: int) -> bytes:
        """Return a glyph's outline."""
        return self.glyf[self.loca[gid] : self.loca[gid + 1]]

    def bounds(self, gid: int) -> tuple[int, int, int, int]:
        """Return the box around a glyph's ink, in font units: left, bottom, right, top."""
        outline = self.glyph(gid)
        left, bottom, right, top = struct.unpack_from(">4h", outline, 2) if outline else (0, 0, 0, 0)
        return left, bottom, right, top


def unwritable(text: str) -> str:
    """Return the letters of a text that no available font writes correctly, each once.

    Where the embedded font was never installed, that is every letter beyond the core fonts'.
    """
    if core_font().can_write(text):
        return ""
    try:
        return fallback().missing(text)
    except InputError:
        return "".join(dict.fromkeys(letter for letter in text if not core_font().can_write(letter)))


@cache
def fallback() -> TrueType:
    """Return the font for what the core fonts cannot write: Arimo, as wide as Helvetica letter by letter.

    Raises:
        InputError: the font is not installed; the message says how to get it.
    """
    return TrueType(config.font_path("Regular").read_bytes())


def font_fingerprint() -> bytes:
    """Return what changes when the embedded font is installed, replaced or removed: documents look different then."""
    states: list[FileState | None] = []
    for style in FACES:
        try:
            states.append(file_state(config.font_path(style)))
        except (InputError, OSError):
            states.append(None)
    return _font_fingerprints.get_or_make(tuple(states), lambda: content_key(states))


_font_fingerprints: LruCache[tuple[FileState | None, ...], bytes] = LruCache(2)


def flat_font() -> SimpleFont | None:
    """Return the font that flat pages are written with: None, the embedded one, or Helvetica where that is absent.

    Helvetica is not in the file: a machine without one like it shows another, wider one, and a line runs over its end.
    """
    return core_font() if why_absent() else None


def why_absent() -> str:
    """Return the sentence that says how to get the embedded font, or nothing where it is installed."""
    try:
        fallback()
    except InputError as error:
        return str(error)
    return ""


def _plain(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return unicodedata.bidirectional(letter) not in _OTHER_WAY and kind not in _UNSEEN and letter not in _NO_LETTER


def _read_cmap(table: bytes) -> dict[str, int]:
    """Return letter -> glyph from the fullest Unicode sub-table (formats 12 and 4)."""
    count = struct.unpack_from(">H", table, 2)[0]
    records = [struct.unpack_from(">HHI", table, 4 + 8 * n) for n in range(count)]
    by_format = {struct.unpack_from(">H", table, at)[0]: at for platform, _, at in records if platform in {0, 3}}
    glyphs: dict[str, int] = {}
    if 12 in by_format:  # a format number
        at = by_format[12]
        for n in range(struct.unpack_from(">I", table, at + 12)[0]):
            first, last, gid = struct.unpack_from(">III", table, at + 16 + 12 * n)
            glyphs.update({chr(c): gid + c - first for c in range(first, last + 1)})
        return glyphs
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
                glyphs[chr(code)] = gid
    return glyphs
