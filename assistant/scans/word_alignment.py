"""Lay a printed page over a picture by the places of its words: a plane first, then what is left, place by place.

Of the print only positions are known, so the words of the picture are boxed as those of the print were, and the two
patterns of boxes are laid over each other tile by tile. Sparse pages have fewer tiles, each where words are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.measuring import box_words
from assistant.scans.one_thread import cv2
from assistant.scans.peaks import find_peak_offset
from assistant.scans.prints import draw_words

if TYPE_CHECKING:
    from assistant.geometry import Rect
    from assistant.scans.page_geometry import PrintedPage
    from assistant.scans.prints import PageGuess

DPI = 100
TILE = (120.0, 44.0)
"""Points, across and down: the print is cut into tiles of this size, each shrunk to its words."""
LEAST_WORDS = 2
REACHES = (20, 10, 5, 4)
"""Pixels at ``DPI`` that a tile may be off, round by round."""
GOOD = 0.45
"""Correlation of a tile whose place is believed."""
OFF = 3.0
"""Pixels that a tile may lie off the plane and still count for it."""
FEWEST = 4
FAR = 170.0
"""Points: tiles farther from a blank say nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintAlignment:
    """How a print lies on a picture. ``matrix`` (3 x 3) takes points of the print to pixels of the turned picture."""

    page: PrintedPage
    turn: int
    matrix: np.ndarray
    dpi: float
    """Pixels to an inch of the picture for which ``matrix`` holds."""
    middles: np.ndarray
    """Middles of the tiles in points of the print, (n, 2)."""
    shifts: np.ndarray
    """By how many points each tile lies off the plane, (n, 2); of no use where its agreement is low."""
    agreements: np.ndarray
    """Correlation of each tile, (n,)."""
    rest: float
    """Median distance of the tiles from the plane, in points."""

    @property
    def agreement(self) -> float:
        """Return the median agreement of the tiles, 0 to 1."""
        return float(np.median(self.agreements)) if len(self.agreements) else 0.0

    def near(self, box: Rect) -> tuple[tuple[float, float], float]:
        """Return the shift in points and the agreement of the print around a box of it."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not len(self.middles):
            return (0.0, 0.0), 0.0
        # Lines above and below tell more of a blank than words far to the side.
        far = np.hypot((self.middles[:, 0] - x) * 0.5, self.middles[:, 1] - y)
        nearest = np.argsort(far)[:6]
        nearest = nearest[far[nearest] < FAR]
        good = nearest[self.agreements[nearest] >= GOOD]
        agreement = float(np.median(self.agreements[nearest])) if len(nearest) else 0.0
        if not len(good):
            return (0.0, 0.0), agreement
        weights = self.agreements[good] / (12 + far[good])
        shift = (self.shifts[good] * weights[:, None]).sum(0) / weights.sum()
        return (float(shift[0]), float(shift[1])), agreement


def align_page(ink: np.ndarray, guess: PageGuess, dpi: float = DPI) -> PrintAlignment | None:
    """Return how a guessed page lies on a picture; None where it does not.

    ``ink`` is the picture's, already turned upright, at about ``dpi`` for a sheet of the print's size.
    """
    page = guess.page
    boxed = box_words(ink)
    reference = draw_words(page, DPI)
    tiles = _tiles(page)
    if len(tiles) < FEWEST:
        return None
    matrix = _first_matrix(guess, ink.shape, page)
    for reach in REACHES:
        step = _fit(*_match_tiles(boxed, reference, tiles, matrix, reach), projective=reach <= REACHES[1])
        if step is None:
            return None
        matrix = matrix @ step
    middles, shifts, agreements = _match_tiles(boxed, reference, tiles, matrix, REACHES[-1])
    good = agreements >= GOOD
    rest = float(np.median(np.hypot(*shifts[good].T))) if good.any() else 99.0
    return PrintAlignment(
        page=page,
        turn=guess.turn,
        matrix=matrix,
        dpi=dpi,
        middles=middles,
        shifts=shifts,
        agreements=agreements,
        rest=rest,
    )


def _first_matrix(guess: PageGuess, shape: tuple[int, ...], page: PrintedPage) -> np.ndarray:
    """Return the guess as a matrix from points of the print to pixels of the picture."""
    height, width = shape[:2]
    # The small picture was stretched over the whole sheet, whatever its sides.
    across, down = width / page.width, height / page.height
    s = guess.scale
    x = (1 - s) * page.width / 2 + guess.across
    y = (1 - s) * page.height / 2 + guess.down
    return np.array([[s * across, 0, x * across], [0, s * down, y * down], [0, 0, 1.0]])


def _tiles(page: PrintedPage) -> list[Rect]:
    """Return the boxes of the tiles, in points: each holds some words of the print."""
    words = page.words
    middles = (words[:, :2] + words[:, 2:]) / 2
    tiles = []
    cells = np.floor(middles / TILE).astype(int)
    for cell in np.unique(cells, axis=0):
        inside = words[(cells == cell).all(1)]
        if len(inside) >= LEAST_WORDS:
            x0, y0 = inside[:, :2].min(0)
            x1, y1 = inside[:, 2:].max(0)
            tiles.append((float(x0), float(y0), float(x1), float(y1)))
    return tiles


def _match_tiles(
    boxed: np.ndarray, reference: np.ndarray, tiles: list[Rect], matrix: np.ndarray, reach: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return middles (points), shifts (points of the print) and agreements of the tiles under a matrix."""
    scale = DPI / 72
    to_pixels = matrix @ np.diag([1 / scale, 1 / scale, 1.0])
    height, width = reference.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(boxed, to_pixels, (width, height), flags=flags)
    edge = reach + 1
    warped = cv2.copyMakeBorder(warped, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0)
    middles, shifts, agreements = [], [], []
    for box in tiles:
        x0, y0 = max(0, int(box[0] * scale) - 4), max(0, int(box[1] * scale) - 4)
        x1, y1 = min(width, int(box[2] * scale) + 5), min(height, int(box[3] * scale) + 5)
        patch = reference[y0:y1, x0:x1]
        region = warped[y0 + edge - reach : y1 + edge + reach, x0 + edge - reach : x1 + edge + reach]
        likeness = cv2.matchTemplate(region, patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (bx, by) = cv2.minMaxLoc(likeness)
        if not np.isfinite(best):
            best = 0.0
        dx, dy = bx + find_peak_offset(likeness[by], bx), by + find_peak_offset(likeness[:, bx], by)
        middles.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        shifts.append(((dx - reach) / scale, (dy - reach) / scale))
        agreements.append(best)
    return np.array(middles), np.array(shifts), np.array(agreements)


def _fit(middles: np.ndarray, shifts: np.ndarray, agreements: np.ndarray, *, projective: bool) -> np.ndarray | None:
    """Return the 3 x 3 matrix (points to points) that most of the tiles follow; None where too few agree."""
    good = agreements >= GOOD
    if good.sum() < FEWEST:
        good = agreements >= GOOD - 0.15
        if good.sum() < FEWEST:
            return None
    here, there = middles[good].astype(np.float32), (middles + shifts)[good].astype(np.float32)
    off = OFF * 72 / DPI
    spread = np.ptp(here, axis=0)
    if projective and len(here) >= 4 * FEWEST and spread.min() > 300:
        answer: tuple[np.ndarray | None, np.ndarray] = cv2.findHomography(here, there, cv2.USAC_MAGSAC, off)
        matrix, inliers = answer
        if matrix is not None and inliers.sum() >= 0.5 * len(here):
            return np.asarray(matrix, float)
    fitted: tuple[np.ndarray | None, np.ndarray] = (
        cv2.estimateAffine2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=off)
        if len(here) >= 2 * FEWEST and spread.min() > 150
        else cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=off)
    )
    affine, inliers = fitted
    if affine is None or inliers.sum() < FEWEST:
        return None
    return np.vstack([affine, [0, 0, 1]])
