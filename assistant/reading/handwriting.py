"""Writing by hand told from print, in a page's picture: printed letters stand on one line, and are of few heights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.viewer.viewed_pdf import SCALE
from assistant.reading.looks import A_LINE, PALE

if TYPE_CHECKING:
    from PIL.Image import Image

    from assistant.geometry import Rect

FEWEST = 6
"""Letters: fewer prove nothing."""
LEAST_HEIGHT = 5
"""Pixels: what is lower is a dot or a comma."""
ON_LINE = 1.2
"""Pixels: the foot of a printed letter is so near to the line through the feet of all."""
BY_PEN, PRINTED = 0.7, 0.9
"""Of the letters of 40 printed names, titles and dates 0.78 to 1 stood on the line ("p", "y" and commas hang lower); of
those of written ones 0.5 to 0.83. Between the two it is not told."""
STEEPEST = 0.05
"""A scan lies no more askew than this: its rise over its run."""


def share_on_line(picture: Image, box: Rect) -> float | None:
    """Return how many of the letters in a box (points, from the lower left corner) stand on one line, 0 to 1.

    None where there are too few letters to tell.
    """
    feet = [(x, bottom) for x, top, bottom in _letters(picture, box) if bottom - top >= LEAST_HEIGHT]
    if len(feet) < FEWEST:
        return None
    best = 0
    for n, (x0, y0) in enumerate(feet):
        for x1, y1 in feet[n + 1 :]:
            slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > LEAST_HEIGHT else 0.0
            if abs(slope) < STEEPEST:
                best = max(best, sum(abs(y - y0 - slope * (x - x0)) <= ON_LINE for x, y in feet))
    return best / len(feet)


def _letters(picture: Image, box: Rect) -> list[tuple[float, int, int]]:
    """Return (middle, top, bottom) in pixels of each piece of ink that hangs together, lines to write on left out."""
    x0, y0, x1, y1 = box
    left, right = max(int(x0 * SCALE), 0), min(int(x1 * SCALE), picture.width)
    top, bottom = max(int(picture.height - y1 * SCALE), 0), min(int(picture.height - y0 * SCALE), picture.height)
    if right - left < LEAST_HEIGHT or bottom - top < LEAST_HEIGHT:
        return []
    part = picture.crop((left, top, right, bottom))
    histogram = part.histogram()
    paper = max(range(128, 256), key=histogram.__getitem__)
    dark = part.point([1 if grey < paper - 2 * PALE else 0 for grey in range(256)]).tobytes()
    ink = {(n % part.width, n // part.width) for n, value in enumerate(dark) if value}
    for y in range(part.height):
        row = dark[y * part.width : (y + 1) * part.width]
        if max(map(len, row.split(b"\0"))) >= A_LINE:
            ink -= {(x, y) for x in range(part.width)}
    spots_by_hand = []
    while ink:
        piece = _piece(ink)
        rows = [y for _, y in piece]
        # What touches the edge is the end of something else.
        if min(rows) > 0 and max(rows) < part.height - 1:
            columns = [x for x, _ in piece]
            spots_by_hand.append(((min(columns) + max(columns)) / 2 + left, min(rows) + top, max(rows) + top))
    return spots_by_hand


def _piece(ink: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take one piece of ink that hangs together out of a set of pixels, and return its pixels."""
    waiting = [ink.pop()]
    piece = []
    while waiting:
        x, y = waiting.pop()
        piece.append((x, y))
        for near in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            if near in ink:
                ink.discard(near)
                waiting.append(near)
    return piece
