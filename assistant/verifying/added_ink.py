"""Ink on a scan that the issued page has not: writing, stamps, staples, stains, holes; where, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from assistant.scans.alignment import ALIGN_DPI, Box
from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from assistant.scans.paper import Darkness
    from assistant.verifying.page_model import PageModel

BESIDE = 2
"""Pixels around issued ink that are still its own."""
TRACE, DARK = 0.08, 0.33
"""Of the contrast: what counts as issued ink, and what as added ink."""
LEAST_DARK = 0.2
"""Darkness of added ink on the palest page."""
JOIN = 0.16
"""Inches over which ink is taken together."""
SPECK, LEAST_INK = 6, 40
"""Pixels: fewer together are a speck; fewer taken together are no writing."""
MARGIN, CORNER = 0.55, 1.1
"""Inches from the edge of the paper: where people write initials and scanners leave shadows; where staples are."""
HOLE = (0.16, 0.42)
"""Inches: how large a punched hole is, across and down."""
HOLE_EDGE = 1.0
RING = 1.2
"""Inches: a stain or the ring of a cup is at least so large."""
THIN = 0.12
"""What part of its box a ring fills at most."""
MOST_TURNED = 25.0
LEAST_FRAME, EDGE, FRAMED = 0.3, 7.0, 0.33
"""Inches of the shorter side of a frame at least; pixels within which ink lies on it; the part of it that is drawn."""
MOST_SPECKS = 6_000
"""Pixels of specks on a page among which nobody can tell what was added."""

InkKind = Literal["writing", "margin", "corner", "hole", "stain"]
NOTES_BY_KIND = {
    "margin": "a mark in the margin",
    "corner": "a mark in a corner, as of a staple",
    "hole": "a punched hole",
    "stain": "a round stain",
}
"""What is noted of added ink that alters nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedInk:
    """Ink taken together: its box and how many pixels it has."""

    box: Box
    pixels: int
    kind: InkKind
    angle: float = 0.0
    """Degrees by which it is turned to the right, where it is a little turned."""
    is_framed: bool = False
    """Whether a frame runs around it, as around a stamp."""


def mask_added_ink(model: PageModel) -> NDArray[np.uint8]:
    """Return where ink stands that the issued page has not, 1 and 0; specks are left out."""
    floor, contrast = _floor_and_contrast(model)
    own = _mask_issued_ink(model, model.expected)
    dark = (model.scan > max(floor + DARK * contrast, LEAST_DARK)).astype(np.uint8)
    ink: NDArray[np.uint8] = np.where(own == 0, dark, np.uint8(0))
    return ink


def _floor_and_contrast(model: PageModel) -> tuple[float, float]:
    """Return how dark the scan's paper is, and by how much its ink is darker."""
    return float(model.tone[0]), max(model.contrast, 0.2)


def _mask_issued_ink(model: PageModel, expected: Darkness) -> NDArray[np.uint8]:
    """Return where issued ink stands on (a part of) the page as expected, and close around it: 1 and 0."""
    floor, contrast = _floor_and_contrast(model)
    own = (expected > floor + TRACE * contrast).astype(np.uint8)
    dilated: NDArray[np.uint8] = cv2.dilate(own, np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8))
    return dilated


def remove_specks(ink: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Return a mask of ink without its specks, and how many pixels they had."""
    around = np.ones((5, 5), np.uint8)
    dense = (cv2.boxFilter(ink, cv2.CV_8U, (5, 5), normalize=False) >= SPECK).astype(np.uint8)
    dense_ink: NDArray[np.uint8] = cv2.bitwise_and(ink, cv2.dilate(dense, around))
    return dense_ink, int(ink.sum()) - int(dense_ink.sum())


def find_added(ink: NDArray[np.uint8], left_out: Sequence[Box] = ()) -> Iterator[AddedInk]:
    """Yield what was added to a page, by what lies together; ``left_out``: where it does not count."""
    ink = ink.copy()
    for box in left_out:
        ink[box.top : box.bottom, box.left : box.right] = 0
    if not ink.any():
        return
    reach = round(JOIN * ALIGN_DPI)
    # Joined on a picture half as fine, for the shape of the whole does not matter.
    half = cv2.resize(ink, (ink.shape[1] // 2, ink.shape[0] // 2), interpolation=cv2.INTER_AREA)
    half = ((half > 0) | (ink[::2, ::2][: half.shape[0], : half.shape[1]] > 0)).astype(np.uint8)
    joined = cv2.dilate(half, np.ones((reach // 2 + 1, reach // 2 + 1), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    ys, xs = np.nonzero(ink)
    at = labels[np.minimum(ys // 2, labels.shape[0] - 1), np.minimum(xs // 2, labels.shape[1] - 1)]
    for n in range(1, count):
        those = at == n
        pixels = int(those.sum())
        if pixels >= LEAST_INK:
            x, y = xs[those], ys[those]
            box = Box(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)
            angle, is_framed = _measure_frame(x, y)
            kind = _kind(box, x, y, ink.shape)
            yield AddedInk(box=box, pixels=pixels, kind=kind, angle=angle, is_framed=is_framed)


def _measure_frame(x: NDArray[np.int64], y: NDArray[np.int64]) -> tuple[float, bool]:
    """Return by how many degrees ink is turned, and whether it has a frame around it."""
    points = np.column_stack([x, y]).astype(np.float32)
    (middle_x, middle_y), (wide, high), angle = cv2.minAreaRect(points)
    if wide < high:
        wide, high, angle = high, wide, angle - 90
    angle = (angle + 90) % 180 - 90
    if abs(angle) > MOST_TURNED or min(wide, high) < LEAST_FRAME * ALIGN_DPI:
        return 0.0, False
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    across = (x - middle_x) * cos + (y - middle_y) * sin
    down = (y - middle_y) * cos - (x - middle_x) * sin
    sides = []
    for along, beside, long, short in ((across, down, wide, high), (down, across, high, wide)):
        for side in (-1, 1):
            near = along[np.abs(beside - side * short / 2) < EDGE]
            bins = max(4, int(long / 6))
            hit = np.unique(np.clip(((near / long + 0.5) * bins).astype(int), 0, bins - 1))
            sides.append(len(hit) / bins)
    return float(angle), float(np.mean(sides)) > FRAMED


def _kind(box: Box, x: NDArray[np.int64], y: NDArray[np.int64], shape: tuple[int, ...]) -> InkKind:
    high, wide = (side / ALIGN_DPI for side in shape)
    left, top, right, bottom = (side / ALIGN_DPI for side in (box.left, box.top, box.right, box.bottom))
    across, down = right - left, bottom - top
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    near_side = min(middle_x, wide - middle_x)
    near_end = min(middle_y, high - middle_y)
    round_enough = 0.7 < across / max(down, 1e-6) < 1.4
    edge = min(near_side, near_end)
    if edge < HOLE_EDGE and all(HOLE[0] <= side <= HOLE[1] for side in (across, down)) and round_enough:
        fill = len(x) / max(1, (box.right - box.left) * (box.bottom - box.top))
        if fill > 0.6 or _is_ring(x, y):
            return "hole"
    if max(left, wide - right) >= 0 and (right < MARGIN or left > wide - MARGIN):
        return "margin"
    if bottom < MARGIN or top > high - MARGIN:
        return "margin"
    if near_side < CORNER and near_end < CORNER and max(across, down) < CORNER:
        return "corner"
    if max(across, down) > RING and len(x) < THIN * across * down * ALIGN_DPI**2 and _is_ring(x, y):
        return "stain"
    return "writing"


def _is_ring(x: NDArray[np.int64], y: NDArray[np.int64]) -> bool:
    """Say whether points lie around a circle, or a part of one."""
    if len(x) < 20:
        return False
    terms = np.column_stack([x, y, np.ones(len(x))]).astype(np.float64)
    (a, b, c), *_ = np.linalg.lstsq(terms, -(x.astype(np.float64) ** 2 + y.astype(np.float64) ** 2), rcond=None)
    radius = np.sqrt(max(a * a / 4 + b * b / 4 - c, 1.0))
    off = np.abs(np.hypot(x + a / 2, y + b / 2) - radius)
    return bool(np.quantile(off, 0.8) < 0.12 * radius)


def mask_pen(model: PageModel, box: Box, paper: float) -> NDArray[np.uint8]:
    """Return where a pen wrote in a blank: strokes beside issued ink, darker than the page's paper ever is.

    ``paper``: the darkness that the paper exceeds in three pixels of a thousand.
    """
    part = box.cut(model.scan)
    own = _mask_issued_ink(model, box.cut(model.expected))
    ink: NDArray[np.uint8] = ((part > max(1.6 * paper, 0.07)) & (own == 0)).astype(np.uint8)
    return ink


def measure_paper(scan: Darkness, own: NDArray[np.uint8], ink: NDArray[np.uint8]) -> float:
    """Return how dark the paper is at most: what three pixels of a thousand exceed, far from all ink."""
    kernel = np.ones((9, 9), np.uint8)
    paper = scan[cv2.dilate(cv2.bitwise_or(own, ink), kernel) == 0]
    return float(np.quantile(paper[:: max(1, len(paper) // 200_000)], 0.997)) if len(paper) else 0.0
