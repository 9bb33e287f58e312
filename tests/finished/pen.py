"""Figures and letters as a pen writes them: strokes that waver, lean and stand unevenly, unlike any font."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.pdfgen import canvas

    from assistant.geometry import Rect

Stroke = tuple[tuple[float, float], ...]

SIGNS: dict[str, tuple[Stroke, ...]] = {
    "0": (((0.5, 1), (0.1, 0.7), (0.1, 0.3), (0.5, 0), (0.9, 0.3), (0.9, 0.7), (0.5, 1)),),
    "1": (((0.3, 0.8), (0.5, 1), (0.5, 0)),),
    "2": (((0.1, 0.8), (0.5, 1), (0.9, 0.75), (0.5, 0.35), (0.1, 0), (0.95, 0.05)),),
    "3": (((0.1, 0.9), (0.6, 1), (0.8, 0.75), (0.4, 0.55), (0.85, 0.3), (0.5, 0), (0.1, 0.1)),),
    "4": (((0.4, 1), (0.1, 0.4), (0.9, 0.4)), ((0.7, 0.7), (0.65, 0))),
    "5": (((0.3, 1), (0.2, 0.55), (0.7, 0.55), (0.85, 0.25), (0.5, 0), (0.1, 0.1)), ((0.3, 1), (0.9, 0.98))),
    "6": (((0.8, 1), (0.3, 0.7), (0.15, 0.25), (0.5, 0), (0.85, 0.25), (0.5, 0.5), (0.2, 0.3)),),
    "7": (((0.1, 0.95), (0.9, 1), (0.4, 0)),),
    "8": (((0.5, 0.55), (0.15, 0.8), (0.5, 1), (0.85, 0.8), (0.2, 0.25), (0.5, 0), (0.85, 0.25), (0.5, 0.55)),),
    "9": (((0.8, 0.7), (0.4, 0.55), (0.2, 0.8), (0.5, 1), (0.8, 0.8), (0.7, 0.3), (0.6, 0)),),
    "/": (((0.8, 1.1), (0.1, -0.15)),),
    "-": (((0.1, 0.45), (0.8, 0.5)),),
    "A": (((0, 0), (0.5, 1), (0.95, 0)), ((0.2, 0.4), (0.8, 0.4))),
    "C": (((0.9, 0.85), (0.5, 1), (0.1, 0.5), (0.5, 0), (0.9, 0.15)),),
    "P": (((0.15, 0), (0.2, 1), (0.8, 0.85), (0.75, 0.55), (0.2, 0.5)),),
    "S": (((0.9, 0.9), (0.4, 1), (0.15, 0.75), (0.8, 0.3), (0.5, 0), (0.1, 0.1)),),
    "c": (((0.8, 0.5), (0.4, 0.6), (0.15, 0.3), (0.4, 0), (0.85, 0.12)),),
    "e": (((0.15, 0.3), (0.8, 0.35), (0.5, 0.6), (0.15, 0.3), (0.4, 0), (0.85, 0.12)),),
    "f": (((0.9, 0.95), (0.5, 1), (0.4, 0.5), (0.4, -0.2)), ((0.1, 0.55), (0.8, 0.55))),
    "g": (((0.8, 0.5), (0.4, 0.6), (0.2, 0.3), (0.5, 0.1), (0.8, 0.5), (0.75, -0.3), (0.2, -0.3)),),
    "h": (((0.15, 1), (0.15, 0)), ((0.15, 0.35), (0.5, 0.6), (0.8, 0.4), (0.8, 0))),
    "i": (((0.4, 0.6), (0.4, 0.05), (0.6, 0)), ((0.45, 0.85), (0.5, 0.9))),
    "l": (((0.2, 0.2), (0.6, 1), (0.4, 1), (0.35, 0.1), (0.7, 0)),),
    "n": (((0.1, 0.6), (0.15, 0)), ((0.15, 0.4), (0.5, 0.6), (0.8, 0.4), (0.8, 0))),
    "o": (((0.5, 0.6), (0.15, 0.4), (0.3, 0.05), (0.7, 0.05), (0.85, 0.4), (0.5, 0.6)),),
    "r": (((0.15, 0.6), (0.2, 0)), ((0.2, 0.4), (0.5, 0.6), (0.8, 0.5))),
    "t": (((0.4, 0.95), (0.4, 0.1), (0.7, 0)), ((0.1, 0.6), (0.8, 0.65))),
}  # fmt: skip
"""Strokes of each sign in a box of width 1 and height 1 over the line."""


def write_by_hand(drawing: canvas.Canvas, text: str, box: Rect, *, seed: int) -> None:
    """Write a text on a line by hand, beginning at the left end of a box in points; the same for the same seed.

    Raises:
        KeyError: a sign is none that is known here.
    """
    chance = random.Random(seed)  # noqa: S311 - the same hand every time
    x0, y0, x1, _ = box
    height = chance.uniform(9, 14)
    width = min(height * chance.uniform(0.5, 0.7), (x1 - x0 - 6) / (len(text) + 0.01))
    lean, rise = chance.uniform(-0.05, 0.35), chance.uniform(-0.03, 0.05)
    drawing.setStrokeGray(chance.uniform(0.0, 0.25))
    drawing.setLineWidth(chance.uniform(0.7, 1.5))
    drawing.setLineCap(1)
    drawing.setLineJoin(1)
    x, y = x0 + chance.uniform(2, 14), y0 + chance.uniform(0.5, 4)
    for sign in text:
        size = height * chance.uniform(0.85, 1.15)
        base = y + rise * (x - x0) + chance.uniform(-1, 1)
        for stroke in SIGNS[sign] if sign != " " else ():
            points = [
                (
                    x + width * across * chance.uniform(0.9, 1.1) + lean * up * size,
                    base + size * up + chance.uniform(-0.5, 0.5),
                )
                for across, up in stroke
            ]
            _draw_smooth(drawing, points)
        x += width * chance.uniform(0.9, 1.25)


def _draw_smooth(drawing: canvas.Canvas, points: list[tuple[float, float]]) -> None:
    """Draw a curve through points (Catmull-Rom), as a hand goes through them."""
    path = drawing.beginPath()
    path.moveTo(*points[0])
    for first, second, third, fourth in _windows(points):
        path.curveTo(
            second[0] + (third[0] - first[0]) / 6, second[1] + (third[1] - first[1]) / 6,
            third[0] - (fourth[0] - second[0]) / 6, third[1] - (fourth[1] - second[1]) / 6,
            *third,
        )  # fmt: skip
    drawing.drawPath(path, stroke=1, fill=0)


def _windows(points: list[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], ...]]:
    padded = [points[0], *points, points[-1]]
    yield from zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
