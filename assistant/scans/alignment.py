"""Lay a picture over a known page to a tenth of a point: the right kind of map first, then what the paper bends.

The known page gives line segments, each about an inch of print. They are searched on the picture; a smooth map goes
through the places where they are found. On a nearly empty page few are, so the map may only bend where print shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.matching import map_points
from assistant.scans.one_thread import cv2
from assistant.scans.paper import InkPicture, reduce_picture, soften
from assistant.scans.peaks import find_peak_offset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from numpy.typing import NDArray

    from assistant.scans.matching import PictureMatch, Plane
    from assistant.scans.paper import Darkness

    Pixel = TypeVar("Pixel", bound=np.generic)

ALIGN_DPI, ROUGH_DPI = 150, 75
STEP = 0.2
"""Inches between two nodes of a map; times any resolution used here it is a whole number of pixels."""
BEYOND = 1
"""Nodes of a map beyond each edge of the page."""
LONGEST, SHORTEST = 1.1, 0.12
"""Inches: a segment is a line of print, cut into pieces of at most so much; shorter pieces tell nothing."""
LOWEST, HIGHEST = 0.04, 0.45
"""Inches: how high a line of print is, descenders and all."""
PALEST = 0.3
"""How dark print is."""
WORD_GAP = 0.14
"""Inches: a wider gap ends a line of print."""
AROUND = 0.03
"""Inches of paper around a segment that are searched with it."""
MATCH_CORRELATION = 0.55
"""Correlation from which a segment counts as found."""
LEAST_INK = 0.3
"""Of its ink, what a place has at least where a segment may be."""
ENOUGH_MATCHES = 0.97
"""The kind of map is good enough where so many segments are found again."""
ROUGH_REACH = 4
"""Pixels at ``ROUGH_DPI`` by which a segment is searched while the kind of map is chosen."""
REACH, WIDE_REACH, LAST_REACH = 16, 52, 4
"""Pixels at ``ALIGN_DPI`` by which a segment is searched: at first, where it was not found, at last."""
SOFT = 1.0
"""Pixels at ``ALIGN_DPI`` by which both pictures are blurred, so that the edges of two prints of one letter agree."""
MOST_PASSES = 3
FEW_POINTS = 150
"""Matched points on a nearly empty page, where every kind of map is tried."""
OUTLIER = 3.0
"""A place is dropped that lies so many times the usual deviation from the smooth map."""
SMOOTH = 0.7
"""Inches over which what the polynomial leaves is smoothed."""
CUBIC, QUADRATIC, STRAIGHT = 40, 18, 5
"""So many places are wanted for a map that bends so much."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a page, in pixels: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, picture: NDArray[Pixel]) -> NDArray[Pixel]:
        """Return this part of a picture."""
        return picture[self.top : self.bottom, self.left : self.right]

    @property
    def middle(self) -> tuple[float, float]:
        """Return its middle, in pixels."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMap:
    """Where each place of a page lies on a picture: a plane map, and by how much the paper bends away from it.

    ``shifts``: ``[rows, columns, 2]``, inches of the page, at nodes ``STEP`` apart that begin ``BEYOND`` steps outside.
    """

    plane: Plane
    size: tuple[float, float]
    """Width and height of the page, in inches."""
    shifts: NDArray[np.float64]

    @classmethod
    def flat(cls, plane: Plane, size: tuple[float, float]) -> PageMap:
        """Return the map of a page whose paper does not bend."""
        return cls(plane=plane, size=size, shifts=np.zeros((*_nodes(size)[0].shape, 2)))

    def at(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where places of the page ``[n, 2]`` lie on the picture; both in inches."""
        nodes = (points / STEP - 0.5 + BEYOND).astype(np.float32)
        x, y = nodes[:, :1], nodes[:, 1:]
        shifted = cv2.remap(self.shifts.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return map_points(self.plane, points + shifted.reshape(-1, 2))

    def bent(self, more: NDArray[np.float64]) -> PageMap:
        """Return the map with further shifts on top, in inches of the page as this map lays it."""
        x, y = _nodes(self.size)
        moved_x = ((x + more[..., 0]) / STEP - 0.5 + BEYOND).astype(np.float32)
        moved_y = ((y + more[..., 1]) / STEP - 0.5 + BEYOND).astype(np.float32)
        under = cv2.remap(
            self.shifts.astype(np.float32), moved_x, moved_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return PageMap(plane=self.plane, size=self.size, shifts=more + under)

    def lay_over(self, picture: InkPicture, dpi: int = ALIGN_DPI) -> Darkness:
        """Return the picture as it lies over the page, at ``dpi``; beyond its edges there is paper."""
        places = self._pixels(picture.dpi, dpi)
        overlaid: Darkness = cv2.remap(picture.darkness, places, None, cv2.INTER_LINEAR, borderValue=0)
        return overlaid

    def find_beyond(self, picture_size: tuple[float, float], points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Say of places of the page whether they lie beyond the edges of the picture (its size in inches)."""
        x, y = self.at(points).T
        beyond: NDArray[np.bool_] = (x < 0) | (y < 0) | (x > picture_size[0]) | (y > picture_size[1])
        return beyond

    def _pixels(self, picture_dpi: float, dpi: int) -> NDArray[np.float32]:
        x, y = _nodes(self.size)
        places = np.column_stack([(x + self.shifts[..., 0]).ravel(), (y + self.shifts[..., 1]).ravel()])
        there = (map_points(self.plane, places) * picture_dpi - 0.5).reshape(*x.shape, 2).astype(np.float32)
        cell = round(STEP * dpi)
        wide, high = round(self.size[0] * dpi), round(self.size[1] * dpi)
        skip = BEYOND * cell
        all_pixels = cv2.resize(there, (x.shape[1] * cell, x.shape[0] * cell), interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(all_pixels[skip : skip + high, skip : skip + wide])


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How a picture lies over a page, and how well its print was found again."""

    page_map: PageMap
    is_matched: NDArray[np.bool_]
    """Which segments were found."""
    places: NDArray[np.float64]
    """The middles of the segments on the page, in inches: ``[n, 2]``."""

    @property
    def share(self) -> float:
        """Return which part of the segments was found; 0 where the page has none."""
        return float(self.is_matched.mean()) if len(self.is_matched) else 0.0

    def find_worst_part(self, parts: int = 3, least: int = 6) -> float:
        """Return the smallest part of segments found in any of ``parts`` strips across the page.

        A strip with fewer than ``least`` segments says nothing.
        """
        strips = np.minimum((self.places[:, 1] / self.page_map.size[1] * parts).astype(int), parts - 1)
        shares = [self.is_matched[strips == n].mean() for n in range(parts) if np.count_nonzero(strips == n) >= least]
        return float(min(shares, default=1.0))


def find_segments(darkness: Darkness, dpi: int = ALIGN_DPI) -> list[Box]:
    """Return pieces of the lines of print on a page, each at most ``LONGEST`` inches long, in pixels."""
    ink = (darkness > PALEST).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, round(WORD_GAP * dpi)), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    segments: list[Box] = []
    for left, top, wide, high, _ in boxes[1:].tolist():
        if not LOWEST * dpi <= high <= HIGHEST * dpi or wide < SHORTEST * dpi:
            continue
        count = max(1, round(wide / (LONGEST * dpi) + 0.2))
        around = round(AROUND * dpi)
        for n in range(count):
            one = Box(
                max(0, left + wide * n // count - around),
                max(0, top - around),
                min(darkness.shape[1], left + wide * (n + 1) // count + around),
                min(darkness.shape[0], top + high + around),
            )
            segments.append(one)
    return segments


def align_page(page: Darkness, segments: Sequence[Box], picture: InkPicture, match: PictureMatch) -> Alignment:
    """Return how a picture lies over a page that it shows.

    Args:
        page: the known page at ``ALIGN_DPI``.
        segments: its pieces of print (``find_segments``).
        picture: the picture of paper.
        match: which page it is, and roughly how it lies.
    """
    size = (page.shape[1] / ALIGN_DPI, page.shape[0] / ALIGN_DPI)
    places = np.array([segment.middle for segment in segments]).reshape(-1, 2) / ALIGN_DPI
    is_matched = np.zeros(len(segments), bool)
    if not segments:
        return Alignment(page_map=PageMap.flat(match.plane, size), is_matched=is_matched, places=places)
    plane, moves, likeness = _choose_plane(page, segments, picture, match)
    page_map = PageMap.flat(plane, size)
    soft = soften(page, SOFT)
    if (likeness >= MATCH_CORRELATION).mean() >= ENOUGH_MATCHES:
        page_map = _bend_map(page_map, places, moves / ROUGH_DPI, likeness)
        reaches = [LAST_REACH]
    else:
        reaches = [REACH]
    for reach in reaches:
        overlaid = soften(page_map.lay_over(picture), SOFT)
        moves, likeness = _search(soft, overlaid, segments, reach)
        unmatched = np.flatnonzero(likeness < MATCH_CORRELATION).tolist()
        if unmatched and len(reaches) < MOST_PASSES:
            # A footer far from the other print may lie elsewhere; once it is found, everything is placed again.
            moves[unmatched], likeness[unmatched] = _search(
                soft, overlaid, [segments[n] for n in unmatched], WIDE_REACH
            )
            reaches.append(LAST_REACH)
        elif reach == REACH:
            reaches.append(LAST_REACH)
        is_matched = likeness >= MATCH_CORRELATION
        if not is_matched.any():
            break
        page_map = _bend_map(page_map, places, moves / ALIGN_DPI, likeness)
    return Alignment(page_map=page_map, is_matched=is_matched, places=places)


def _choose_plane(
    page: Darkness, segments: Sequence[Box], picture: InkPicture, match: PictureMatch
) -> tuple[Plane, NDArray[np.float64], NDArray[np.float64]]:
    """Return the plane, affine or similarity map under which most segments are found again.

    With it: by how many pixels at ``ROUGH_DPI`` each of them still lies beside its place, and its likeness there.
    """
    small = soften(reduce_picture(page, ALIGN_DPI, ROUGH_DPI), SOFT / 2)
    size = (page.shape[1] / ALIGN_DPI, page.shape[0] / ALIGN_DPI)
    rough = picture.reduced(2.0 * ROUGH_DPI)
    boxes = [Box(s.left // 2, s.top // 2, (s.right + 1) // 2, (s.bottom + 1) // 2) for s in segments]
    # A box at the edge of a page with an odd number of pixels may reach a pixel beyond it.
    small = np.pad(small, ((0, 1), (0, 1)))
    tried: list[tuple[float, Plane, NDArray[np.float64], NDArray[np.float64]]] = []
    for plane in _planes(match):
        overlaid = soften(PageMap.flat(plane, size).lay_over(rough, ROUGH_DPI), SOFT / 2)
        overlaid = np.pad(overlaid, ((0, 1), (0, 1)))
        moves, likeness = _search(small, overlaid, boxes, ROUGH_REACH)
        tried.append(
            (float((likeness >= MATCH_CORRELATION).mean()) + float(likeness.mean()) / 100, plane, moves, likeness)
        )
        if tried[-1][0] >= ENOUGH_MATCHES and match.inliers >= FEW_POINTS:
            break
    _, *best = max(tried, key=lambda one: one[0])
    return best[0], best[1], best[2]


def _bend_map(
    page_map: PageMap, places: NDArray[np.float64], moves: NDArray[np.float64], likeness: NDArray[np.float64]
) -> PageMap:
    """Return the map bent so that the segments found lie in their places; ``moves`` in inches."""
    is_matched = likeness >= MATCH_CORRELATION
    return page_map.bent(_bend(places[is_matched], moves[is_matched], likeness[is_matched], page_map.size))


def _planes(match: PictureMatch) -> Iterable[Plane]:
    """Yield the maps that the matched points allow: the plane map as found, then stiffer ones."""
    yield match.plane
    source, target = match.matched
    for fit in (cv2.estimateAffine2D, cv2.estimateAffinePartial2D):
        affine, _ = fit(source, target, method=cv2.RANSAC, ransacReprojThreshold=0.06)
        if affine is not None:
            yield np.vstack([affine, (0.0, 0.0, 1.0)])


def _search(
    page: Darkness, overlaid: Darkness, segments: Sequence[Box], reach: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how many pixels each segment lies beside its place ``[n, 2]``, and its likeness there, -1 to 1."""
    moves, likeness = np.zeros((len(segments), 2)), np.zeros(len(segments))
    padded = np.pad(overlaid, reach)
    for n, box in enumerate(segments):
        # In the padded picture the box begins at its own corner, reach pixels before its place.
        around = padded[box.top : box.bottom + 2 * reach, box.left : box.right + 2 * reach]
        template = box.cut(page)
        likes = cv2.matchTemplate(around, template, cv2.TM_CCOEFF_NORMED)
        # OpenCV calls blank paper like anything.
        high, wide = template.shape
        ink = cv2.blur(around, (wide, high))[high // 2 :, wide // 2 :][: likes.shape[0], : likes.shape[1]]
        likes[ink < LEAST_INK * float(template.mean())] = -1.0
        _, top, _, (x, y) = cv2.minMaxLoc(likes)
        if not np.isfinite(top) or x in {0, 2 * reach} or y in {0, 2 * reach}:
            likelihood = -1.0
        else:
            likelihood = top
            moves[n] = (
                x - reach + find_peak_offset(likes[y], x),
                y - reach + find_peak_offset(likes[:, x], y),
            )
        likeness[n] = likelihood
    return moves, likeness


def _bend(
    places: NDArray[np.float64], moves: NDArray[np.float64], likeness: NDArray[np.float64], size: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the shifts at the nodes of a map that bring every place nearest to where it was found.

    A robust polynomial first, as many terms as the places can bear; then what it leaves, smoothed.
    """
    middle = np.array(size) / 2
    degree = 3 if len(places) >= CUBIC else 2 if len(places) >= QUADRATIC else 1 if len(places) >= STRAIGHT else 0
    terms = _terms((places - middle) / middle, degree)
    weights = np.clip(likeness, 0.1, 1.0) ** 2
    robust: NDArray[np.float64] = weights
    # A little stiffness: an affine part is known from the plane map, and bending far from print is a guess.
    stiff = np.diag([1e-3 if n == 0 else 0.05 * n for n in _degrees(degree)])
    factors: NDArray[np.floating] = np.zeros((terms.shape[1], 2))
    for _ in range(6):
        weighted = terms * robust[:, None]
        factors = np.linalg.solve(terms.T @ weighted + stiff, weighted.T @ moves)
        rest = moves - terms @ factors
        off = np.hypot(*rest.T)
        # A footer far from the other print may lie some pixels off at first, and is no outlier.
        usual = max(float(np.median(off)), 2.0 / ALIGN_DPI)
        robust = weights / (1 + (off / (OUTLIER * usual)) ** 4)
    nodes = _nodes(size)
    at = np.column_stack([nodes[0].ravel(), nodes[1].ravel()])
    inside = np.clip(at, places.min(axis=0) - 1.0, places.max(axis=0) + 1.0)
    smooth = np.asarray(_terms((inside - middle) / middle, degree) @ factors)
    # The nodes are a grid, so that nearness down and across are taken each by itself.
    across = np.exp(-((nodes[0][0][:, None] - places[:, 0]) ** 2) / (2 * SMOOTH**2))
    down = np.exp(-((nodes[1][:, 0][:, None] - places[:, 1]) ** 2) / (2 * SMOOTH**2)) * robust
    sums = np.stack([(down * rest[:, n]) @ across.T for n in (0, 1)], axis=-1)
    bend: NDArray[np.float64] = smooth.reshape(*nodes[0].shape, 2) + sums / ((down @ across.T)[..., None] + 0.5)
    return bend


def _terms(at: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return the terms of a polynomial in x and y of places ``[n, 2]``, by rising degree."""
    x, y = at.T
    return np.column_stack([x**p * y ** (d - p) for d in range(degree + 1) for p in range(d, -1, -1)])


def _degrees(degree: int) -> list[int]:
    return [d for d in range(degree + 1) for _ in range(d + 1)]


def _nodes(size: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the places of a map's nodes in inches: x and y, ``[rows, columns]`` each."""
    columns = np.arange(-BEYOND, int(np.ceil(size[0] / STEP)) + BEYOND)
    rows = np.arange(-BEYOND, int(np.ceil(size[1] / STEP)) + BEYOND)
    x, y = np.meshgrid((columns + 0.5) * STEP, (rows + 0.5) * STEP)
    return x, y
