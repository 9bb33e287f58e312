"""Which known page a picture shows, and how it lies there: by points that both have.

Order, turned pages, two pages on a sheet and cover sheets need no search of their own: they all come out of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from assistant.scans.paper import Darkness

    Plane = NDArray[np.float64]

MATCH_DPI = 45
MOST_POINTS = 1_000
RATIO = 0.8
"""A point is matched where its nearest neighbor is nearer than this part of the distance to the second nearest."""
REACH = 3.0
"""Pixels at ``MATCH_DPI`` by which a matched point may lie beside its place."""
LEAST_INLIERS, LEAST_SHARE = 60, 0.12
"""A page is surely this one from here on: its own has 32 to 550 inliers, any other at most 28."""
DOUBTFUL_INLIERS = 12
"""From here on it may be this page; how alike the words are has to decide."""
MOST_STRETCH, LEAST_SCALE, MOST_SCALE = 1.6, 0.3, 3.0
"""Limits of a believable map: how much more it stretches one way than another, and how large it draws the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePoints:
    """The telling points of a picture: places in inches ``[n, 2]``, and what the picture is like there ``[n, 128]``."""

    places: NDArray[np.float32]
    descriptors: NDArray[np.float32]
    size: tuple[float, float]
    """Width and height of the picture, in inches."""

    def without(self, used: NDArray[np.bool_]) -> PagePoints:
        """Return the points that are not used yet: for a second page on the same sheet."""
        return PagePoints(places=self.places[~used], descriptors=self.descriptors[~used], size=self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMatch:
    """A known page found on a picture."""

    page: int
    inliers: int
    plane: Plane
    """The map from the page to the picture, both in inches, homogeneous: ``[3, 3]``."""
    matched: tuple[NDArray[np.float32], NDArray[np.float32]]
    """The points of the page and of the picture that agree with it, in inches: ``[n, 2]`` each."""
    used: NDArray[np.bool_]
    """Which of the picture's points lie on the page."""
    points: int
    """How many points the page has."""

    @property
    def is_sure(self) -> bool:
        """Say whether no other page could have so many points in common."""
        return self.inliers >= max(LEAST_INLIERS, LEAST_SHARE * self.points)

    @property
    def turn(self) -> int:
        """Return by how many quarters the page is shown turned to the right, in degrees."""
        return find_turn(self.plane, self.matched[0].mean(axis=0))

    @property
    def scale(self) -> float:
        """Return how large the page is drawn: 1 for its own size, 0.65 for two pages on a sheet."""
        return find_scale(self.plane, self.matched[0].mean(axis=0))


def find_points(darkness: Darkness) -> PagePoints:
    """Return the telling points of a picture at ``MATCH_DPI``."""
    picture = np.rint(255.0 - 255.0 * darkness).astype(np.uint8)
    points, descriptors = cv2.SIFT_create(nfeatures=MOST_POINTS).detectAndCompute(picture, None)
    size = (darkness.shape[1] / MATCH_DPI, darkness.shape[0] / MATCH_DPI)
    if descriptors is None:
        return PagePoints(places=np.zeros((0, 2), np.float32), descriptors=np.zeros((0, 128), np.float32), size=size)
    places = ((np.array([point.pt for point in points]) + 0.5) / MATCH_DPI).astype(np.float32)
    return PagePoints(places=places, descriptors=descriptors, size=size)


def match_page(picture: PagePoints, page_points: PagePoints, page: int) -> PictureMatch | None:
    """Return how a known page lies on a picture; None where fewer than ``DOUBTFUL_INLIERS`` points agree."""
    if len(page_points.places) < DOUBTFUL_INLIERS or len(picture.places) < DOUBTFUL_INLIERS:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(page_points.descriptors, picture.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) > 1 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < DOUBTFUL_INLIERS:
        return None
    source = page_points.places[[match.queryIdx for match in good]]
    target = picture.places[[match.trainIdx for match in good]]
    fitted = _fit_plane(source, target, page_points.size)
    if fitted is None:
        return None
    plane, is_inlier = fitted
    count = int(is_inlier.sum())
    if count < DOUBTFUL_INLIERS:
        return None
    return PictureMatch(
        page=page,
        inliers=count,
        plane=plane,
        matched=(source[is_inlier], target[is_inlier]),
        used=_lies_on(picture.places, plane, page_points.size),
        points=len(page_points.places),
    )


def _fit_plane(
    source: NDArray[np.float32], target: NDArray[np.float32], size: tuple[float, float]
) -> tuple[Plane, NDArray[np.bool_]] | None:
    """Return the map that most matched points agree with, and which do; None where none is believable.

    A plane map through the few lines of a nearly empty page may fold the rest of it; then the map may only turn,
    shift and scale.
    """
    cv2.setRNGSeed(1)
    plane, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, REACH / MATCH_DPI, maxIters=2_000)
    if plane is not None and is_believable(plane, size):
        return plane, mask.ravel().astype(bool)
    stiff, mask = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=REACH / MATCH_DPI
    )
    if stiff is None:
        return None
    plane = np.vstack([stiff, (0.0, 0.0, 1.0)])
    return (plane, mask.ravel().astype(bool)) if is_believable(plane, size) else None


def map_points(plane: Plane, points: ArrayLike) -> NDArray[np.float64]:
    """Return where a plane map brings points ``[n, 2]``."""
    places = np.asarray(points, np.float64)
    together = np.column_stack([places, np.ones(len(places))]) @ plane.T
    mapped: NDArray[np.float64] = together[:, :2] / together[:, 2:]
    return mapped


def is_believable(plane: Plane, size: tuple[float, float]) -> bool:
    """Say whether a map draws the page as a picture of paper can: not mirrored, not folded, no wild scale."""
    wide, high = size
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)])
    if np.any(np.column_stack([corners, np.ones(4)]) @ plane[2] <= 0):
        return False
    corners_on_picture = map_points(plane, corners)
    sides = np.roll(corners_on_picture, -1, axis=0) - corners_on_picture
    after = np.roll(sides, -1, axis=0)
    if np.any(sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0] <= 0):
        return False
    scales = np.hypot(*sides.T) / np.array([wide, high, wide, high])
    least, most = float(scales.min()), float(scales.max())
    return least > LEAST_SCALE and most < min(MOST_SCALE, MOST_STRETCH * least)


def find_turn(plane: Plane, at: NDArray[np.floating]) -> int:
    """Return by how many degrees a map turns a page to the right around a point, to the nearest quarter."""
    (ax, ay), (bx, by) = map_points(plane, np.array([at, (at[0] + 1.0, at[1])]))
    return round(math.degrees(math.atan2(by - ay, bx - ax)) / 90) * 90 % 360


def find_scale(plane: Plane, at: NDArray[np.floating]) -> float:
    """Return how large a map draws a page around a point."""
    one, across, down = map_points(plane, np.array([at, (at[0] + 0.5, at[1]), (at[0], at[1] + 0.5)]))
    (ax, ay), (bx, by) = across - one, down - one
    return float(2 * math.sqrt(abs(ax * by - ay * bx)))


def _lies_on(places: NDArray[np.floating], plane: Plane, size: tuple[float, float]) -> NDArray[np.bool_]:
    """Say of each place of a picture whether it lies on the page."""
    x, y = map_points(np.linalg.inv(plane).astype(np.float64), places).T
    on: NDArray[np.bool_] = (x > 0) & (x < size[0]) & (y > 0) & (y < size[1])
    return on
