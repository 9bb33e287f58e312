"""Which letters of a page's text show: what is drawn without ink, in white, or under something drawn later, does not.

Told by the order in which a page is drawn, so that a text under a white box is known although new words stand on the
box. Whatever is not certain counts as showing; the picture of the page is looked at beside this.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2

    from assistant.geometry import Rect

Matrix = tuple[float, float, float, float, float, float]

MAX_OBJECTS = 20_000
MAX_COVERS = 400
MAX_DEPTH = 6
LEAST = 3.0
"""Points: what is narrower or lower is a line and covers no letter."""
MOST_SEGMENTS = 6
"""A path of so many segments, as wide and as high as its box, is a rectangle."""
WHITE = 245
NO_INK = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
GROUND = frozenset({pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING})
LEVEL: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _PaintedObject:
    """Something drawn that is no text: its place in the order, its box, whether it hides what lies under it."""

    order: int
    box: Rect
    hides: bool
    white: bool


@dataclass(frozen=True, slots=True)
class Occlusion:
    """What hides letters: boxes drawn over them and, of white letters, the want of a ground; None for other colours."""

    covers: list[Rect]
    grounds: list[Rect] | None

    def hides(self, box: Rect) -> bool:
        """Say whether a letter with this box surely does not show."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if any(_holds(cover, x, y) for cover in self.covers):
            return True
        return self.grounds is not None and not any(_holds(ground, x, y) for ground in self.grounds)


@dataclass(slots=True)
class PaintOrder:
    """The order in which a page is drawn. Use it while the page is open."""

    orders: dict[int, int] = field(default_factory=dict)
    """The place in the order of each text object, by its address."""
    painted_objects: list[_PaintedObject] = field(default_factory=list)

    def hiding(self, owner: int, thing: Any, colour: tuple[int, int, int, int]) -> Occlusion | bool:
        """Return whether the letters of a text object surely do not show, or what tells it of each of them.

        ``owner`` is the address of the text object ``thing``.
        """
        order = self.orders.get(owner)
        if order is None:
            return False
        if colour[3] == 0 or pdfium.FPDFTextObj_GetTextRenderMode(thing) in NO_INK:
            return True
        covers = [item.box for item in self.painted_objects if item.hides and item.order > order]
        if min(colour[:3]) < WHITE:
            return Occlusion(covers, None) if covers else False
        return Occlusion(covers, [item.box for item in self.painted_objects if not item.white and item.order < order])


def read_paint_order(page: pypdfium2.PdfPage) -> PaintOrder:
    """Return the order in which a page is drawn."""
    paint_order = PaintOrder()
    raw = page.raw
    count = pdfium.FPDFPage_CountObjects(raw)
    things = (pdfium.FPDFPage_GetObject(raw, n) for n in range(count))
    for order, (thing, matrix) in enumerate(_walk(things, LEVEL, 0)):
        if order > MAX_OBJECTS:
            break
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            paint_order.orders[ctypes.addressof(thing.contents)] = order
        elif (
            kind in GROUND
            and len(paint_order.painted_objects) < MAX_COVERS
            and (item := _painted_object(thing, kind, matrix, order))
        ):
            paint_order.painted_objects.append(item)
    return paint_order


def _walk(things: Iterator[Any], matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """Yield each object in the order of drawing, with the matrix from its form's space to the page's."""
    for thing in things:
        if not thing:
            continue
        # Forms are counted too: they may hold each other many times over.
        yield thing, matrix
        if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            count = pdfium.FPDFFormObj_CountObjects(thing)
            inside = (pdfium.FPDFFormObj_GetObject(thing, n) for n in range(max(0, count)))
            yield from _walk(inside, _joined(_matrix(thing), matrix), depth + 1)


def _painted_object(thing: Any, kind: int, matrix: Matrix, order: int) -> _PaintedObject | None:
    box = _box(thing, matrix)
    if box is None or box[2] - box[0] < LEAST or box[3] - box[1] < LEAST:
        return None
    opaque = not pdfium.FPDFPageObj_HasTransparency(thing)
    if kind != pdfium.FPDF_PAGEOBJ_PATH:
        return _PaintedObject(order, box, opaque and kind == pdfium.FPDF_PAGEOBJ_IMAGE, white=False)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(thing, fill, stroke) or not fill.value:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return _PaintedObject(order, box, hides=False, white=False)
    white = min(red.value, green.value, blue.value) >= WHITE
    hides = opaque and alpha.value == 255 and _is_rectangle(thing) and not _is_clipped(thing)  # wholly
    return _PaintedObject(order, box, hides, white)


def _is_rectangle(path: Any) -> bool:
    count = pdfium.FPDFPath_CountSegments(path)
    if not 4 <= count <= MOST_SEGMENTS:  # corners
        return False
    x, y = ctypes.c_float(), ctypes.c_float()
    points = set()
    for n in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, n)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_BEZIERTO:
            return False
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.add((round(x.value, 1), round(y.value, 1)))
    return len({x for x, _ in points}) == len({y for _, y in points}) == 2 and len(points) == 4  # corners


def _is_clipped(thing: Any) -> bool:
    """Say whether only a part of something is drawn, as far as a rectangle does not hold all of it."""
    clip = pdfium.FPDFPageObj_GetClipPath(thing)
    if not clip:
        return False
    box = _bounds(thing)
    x, y = ctypes.c_float(), ctypes.c_float()
    for n in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        points = []
        for k in range(max(0, pdfium.FPDFClipPath_CountPathSegments(clip, n))):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, n, k), x, y)
            points.append((x.value, y.value))
        if not points or box is None:
            return True
        inside = (
            min(x for x, _ in points) <= box[0] + 1
            and max(x for x, _ in points) >= box[2] - 1
            and min(y for _, y in points) <= box[1] + 1
            and max(y for _, y in points) >= box[3] - 1
        )
        if not inside:
            return True
    return False


def _bounds(thing: Any) -> Rect | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _box(thing: Any, matrix: Matrix) -> Rect | None:
    bounds = _bounds(thing)
    if bounds is None:
        return None
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in bounds[::2] for y in bounds[1::2]]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _matrix(thing: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _joined(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that does the first and then the other."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _holds(box: Rect, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


BLACK = (0, 0, 0, 255)


def colour_of(handle: object, n: int) -> tuple[int, int, int, int]:
    """Return the red, green, blue and cover (0 to 255) that a letter is filled with, by its number on the page."""
    red, green, blue, alpha = parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFText_GetFillColor(handle, n, *parts):
        return BLACK
    return red.value, green.value, blue.value, alpha.value
