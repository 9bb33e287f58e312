"""Handwriting or print, in a page's picture: printed letters stand on one line, and are of few heights."""

from __future__ import annotations

from statistics import fmean, linear_regression, median, pstdev
from typing import TYPE_CHECKING

from assistant.pdf.viewer.viewed_pdf import SCALE
from assistant.reading.looks import A_LINE, PALE

if TYPE_CHECKING:
    from collections.abc import Sequence

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
those of written ones 0.5 to 0.83. Between the two nothing is decided."""
STEEPEST = 0.05
"""A scan lies no more askew than this: its rise over its run."""

FEWEST_FIGURES = 5
LEAST_FIGURE = 3.6
"""Points: no figure of a date is lower."""
DARK_INK = 110
"""Of 255: the ink of a scan that is not pale is darker somewhere."""
LIKE_HEIGHT = 0.35
"""Part of the usual height by which a piece may be higher or lower: strokes and dots say nothing."""
UNEVEN = 0.035
"""Of the letters' height: feet of 12 printed dates lay at most 0.022 of it beside one line, and tops of printed figures
0.017; feet of 6 written dates 0.027 to 0.069, and tops of written figures 0.044 to 0.124."""


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


def wavers_like_a_pen(picture: Image, box: Rect, scale: float, *, only_figures: bool) -> bool:
    """Say whether the letters in a box stand, or reach, as unevenly as a pen writes; False where too few tell it.

    ``picture`` has ``scale`` pixels a point: at least two, for a pixel up or down is half of what is asked for.
    ``only_figures``: printed figures are all of one height; letters are not.
    """
    if _darkest(picture, box, scale) > DARK_INK:
        return False  # the edges of pale print are uneven as well
    pieces = [piece for piece in _letters(picture, box, scale) if piece[2] - piece[1] >= LEAST_FIGURE * scale]
    usual = median(bottom - top for _, top, bottom in pieces) if pieces else 0.0
    like = [piece for piece in pieces if abs(piece[2] - piece[1] - usual) < LIKE_HEIGHT * usual]
    if len(like) < FEWEST_FIGURES:
        return False
    xs = [x for x, _, _ in like]
    feet = _spread_beside_line(xs, [bottom for _, _, bottom in like]) / usual
    tops = _spread_beside_line(xs, [top for _, top, _ in like]) / usual
    return feet > UNEVEN or (only_figures and tops > UNEVEN)


def _darkest(picture: Image, box: Rect, scale: float) -> int:
    """Return how dark the ink in a box is, 0 black to 255 white; 255 where the box lies beside the picture."""
    x0, y0, x1, y1 = box
    left, top = max(int(x0 * scale), 0), max(int(picture.height - y1 * scale), 0)
    right, bottom = min(int(x1 * scale), picture.width), min(int(picture.height - y0 * scale), picture.height)
    if right <= left or bottom <= top:
        return 255
    counts = picture.crop((left, top, right, bottom)).histogram()
    return next((gray for gray, count in enumerate(counts) if count), 255)


def _spread_beside_line(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return how far places lie beside the straight line through them, as a standard deviation."""
    if len(set(xs)) > 1:
        slope, middle = linear_regression(xs, ys)
    else:
        slope, middle = 0.0, fmean(ys)
    return pstdev([y - slope * x - middle for x, y in zip(xs, ys, strict=True)])


def _letters(picture: Image, box: Rect, scale: float = SCALE) -> list[tuple[float, int, int]]:
    """Return (middle, top, bottom) in pixels of each piece of ink that hangs together, lines to write on left out."""
    x0, y0, x1, y1 = box
    left, right = max(int(x0 * scale), 0), min(int(x1 * scale), picture.width)
    top, bottom = max(int(picture.height - y1 * scale), 0), min(int(picture.height - y0 * scale), picture.height)
    if right - left < LEAST_HEIGHT or bottom - top < LEAST_HEIGHT:
        return []
    part = picture.crop((left, top, right, bottom))
    histogram = part.histogram()
    paper = max(range(128, 256), key=histogram.__getitem__)
    dark = part.point([1 if grey < paper - 2 * PALE else 0 for grey in range(256)]).tobytes()
    ink = {(n % part.width, n // part.width) for n, value in enumerate(dark) if value}
    for y in range(part.height):
        row = dark[y * part.width : (y + 1) * part.width]
        if max(map(len, row.split(b"\0"))) >= A_LINE * scale / SCALE:
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
