"""The straight lines drawn on a page, as strokes, as edges of boxes or as thin filled strips, read through pdfium."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from assistant.pdf.viewer.render import held_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pypdfium2

    Level = tuple[float, float, float]
    Point = tuple[float, float]
    Matrix = tuple[float, float, float, float, float, float]

MOST_OBJECTS = 5_000
MOST_LINES = 2_000
DEEPEST = 4
"""How many drawings inside drawings are looked into."""
THIN = 2.5
"""Points: a filled strip no thicker than this is a line."""
SLOPE = 0.5
PALE = 240
"""A colour (of 255) as light as this is not seen on paper."""
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The lines of a page, in points from the lower left corner."""

    level: tuple[Level, ...] = ()
    """(x0, y, x1) of each."""
    upright: tuple[Level, ...] = ()
    """(y0, x, y1) of each."""


def read_rulings(data: bytes, pages: int) -> dict[int, Ruling]:
    """Return the lines of the first ``pages`` pages, by page from 1.

    Raises:
        PdfError: pdfium cannot open the file.
    """
    with held_pdf(data) as opened:
        return {number + 1: _ruling(opened, number) for number in range(min(pages, len(opened)))}


def _ruling(opened: pypdfium2.PdfDocument, number: int) -> Ruling:
    page = opened[number]
    objects = [pdfium.FPDFPage_GetObject(page, n) for n in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS))]
    level: list[Level] = []
    upright: list[Level] = []
    for one, other in _strokes(objects, IDENTITY, 0):
        (x0, y0), (x1, y1) = sorted((one, other))
        if abs(y1 - y0) <= SLOPE < x1 - x0:
            level.append((x0, (y0 + y1) / 2, x1))
        elif x1 - x0 <= SLOPE < abs(y1 - y0):
            upright.append((min(y0, y1), (x0 + x1) / 2, max(y0, y1)))
    return Ruling(level=tuple(_joined(level)), upright=tuple(_joined(upright)))


def _strokes(objects: list[pdfium.FPDF_PAGEOBJECT], outer: Matrix, depth: int) -> Iterator[tuple[Point, Point]]:
    """Yield the ends of every line that is seen."""
    for item in objects:
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            count = min(pdfium.FPDFFormObj_CountObjects(item), MOST_OBJECTS)
            inside = [pdfium.FPDFFormObj_GetObject(item, n) for n in range(count)]
            yield from _strokes(inside, _within(_matrix(item), outer), depth + 1)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _path(item, _within(_matrix(item), outer))


def _path(item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if stroke.value and _is_seen(item, pdfium.FPDFPageObj_GetStrokeColor):
        for outline in _outlines(item, matrix):
            yield from pairwise(outline)
    elif fill.value and _is_seen(item, pdfium.FPDFPageObj_GetFillColor):
        for outline in _outlines(item, matrix):
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            if max(ys) - min(ys) <= THIN:
                yield (min(xs), max(ys)), (max(xs), max(ys))
            elif max(xs) - min(xs) <= THIN:
                yield (min(xs), min(ys)), (min(xs), max(ys))


def _outlines(item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> list[list[Point]]:
    """Return the corners of each part of a path; a curve ends a part."""
    outlines: list[list[Point]] = []
    for n in range(min(pdfium.FPDFPath_CountSegments(item), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, n)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved((x.value, y.value), matrix)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and outlines:
            outlines[-1].append(point)
        else:
            outlines.append([point])
        if pdfium.FPDFPathSegment_GetClose(segment):
            outlines[-1].append(outlines[-1][0])
    return outlines


def _is_seen(item: pdfium.FPDF_PAGEOBJECT, colour_of: Callable[..., int]) -> bool:
    red, green, blue, solid = (ctypes.c_uint() for _ in range(4))
    if not colour_of(item, red, green, blue, solid):
        return True
    return solid.value > 0 and min(red.value, green.value, blue.value) < PALE


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _within(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix of what stands in a drawing that is itself placed."""
    a, b, c, d, e, f = inner
    x, y = _moved((e, f), outer)
    oa, ob, oc, od, _, _ = outer
    return a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, x, y


def _moved(point: Point, matrix: Matrix) -> Point:
    (x, y), (a, b, c, d, e, f) = point, matrix
    return a * x + c * y + e, b * x + d * y + f


def _joined(lines: list[Level]) -> list[Level]:
    """Return the lines with those put together that meet: dots, dashes, edges of cells, both edges of a thin strip."""
    joined_lines: list[Level] = []
    for x0, y, x1 in sorted(lines[:MOST_LINES], key=lambda line: (line[1], line[0])):
        for n, (start, there, end) in enumerate(joined_lines):
            if y - there <= THIN and x0 <= end + THIN and x1 >= start - THIN:
                joined_lines[n] = min(start, x0), there, max(end, x1)
                break
        else:
            joined_lines.append((x0, y, x1))
    return joined_lines
