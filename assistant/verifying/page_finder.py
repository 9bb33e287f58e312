"""Which page of which issued document each page of a file shows; it runs in the sandbox alone.

Only the place is told here. Whether a page is the same as the issued one is for the comparison to say.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.scans.matching import MATCH_DPI, PagePoints, find_points, match_page
from assistant.scans.paper import find_ink_share, measure_darkness, reduce_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DRAW_DPI = 150
EMPTY = 0.0004
"""A page with a smaller part of ink is empty."""
LEAST_INLIERS = 20
"""Fewer points in common say nothing: pages of other documents reached 28, all but one of them less than 20."""
CLEAR = 1.5
"""The best document is surely meant where it has so many times the points of the next one."""


class PageSighting(TypedDict):
    """What a page of a file shows: a page of a document, or None; pages count from 1.

    ``sure``: no other page has nearly as many points in common. ``empty``: nothing is on it.
    """

    number: int
    document: str | None
    page: int | None
    sure: bool
    empty: bool


class _IssuedPages:
    """The pages of the issued documents; the points of each are found when they are asked for."""

    def __init__(self, opened: Mapping[str, ViewedPdf]) -> None:
        self._opened = opened
        self._points: dict[tuple[str, int], PagePoints] = {}
        self.places = [(name, n) for name, one in opened.items() for n in range(1, one.page_count + 1)]

    def points(self, name: str, page: int) -> PagePoints:
        if (name, page) not in self._points:
            self._points[name, page] = _points_of(self._opened[name], page)[0]
        return self._points[name, page]


def find_pages(data: bytes, documents: str) -> list[PageSighting]:
    """Return what each page of a file shows.

    Args:
        data: the file, a PDF.
        documents: the issued documents by name, each the path of its file, as JSON.

    Raises:
        PdfError: a file cannot be opened.
    """
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context(ViewedPdf(Path(path).read_bytes()))
            for name, path in json.loads(documents).items()
        }
        issued_pages, signed = _IssuedPages(opened), stack.enter_context(ViewedPdf(data))
        return list(_find_each(issued_pages, signed))


def _find_each(issued_pages: _IssuedPages, signed: ViewedPdf) -> Iterator[PageSighting]:
    expected: tuple[str, int] | None = None
    for number in range(1, signed.page_count + 1):
        points, is_empty = _points_of(signed, number)
        if is_empty:
            yield {"number": number, "document": None, "page": None, "sure": True, "empty": True}
            continue
        place, sure = _find_one(issued_pages, points, expected)
        name, page = place or (None, None)
        expected = (place[0], place[1] + 1) if place else expected
        yield {"number": number, "document": name, "page": page, "sure": sure, "empty": False}


def _find_one(
    issued_pages: _IssuedPages, points: PagePoints, expected: tuple[str, int] | None
) -> tuple[tuple[str, int] | None, bool]:
    """Return the page with the most points in common; the expected one is tried first, and taken where it is sure."""
    if expected in issued_pages.places:
        match = match_page(points, issued_pages.points(*expected), expected[1])
        if match and match.is_sure:
            return expected, True
    inliers: dict[tuple[str, int], int] = {}
    for place in issued_pages.places:
        match = match_page(points, issued_pages.points(*place), place[1])
        if match and match.inliers >= LEAST_INLIERS:
            inliers[place] = match.inliers
    if not inliers:
        return None, False
    best, *others = sorted(inliers, key=lambda place: -inliers[place])
    return best, not others or inliers[best] >= CLEAR * inliers[others[0]]


def _points_of(viewed: ViewedPdf, number: int) -> tuple[PagePoints, bool]:
    gray = np.asarray(viewed.draw_page(number, DRAW_DPI, finer=1))
    darkness = measure_darkness(gray, DRAW_DPI)
    return find_points(reduce_picture(darkness, DRAW_DPI, MATCH_DPI)), find_ink_share(darkness) < EMPTY
