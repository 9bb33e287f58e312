"""The rows of text on a page, left to right, with the letters that some fonts hide corrected.

The official forms carry labels in fonts without ToUnicode: "Name:" comes out as "1DPH" and a colon code, underscores
as "B". Each code there is 29 below the letter's own; only the words that labels are made of are corrected, since no
font can be asked which it is. Knows nothing of fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.pdf.viewer.read_back import ReadLetter

SHIFT = 29
SAME_ROW = 4.0
"""Points: letters whose lower edges differ by less stand in one row."""
PART_GAP_PT = 15.0
"""Points between letters from which on another text begins."""
BASELINE_SHARE = 0.25
"""From the lower edge of a letter's box up to its baseline, over the box's height (Times, Helvetica and Arial)."""

_HIDDEN_WORDS = ("Signature", "Agency", "Title", "Name", "Date", "For", "the", "LEA", "ICE", "DHS", "See")
_HIDDEN = re.compile("|".join(re.escape("".join(chr(ord(c) - SHIFT) for c in word)) for word in _HIDDEN_WORDS))
# One B is a letter; several, or one beside an underscore, are the underscores of such a font.
_HIDDEN_RULE = re.compile(r"(?:B{4,}|_[_B]*B|B[_B]*_|(?<![A-Za-z])BB+(?![A-Za-z]))[_B]*")


@dataclass(frozen=True, kw_only=True)  # without slots: what is worked out of its letters is kept
class MapRow:
    """Letters side by side; ``text`` has one character for each of them."""

    text: str
    letters: tuple[ReadLetter, ...]

    @cached_property
    def y0(self) -> float:
        """Return the lower edge, pt."""
        return min(letter.rect[1] for letter in self.letters)

    @cached_property
    def y1(self) -> float:
        """Return the upper edge, pt."""
        return max(letter.rect[3] for letter in self.letters)

    @property
    def words(self) -> str:
        """Return the text with a space wherever the letters stand apart: some fonts draw none."""
        apart = [b.rect[0] - a.rect[2] > 1 for a, b in pairwise(self.letters)]
        return plain("".join(c + " " * gap for c, gap in zip(self.text, [*apart, False], strict=True)))

    @cached_property
    def parts(self) -> tuple[tuple[float, str], ...]:
        """Return (left edge in pt, text) of each part of the row; a wide space or a rule divides them."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[tuple[float, str]]:
        start, text, end = 0.0, "", 0.0
        for c, letter in zip(self.text, self.letters, strict=True):
            if text and (c == "_" or (c.strip() and letter.rect[0] - end > PART_GAP_PT)):
                yield start, plain(text)
                text = ""
            if c.strip("_ ") or (text and c != "_"):
                start = start if text else letter.rect[0]
                text += c
            end = letter.rect[2] if c.strip() else end
        if text:
            yield start, plain(text)

    def baseline(self, place: int) -> float:
        """Return the baseline (pt) of the letter at a place in the row."""
        _, y0, _, y1 = self.letters[place].rect
        return y0 + BASELINE_SHARE * (y1 - y0)

    def before(self, x: float) -> str:
        """Return the text left of x (pt)."""
        return "".join(c for c, letter in zip(self.text, self.letters, strict=True) if _middle(letter) < x)

    def after(self, x: float) -> str:
        """Return the text right of x (pt)."""
        return "".join(c for c, letter in zip(self.text, self.letters, strict=True) if _middle(letter) > x)


def read_rows(letters: Iterable[ReadLetter]) -> tuple[MapRow, ...]:
    """Return a page's rows from top to bottom; letters drawn twice at one place (bold by overprinting) count once."""
    seen_keys: set[tuple[str, int, int]] = set()
    distinct = []
    for letter in letters:
        x0, y0, x1, _ = letter.rect
        key = (letter.text, round(x0), round(y0))
        if x1 - x0 > 0.1 and key not in seen_keys and (letter.text.isprintable() or letter.text in "\x03\x1d"):  # pt
            seen_keys.add(key)
            distinct.append(letter)
    distinct.sort(key=lambda letter: -letter.rect[1])
    rows: list[list[ReadLetter]] = []
    for letter in distinct:
        if rows and rows[-1][0].rect[1] - letter.rect[1] < SAME_ROW:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return tuple(_row(row) for row in rows)


def plain(text: str) -> str:
    """Return a text with its white space put in order."""
    return " ".join(text.split())


def squashed(text: str) -> str:
    """Return a text in small letters without any white space."""
    return "".join(text.split()).casefold()


def page_of(rows: Sequence[MapRow]) -> str:
    """Return the text of a page."""
    return "\n".join(plain(row.text) for row in rows)


def _row(letters: list[ReadLetter]) -> MapRow:
    letters.sort(key=lambda letter: letter.rect[0])
    text = "".join(letter.text for letter in letters).replace("\x03", " ").replace("\x1d", ":")
    text = _HIDDEN.sub(lambda match: "".join(chr(ord(c) + SHIFT) for c in match[0]), text)
    text = _HIDDEN_RULE.sub(lambda match: "_" * len(match[0]), text)
    return MapRow(text=text, letters=tuple(letters))


def _middle(letter: ReadLetter) -> float:
    return (letter.rect[0] + letter.rect[2]) / 2
