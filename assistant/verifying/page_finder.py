"""Which page of which issued document each page of a file shows; it runs in the sandbox alone.

Only the place is determined here. Whether a page is the same as the issued one is for the comparison to say.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.scans.codes import read_codes
from assistant.scans.matching import MATCH_DPI, PagePoints, find_points, match_page
from assistant.scans.paper import find_ink_share, measure_darkness, reduce_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

DRAW_DPI = 150
EMPTY = 0.0004
"""A page with a smaller part of ink is empty."""
LEAST_INLIERS = 20
"""Fewer points in common say nothing: pages of other documents reached 28, all but one of them less than 20."""
CLEAR = 1.5
"""The best document is surely meant where it has so many times the points of the next one."""


class PageSighting(TypedDict):
    """What a page of a file shows: a page of a document, or None; pages count from 1.

    ``sure``: no other page has nearly as many points in common. ``empty``: nothing is on it. ``codes``: the texts of
    our own codes on it; such a page is one of our papers, whatever small pictures of other pages it has.
    """

    number: int
    document: str | None
    page: int | None
    sure: bool
    empty: bool
    codes: list[str]


class _IssuedPages:
    """The pages of the issued documents; the points of each are found when they are asked for."""

    def __init__(self, opened: Mapping[str, ViewedPdf]) -> None:
        self._opened = opened
        self._points: dict[tuple[str, int], PagePoints] = {}
        self.places = [(name, n) for name, one in opened.items() for n in range(1, one.page_count + 1)]

    def points(self, name: str, page: int) -> PagePoints:
        if (name, page) not in self._points:
            self._points[name, page] = _points_of(np.asarray(self._opened[name].draw_page(page, DRAW_DPI, finer=1)))[0]
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
        gray = np.asarray(signed.draw_page(number, DRAW_DPI, finer=1))
        points, is_empty = _points_of(gray)
        if is_empty:
            yield {"number": number, "document": None, "page": None, "sure": True, "empty": True, "codes": []}
            continue
        if _is_expected(issued_pages, points, expected):
            place, sure = expected, True
        elif codes := read_codes(gray):
            yield {"number": number, "document": None, "page": None, "sure": True, "empty": False, "codes": codes}
            continue
        else:
            place, sure = _find_one(issued_pages, points)
        name, page = place or (None, None)
        expected = (place[0], place[1] + 1) if place else expected
        yield {"number": number, "document": name, "page": page, "sure": sure, "empty": False, "codes": []}


def _is_expected(issued_pages: _IssuedPages, points: PagePoints, expected: tuple[str, int] | None) -> bool:
    """Say whether a page is surely the one that comes next."""
    if expected is None or expected not in issued_pages.places:
        return False
    match = match_page(points, issued_pages.points(*expected), expected[1])
    return match is not None and match.is_sure


def _find_one(issued_pages: _IssuedPages, points: PagePoints) -> tuple[tuple[str, int] | None, bool]:
    """Return the page with the most points in common, and whether no other has nearly as many."""
    inliers: dict[tuple[str, int], int] = {}
    for place in issued_pages.places:
        match = match_page(points, issued_pages.points(*place), place[1])
        if match and match.inliers >= LEAST_INLIERS:
            inliers[place] = match.inliers
    if not inliers:
        return None, False
    best, *others = sorted(inliers, key=lambda place: -inliers[place])
    return best, not others or inliers[best] >= CLEAR * inliers[others[0]]


def _points_of(gray: NDArray[np.uint8]) -> tuple[PagePoints, bool]:
    darkness = measure_darkness(gray, DRAW_DPI)
    return find_points(reduce_picture(darkness, DRAW_DPI, MATCH_DPI)), find_ink_share(darkness) < EMPTY
