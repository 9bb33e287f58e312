"""Compare a scanned page, laid over the page as it was issued, word by word and for what was added.

Knows pictures and boxes alone. A window is a word, or short words of a line together: wide enough to tell by its
letters, small enough that one changed word is seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PixelBox = tuple[int, int, int, int]
"""Pixels from the upper left corner: left, top, right, bottom."""

LEAST, MOST = 22, 40
"""Pixels: a window is at least so wide where its line allows it, and at most."""
SHIFTS = (((0, 0),), ((0, 1), (0, -1), (1, 0), (-1, 0)), tuple((x, y) for y in range(-2, 3) for x in range(-2, 3)))
"""Pixels by which a window is tried: in its place, beside it, and all around where it is still not found."""
ENOUGH = (0.9, 0.85, 1.0)
"""What likeness ends the search after each of them."""
BESIDE, TRACE, INK = 3, 6, 120
"""Pixels around the issued ink that are its own, what trace of it counts there, and how dark added ink is, of 255."""
TILE = (24, 16)
WRITING, OVER_SPECKS = 24, 3
"""Pixels of ink in a tile that are more than a speck (a word of three letters leaves 40 and more), and how many times
the specks of the page have to come on top."""
DIRTY = 6.0
"""Pixels of specks in a page's middle tile with which nobody can tell what was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a line of text: its box on the issued page, and the words in it."""

    box: PixelBox
    text: str


def windows_of(words: Iterable[tuple[str, PixelBox]]) -> Iterator[Window]:
    """Yield the windows of words (text and box), which come line by line from the left."""
    line_parts: list[tuple[str, PixelBox]] = []
    for text, box in words:
        if line_parts and not _goes_on(line_parts, box):
            yield from _parted(line_parts)
            line_parts = []
        line_parts.append((text, box))
        if line_parts[-1][1][2] - line_parts[0][1][0] >= LEAST:
            yield from _parted(line_parts)
            line_parts = []
    if line_parts:
        yield from _parted(line_parts)


def _goes_on(line_parts: Sequence[tuple[str, PixelBox]], box: PixelBox) -> bool:
    last = line_parts[-1][1]
    return abs(last[3] - box[3]) <= 3 and -2 <= box[0] - last[2] <= 12  # pixels


def _parted(line_parts: Sequence[tuple[str, PixelBox]]) -> Iterator[Window]:
    left, right = line_parts[0][1][0], line_parts[-1][1][2]
    top, low = min(box[1] for _, box in line_parts), max(box[3] for _, box in line_parts)
    count = max(1, math.ceil((right - left) / MOST))
    text = " ".join(text for text, _ in line_parts)
    for n in range(count):
        yield Window(
            box=(left + (right - left) * n // count, top, left + (right - left) * (n + 1) // count, low), text=text
        )


def softened(dark: Image.Image, radius: float = 0.7) -> Image.Image:
    """Return a picture of ink a little blurred, so that the edges of two prints of one letter agree."""
    return dark.filter(ImageFilter.GaussianBlur(radius))


def likeness(issued: Image.Image, other: Image.Image, box: PixelBox) -> float | None:
    """Return how like two pictures are in a box, at the best shift of up to two pixels: the correlation, -1 to 1.

    None where the issued page has no ink there.
    """
    one = issued.crop(box).tobytes()
    count, total = len(one), sum(one)
    spread = sum(map(mul, one, one)) - total * total / count
    if spread < 100 * count:
        return None
    best = -1.0
    for shifts, enough in zip(SHIFTS, ENOUGH, strict=True):
        for x, y in shifts:
            two = other.crop((box[0] + x, box[1] + y, box[2] + x, box[3] + y)).tobytes()
            own_total = sum(two)
            own = sum(map(mul, two, two)) - own_total * own_total / count
            if own > 1:
                best = max(best, (sum(map(mul, one, two)) - total * own_total / count) / math.sqrt(spread * own))
        if best >= enough:
            break
    return best


def added(issued: Image.Image, other: Image.Image, left_out: Iterable[PixelBox]) -> Image.Image:
    """Return, in black (0) and white (255), the ink of another picture that lies beside that of the issued page."""
    covered = issued.filter(ImageFilter.BoxBlur(BESIDE)).point([255 if dark >= TRACE else 0 for dark in range(256)])
    rest = ImageChops.subtract(other, covered).point([255 if dark >= INK else 0 for dark in range(256)])
    for box in left_out:
        rest.paste(0, box)
    return rest


def dirt(rest: Image.Image) -> float:
    """Return how much added ink the middle tile of a page holds, in pixels: what specks leave all over it."""
    tiles = sorted(ink for ink, _ in _tiles(rest, 0, 0))
    return tiles[len(tiles) // 2]


def heaps(rest: Image.Image, specks: float = 0.0) -> Iterator[PixelBox]:
    """Yield the parts of a picture of added ink that hold enough to be writing, on a page with so many specks."""
    wide, high = TILE
    for left, top in ((0, 0), (wide // 2, 0), (0, high // 2), (wide // 2, high // 2)):
        for ink, box in _tiles(rest, left, top):
            if ink >= WRITING + OVER_SPECKS * specks:
                yield box


def _tiles(rest: Image.Image, left: int, top: int) -> Iterator[tuple[float, PixelBox]]:
    """Yield the pixels of ink in each tile, and its box."""
    wide, high = TILE
    across, down = (rest.width - left) // wide, (rest.height - top) // high
    area = (left, top, left + across * wide, top + down * high)
    for n, mean in enumerate(rest.resize((across, down), Image.Resampling.BOX, box=area).tobytes()):
        x, y = left + n % across * wide, top + n // across * high
        yield mean * wide * high / 255, (x, y, x + wide, y + high)


def ink_in(rest: Image.Image, box: PixelBox, specks: float = 0.0) -> int:
    """Return how many pixels of added ink lie in a box, twice what the page's specks leave there taken off."""
    part = rest.crop(box)
    expected = 2 * specks * part.width * part.height / (TILE[0] * TILE[1])
    return max(0, round(part.histogram()[255] - expected))
