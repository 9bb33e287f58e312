"""A page of the issued file as it is compared: its picture, its words by windows, and what is left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.reading.tokens import tokens_of
from assistant.verifying.alignment import DPI, darkness, strips
from assistant.verifying.pictures import softened, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PIL import Image

    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPage, ViewedPdf
    from assistant.reading.tokens import Token
    from assistant.verifying.pictures import PixelBox, Window

PER_POINT = DPI / 72
CERTAIN_SOURCES = frozenset({"text", "field", "note", "coded"})
"""What is read off the page for sure; what does not show, or was recognised by a program, is not."""
LINE = "__"
"""From here on a word is a line to write on."""
NARROW = 10
"""Pixels: a full stop alone is no window."""


@dataclass(frozen=True, kw_only=True)
class Blanks:
    """The blanks of the signing block on one page, in points: the slots' own boxes, and what is left out of it."""

    slots: Mapping[str, Rect]
    left_out: tuple[Rect, ...]


NO_BLANKS = Blanks(slots={}, left_out=())


@dataclass(frozen=True, kw_only=True)
class IssuedPage:
    """A page of the issued file; pictures are darkness at ``DPI``, upright."""

    page: ViewedPage
    dark: Image.Image
    blanks: Blanks

    @cached_property
    def soft(self) -> Image.Image:
        """Return the picture as windows are compared by."""
        return softened(self.dark)

    @cached_property
    def strips(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return how dark its rows and columns are."""
        return strips(self.dark)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Return what is read on it, outside the blanks for a pen."""
        return tuple(outside(tokens_of(self.page), self.blanks.left_out))

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Return its words by windows, those in the blanks for a pen left out."""
        boxes = ((token.text, box) for token in self.tokens if (box := self._box_of(token)))
        return tuple(w for w in windows_of(boxes) if w.box[2] - w.box[0] >= NARROW)

    def box(self, rect: Rect) -> PixelBox:
        """Return a box of the page, in points, as one of its picture."""
        x0, y0, x1, y1 = rect
        high = self.dark.height
        return round(x0 * PER_POINT), round(high - y1 * PER_POINT), round(x1 * PER_POINT), round(high - y0 * PER_POINT)

    def _box_of(self, token: Token) -> PixelBox | None:
        if token.mark is not None:
            left, top, *_ = box = self.box(token.mark.rect)
            ink = self.dark.crop(box).point([255 if dark > 60 else 0 for dark in range(256)]).getbbox()
            return (left + ink[0] - 1, top + ink[1] - 1, left + ink[2] + 1, top + ink[3] + 1) if ink else None
        word = token.text.partition(LINE)[0] if LINE in token.text else token.text
        if not word:
            return None
        x1 = token.x0 + (token.x1 - token.x0) * len(word) / len(token.text)
        left, top, right, low = self.box((token.x0, token.base - 0.25 * token.size, x1, token.base + 0.8 * token.size))
        box = (max(left - 1, 0), max(top, 0), min(right + 1, self.dark.width), min(low, self.dark.height))
        return box if box[2] - box[0] > 2 and box[3] - box[1] > 2 else None  # pixels


def outside(tokens: Sequence[Token], left_out: Sequence[Rect]) -> Iterator[Token]:
    """Yield the tokens that show on paper and do not stand in a box."""
    for token in tokens:
        x, y = token.middle, token.base + 0.3 * token.size
        if token.source in CERTAIN_SOURCES and not any(r[0] <= x <= r[2] and r[1] <= y <= r[3] for r in left_out):
            yield token


def sheet_of(viewed: ViewedPdf, number: int, blanks: Blanks) -> IssuedPage:
    """Return a page (from 1) of the issued file."""
    page = viewed.page(number)
    picture = viewed.draw_page(number, DPI)
    if page.sideways:
        picture = picture.rotate(-page.sideways, expand=True, fillcolor=255)
    return IssuedPage(page=page, dark=darkness(picture), blanks=blanks)
