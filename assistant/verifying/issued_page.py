"""A page of the issued file as it is compared: its picture, its letters and words, and what is left out of it.

Pictures are darkness at ``ALIGN_DPI``, upright; boxes are their pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.reading.tokens import tokens_of
from assistant.scans.alignment import ALIGN_DPI, Box, find_segments
from assistant.scans.matching import MATCH_DPI, PagePoints, find_points
from assistant.scans.paper import reduce_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assistant.geometry import Rect
    from assistant.pdf.viewer.drawn_letters import DrawnLetter
    from assistant.pdf.viewer.viewed_pdf import ViewedPage, ViewedPdf
    from assistant.reading.tokens import Token
    from assistant.scans.paper import Darkness

PER_POINT = ALIGN_DPI / 72
READ_SURELY = frozenset({"text", "field", "note", "coded"})
"""What is read off the page for sure; what does not show, or was recognized by a program, is not."""
GAP = 0.25
"""Of the letter's size: a wider gap begins a new word."""
PALEST_LETTER = 0.2
"""How dark the darkest pixel of a printed letter is at least; white letters are none."""
RULES = frozenset("_")


@dataclass(frozen=True, kw_only=True)
class Blanks:
    """The blanks of the signing block on one page, in points: the slots' own boxes, and what is left out of it."""

    slots: Mapping[str, Rect]
    left_out: tuple[Rect, ...]


NO_BLANKS = Blanks(slots={}, left_out=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A printed letter, figure or mark: where it begins on its baseline, how far it runs, in pixels."""

    text: str
    x: float
    y: float
    width: float
    size: float
    font: str
    coded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWord:
    """A printed word, marks and all, with its box in pixels."""

    text: str
    box: Box
    signs: tuple[Sign, ...]

    @property
    def quotable(self) -> bool:
        """Say whether the file says which letters these are."""
        return not any(sign.coded for sign in self.signs)


@dataclass(frozen=True, kw_only=True)
class IssuedPage:
    """A page of the issued file."""

    number: int
    sideways: int
    """By how many degrees its text, as shown, is turned to the left."""
    dark: Darkness
    words: tuple[PrintedWord, ...]
    """In the order in which they are read, those in the blanks for a pen left out."""
    blanks: Blanks = field(default=NO_BLANKS)
    read_page: Callable[[], ViewedPage]

    @cached_property
    def points(self) -> PagePoints:
        """Return its telling points."""
        return find_points(reduce_picture(self.dark, ALIGN_DPI, MATCH_DPI))

    @cached_property
    def segments(self) -> list[Box]:
        """Return its pieces of print."""
        return find_segments(self.dark)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Return what is read on it, outside the blanks for a pen."""
        return tuple(outside(tokens_of(self.read_page()), self.blanks.left_out))

    def box(self, rect: Rect) -> Box:
        """Return a box of the page, in points, as one of its picture."""
        return pixel_box(rect, self.dark.shape)

    @cached_property
    def left_out(self) -> tuple[Box, ...]:
        """Return what is left out of the comparison, in pixels."""
        return tuple(self.box(rect) for rect in self.blanks.left_out)


def outside(tokens: Sequence[Token], left_out: Sequence[Rect]) -> Iterator[Token]:
    """Yield the tokens that show on paper and do not stand in a box."""
    for token in tokens:
        x, y = token.middle, token.base + 0.3 * token.size
        if token.source in READ_SURELY and not any(r[0] <= x <= r[2] and r[1] <= y <= r[3] for r in left_out):
            yield token


def pixel_box(rect: Rect, shape: tuple[int, ...]) -> Box:
    """Return a box in points from the lower left corner as pixels of a picture of that shape."""
    high, wide = shape[:2]
    x0, y0, x1, y1 = rect
    left, right = sorted(min(max(round(x * PER_POINT), 0), wide) for x in (x0, x1))
    top, bottom = sorted(min(max(round(high - y * PER_POINT), 0), high) for y in (y0, y1))
    return Box(left, top, right, bottom)


def draw_issued_page(viewed: ViewedPdf, number: int, blanks: Blanks, *, with_text: bool = False) -> IssuedPage:
    """Return a page (from 1) of the issued file; with its text if signed pages have text too.

    Reading the page takes as long as drawing it, and a scan is compared with its picture alone.
    """
    if with_text:
        # Before its fields are drawn into it.
        viewed.page(number)
    picture = viewed.draw_page(number, ALIGN_DPI)
    letters, sideways = viewed.read_printed_letters(number)
    if sideways:
        picture = picture.rotate(-sideways, expand=True, fillcolor=255)
    dark = (1.0 - np.asarray(picture, np.float32) / 255.0).astype(np.float32)
    words = tuple(_words(_signs(letters, dark), dark))
    left_out = [pixel_box(rect, dark.shape) for rect in blanks.left_out]
    words_outside = tuple(word for word in words if not any(_stands_in(word.box, box) for box in left_out))
    return IssuedPage(
        number=number,
        sideways=sideways,
        dark=dark,
        words=words_outside,
        blanks=blanks,
        read_page=lambda: viewed.page(number),
    )


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = inner.middle
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _signs(letters: Sequence[tuple[DrawnLetter, float, str]], dark: Darkness) -> list[Sign]:
    high = dark.shape[0]
    return [
        Sign(
            text=letter.text,
            x=letter.x * PER_POINT,
            y=high - letter.y * PER_POINT,
            width=(letter.x1 - letter.x0) * PER_POINT,
            size=size * PER_POINT,
            font=font,
            coded=letter.coded,
        )
        for letter, size, font in letters
    ]


def _words(signs: Sequence[Sign], dark: Darkness) -> Iterator[PrintedWord]:
    """Yield the words: signs that stand side by side, up to a space, a gap, a line to write on or another line."""
    row: list[Sign] = []
    for sign in signs:
        ends = not sign.text.strip() or sign.text in RULES
        if row and (ends or not _goes_on(row[-1], sign)):
            yield from _word_of(row, dark)
            row = []
        if not ends:
            row.append(sign)
    if row:
        yield from _word_of(row, dark)


def _goes_on(before: Sign, sign: Sign) -> bool:
    gap = sign.x - before.x - before.width
    return abs(sign.y - before.y) < 0.3 * before.size and -0.5 * before.size < gap < GAP * before.size


def _word_of(row: Sequence[Sign], dark: Darkness) -> Iterator[PrintedWord]:
    size = max(sign.size for sign in row)
    high, wide = dark.shape
    left, right = max(0, int(row[0].x) - 1), min(wide, round(row[-1].x + row[-1].width) + 2)
    top, bottom = max(0, round(row[0].y - 0.78 * size)), min(high, round(row[0].y + 0.26 * size))
    if right - left < 2 or bottom - top < 3:
        return
    if float(dark[top:bottom, left:right].max(initial=0.0)) < PALEST_LETTER:
        return
    text = "".join(sign.text for sign in row)
    yield PrintedWord(text=text, box=Box(left, top, right, bottom), signs=tuple(row))
