"""Ink: whether anything stands in a box of a page's picture, and whether it is dark enough to be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.pdf.viewer.viewed_pdf import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL import Image

    from assistant.geometry import Rect

DARK, PALE = 100, 40
"""So much darker than the paper around it is surely ink, or something at least."""
WHITE = 255
A_LINE = 36
"""So many dark pixels without a gap are a line to write on, no writing."""
SOMETHING, NOTHING = 0.008, 0.0018
FAINT = 150
"""A text whose darkest part is lighter than this (0 black, 255 white) is hard to read."""


LEAST_CONTRAST = 12
"""Of 255: a ground whose lightest and darkest part differ by less bears no letters that anybody sees."""
LEAST_PIXELS = 3
"""A crop narrower or lower than this says nothing about how much of it is dark."""


@dataclass(frozen=True, slots=True)
class Ink:
    """``part`` of the boxes that is dark, ``pale`` that is at least grey, ``darkest`` from 0 (black) to 255."""

    part: float
    pale: float
    darkest: int
    looked: bool = True
    """Whether any box was large enough to look at; where none was, there is neither ink nor its absence."""

    @property
    def is_present(self) -> bool:
        """Say whether something surely stands there."""
        return self.part >= SOMETHING or self.pale >= 2 * SOMETHING

    @property
    def is_absent(self) -> bool:
        """Say whether surely nothing stands there."""
        return self.looked and self.pale <= NOTHING


NOT_LOOKED = Ink(0.0, 0.0, WHITE, looked=False)


def ink_in(picture: Image.Image, boxes: Iterable[Rect]) -> Ink:
    """Return the ink in the fullest of some boxes (points, from the lower left corner), lines to write on left out.

    Where no box can be looked at, because each is too small or all line, ``looked`` is false.
    """
    inks = [ink for box in boxes if (ink := _ink(picture, box))]
    return max(inks, key=lambda ink: ink.pale, default=NOT_LOOKED)


def is_blank_in(picture: Image.Image, box: Rect) -> bool | None:
    """Say whether not one pixel of a box differs from its paper; None where the box lies outside the picture.

    The box is widened to whole pixels, so that the thinnest letter counts: "l" at 8 pt is 2.5 pixels wide.
    """
    x0, y0, x1, y1 = box
    left, right = max(math.floor(x0 * SCALE), 0), min(math.ceil(x1 * SCALE), picture.width)
    top, bottom = (
        max(math.floor(picture.height - y1 * SCALE), 0),
        min(math.ceil(picture.height - y0 * SCALE), picture.height),
    )
    if right <= left or bottom <= top:
        return None
    greys = [grey for grey, count in enumerate(picture.crop((left, top, right, bottom)).histogram()) if count]
    return greys[-1] - greys[0] < LEAST_CONTRAST and greys[-1] > WHITE // 2


def contrast_in(picture: Image.Image, box: Rect) -> int:
    """Return how far the lightest part of a box is from its darkest; 255 where the box is too small to tell."""
    x0, y0, x1, y1 = box
    crop = (int(x0 * SCALE), int(picture.height - y1 * SCALE), int(x1 * SCALE), int(picture.height - y0 * SCALE))
    crop = (max(crop[0], 0), max(crop[1], 0), min(crop[2], picture.width), min(crop[3], picture.height))
    if crop[2] - crop[0] < LEAST_PIXELS or crop[3] - crop[1] < LEAST_PIXELS:
        return WHITE
    greys = [grey for grey, count in enumerate(picture.crop(crop).histogram()) if count]
    return greys[-1] - greys[0]


def ink_height(picture: Image.Image, box: Rect) -> float:
    """Return how high the ink in a box stands from its lowest to its highest row, in points; lines are left out."""
    x0, y0, x1, y1 = box
    crop = (int(x0 * SCALE), int(picture.height - y1 * SCALE), int(x1 * SCALE), int(picture.height - y0 * SCALE))
    crop = (max(crop[0], 0), max(crop[1], 0), min(crop[2], picture.width), min(crop[3], picture.height))
    if crop[2] <= crop[0] or crop[3] <= crop[1]:
        return 0.0
    rows = _rows(picture.crop(crop), WHITE - PALE)
    inked = [n for n, row in enumerate(rows) if b"\1" in row and max(map(len, row.split(b"\0"))) < A_LINE]
    return (inked[-1] - inked[0] + 1) / SCALE if inked else 0.0


def _ink(picture: Image.Image, box: Rect) -> Ink | None:
    x0, y0, x1, y1 = box
    crop = (int(x0 * SCALE), int(picture.height - y1 * SCALE), int(x1 * SCALE), int(picture.height - y0 * SCALE))
    crop = (max(crop[0], 0), max(crop[1], 0), min(crop[2], picture.width), min(crop[3], picture.height))
    if crop[2] - crop[0] < LEAST_PIXELS or crop[3] - crop[1] < LEAST_PIXELS:
        return None
    part = picture.crop(crop)
    histogram = part.histogram()
    paper = max(range(WHITE // 2, WHITE + 1), key=histogram.__getitem__)
    darks, pales = _rows(part, paper - DARK), _rows(part, paper - PALE)
    lines = {n for n, row in enumerate(pales) if max(map(len, row.split(b"\0"))) >= A_LINE}
    columns = [n for n in range(len(pales)) if not lines & {n - 1, n, n + 1}]
    if not columns:
        return None
    area = len(columns) * part.width
    few = max(3, int(sum(histogram) * 0.002))
    darkest = total = 0
    while total < few and darkest < WHITE:
        total += histogram[darkest]
        darkest += 1
    dark, pale = (sum(rows[n].count(b"\1") for n in columns) / area for rows in (darks, pales))
    return Ink(dark, pale, darkest)


def _rows(part: Image.Image, level: int) -> Sequence[bytes]:
    """Return the rows of a picture, a byte a pixel: 1 where it is darker than a level."""
    black = part.point([1 if grey < level else 0 for grey in range(256)]).tobytes()
    return [black[at : at + part.width] for at in range(0, len(black), part.width)]
