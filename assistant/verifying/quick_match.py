"""Whether a scan shows the page that is expected, lying nearly as it was issued: decided by a few pieces of its print.

Most scans do. Then a dozen pieces, searched around their places, tell how the page lies, and the others tell whether it
is this page, in a fifth of the time that telling points take (``scans.matching``). Whatever fails here is left to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.alignment import ALIGN_DPI, MATCH_CORRELATION, ROUGH_DPI, Box, PageMap
from assistant.scans.matching import PictureMatch, is_believable, map_points
from assistant.scans.one_thread import cv2
from assistant.scans.paper import InkPicture, reduce_picture, soften
from assistant.scans.peaks import find_peak_offset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.scans.matching import Plane
    from assistant.scans.paper import Darkness
    from assistant.verifying.issued_page import IssuedPage

SAME_SIZE = 0.04
"""Part of its width and height by which the paper may be larger or smaller than the page."""
SCOUTS = 16
"""Pieces of print that are searched far around their places."""
FAR, NEAR = 26, 3
"""Pixels at ``ROUGH_DPI`` around its place in which a piece is searched: before and after it is known how the page
lies."""
LEAST_SCOUTS = 8
OFF = 1.5
"""Pixels at ``ROUGH_DPI`` by which a piece may lie beside where the others put it."""
SURE_SHARE = 0.85
"""So many pieces found again are no other page: the lines of another one are other words."""
LEAST_PIECES = 40
"""With fewer, the headers and footers that all pages share would decide."""


def match_expected(issued: IssuedPage, picture: InkPicture) -> PictureMatch | None:
    """Return how the expected page lies on a picture; None where that is not sure, also where it shows that page."""
    size = (issued.dark.shape[1] / ALIGN_DPI, issued.dark.shape[0] / ALIGN_DPI)
    if len(issued.segments) < LEAST_PIECES or any(
        abs(there - here) > SAME_SIZE * here for there, here in zip(picture.size, size, strict=True)
    ):
        return None
    page = soften(reduce_picture(issued.dark, ALIGN_DPI, ROUGH_DPI), 0.5)
    rough = picture.reduced(ROUGH_DPI)
    boxes = [Box(s.left // 2, s.top // 2, (s.right + 1) // 2, (s.bottom + 1) // 2) for s in issued.segments]
    middles = np.array([box.middle for box in boxes]) / ROUGH_DPI
    scouts = _spread_over(boxes, page.shape)
    far, likes = _search(page, soften(rough.darkness, 0.5), [boxes[n] for n in scouts], FAR)
    is_found = likes >= MATCH_CORRELATION
    if is_found.sum() < LEAST_SCOUTS:
        return None
    plane = _fit(middles[scouts][is_found], middles[scouts][is_found] + far[is_found] / ROUGH_DPI)
    if plane is None or not is_believable(plane, size):
        return None
    laid_picture = PageMap.flat(plane, size).lay_over(rough, ROUGH_DPI)
    moves, likes = _search(page, soften(laid_picture, 0.5), boxes, NEAR)
    is_found = likes >= MATCH_CORRELATION
    if is_found.mean() < SURE_SHARE:
        return None
    source, target = middles[is_found], map_points(plane, middles[is_found] + moves[is_found] / ROUGH_DPI)
    nearer = _fit(source, target)
    if nearer is None or not is_believable(nearer, size):
        return None
    return PictureMatch(
        page=issued.number,
        inliers=int(is_found.sum()),
        plane=nearer,
        matched=(source.astype(np.float32), target.astype(np.float32)),
        used=np.zeros(0, bool),
        points=len(boxes),
    )


def _spread_over(boxes: Sequence[Box], shape: tuple[int, ...]) -> list[int]:
    """Return the numbers of the widest pieces in each of 4 by 4 fields of the page, ``SCOUTS`` at most."""
    high, wide = shape
    widest: dict[tuple[int, int], int] = {}
    for n, box in enumerate(boxes):
        x, y = box.middle
        field = (int(4 * x / wide), int(4 * y / high))
        best = widest.get(field)
        if best is None or box.right - box.left > boxes[best].right - boxes[best].left:
            widest[field] = n
    return sorted(widest.values())[:SCOUTS]


def _search(
    page: Darkness, there: Darkness, boxes: Sequence[Box], reach: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how many pixels each piece lies beside its place ``[n, 2]``, and its likeness there, -1 to 1."""
    high, wide = page.shape
    below, beside = max(0, high - there.shape[0]), max(0, wide - there.shape[1])
    padded = np.pad(there, ((reach, reach + below + 1), (reach, reach + beside + 1)))
    moves, likeness = np.zeros((len(boxes), 2)), np.full(len(boxes), -1.0)
    for n, box in enumerate(boxes):
        template = box.cut(page)
        rows, columns = template.shape
        around = padded[box.top : box.top + rows + 2 * reach, box.left : box.left + columns + 2 * reach]
        likes = cv2.matchTemplate(around, template, cv2.TM_CCOEFF_NORMED)
        _, top, _, (x, y) = cv2.minMaxLoc(likes)
        # OpenCV calls blank paper like anything.
        has_ink = around[y : y + rows, x : x + columns].mean() > template.mean() / 3
        if np.isfinite(top) and has_ink and 0 < x < 2 * reach and 0 < y < 2 * reach:
            likeness[n] = top
            moves[n] = x - reach + find_peak_offset(likes[y], x), y - reach + find_peak_offset(likes[:, x], y)
    return moves, likeness


def _fit(source: NDArray[np.float64], target: NDArray[np.float64]) -> Plane | None:
    """Return the affine map that most pieces agree with; None where fewer than ``LEAST_SCOUTS`` do."""
    cv2.setRNGSeed(1)
    affine, inliers = cv2.estimateAffine2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=OFF / ROUGH_DPI)
    if affine is None or int(inliers.sum()) < LEAST_SCOUTS:
        return None
    return np.vstack([affine, (0.0, 0.0, 1.0)])
