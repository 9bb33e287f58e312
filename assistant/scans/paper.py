"""What is paper on a picture of a page, and how dark everything else is against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]
    Darkness = NDArray[np.float32]

TONE_DPI = 37
"""Fine enough for the edge of a shadow, coarse enough that a letter is smaller than the neighborhood."""
NEIGHBORHOOD = 9
"""Pixels at ``TONE_DPI``: a quarter of an inch, wider than a stroke of any letter."""
DARKEST_PAPER = 40.0
"""Of 255: what is darker than this is no paper, for example the table beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InkPicture:
    """A picture of a page as darkness, 0 paper to 1 ink, ``[height, width]``, at ``dpi`` pixels to an inch."""

    darkness: Darkness
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """Return its width and height, in inches."""
        high, wide = self.darkness.shape
        return wide / self.dpi, high / self.dpi

    def reduced(self, dpi: float) -> InkPicture:
        """Return it at a lower resolution; itself where it is as low already."""
        if self.dpi <= dpi:
            return self
        return InkPicture(darkness=reduce_picture(self.darkness, self.dpi, dpi), dpi=dpi)


def measure_darkness(gray: Gray, dpi: float) -> Darkness:
    """Return how dark each pixel of a picture is against the paper around it: 0 for paper, 1 for black.

    Shadows, yellowed paper and uneven light thereby disappear.

    Args:
        gray: the picture, ``[height, width]``, 0 black to 255 white.
        dpi: its pixels to an inch.
    """
    high, wide = gray.shape
    scale = TONE_DPI / dpi
    size = (max(NEIGHBORHOOD, round(wide * scale)), max(NEIGHBORHOOD, round(high * scale)))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    # Closed, not only widened: the edge of a shadow stays where it is.
    tone = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((NEIGHBORHOOD, NEIGHBORHOOD), np.uint8))
    tone = cv2.GaussianBlur(cv2.medianBlur(tone, 5), (0, 0), 1.0)
    scales = (1.0 / np.maximum(tone.astype(np.float32), DARKEST_PAPER)).astype(np.float32)
    scales = cv2.resize(scales, (wide, high), interpolation=cv2.INTER_LINEAR)
    darkness: Darkness = cv2.multiply(gray, scales, dtype=cv2.CV_32F)
    cv2.subtract(1.0, darkness, dst=darkness)
    cv2.max(darkness, 0.0, dst=darkness)
    return darkness


def reduce_picture(darkness: Darkness, dpi: float, to_dpi: float) -> Darkness:
    """Return a picture at a lower resolution, each pixel the mean of those that it covers."""
    high, wide = darkness.shape
    size = (max(1, round(wide * to_dpi / dpi)), max(1, round(high * to_dpi / dpi)))
    reduced: Darkness = cv2.resize(darkness, size, interpolation=cv2.INTER_AREA)
    return reduced


def soften(darkness: Darkness, sigma: float) -> Darkness:
    """Return a picture blurred by ``sigma`` pixels."""
    softened: Darkness = cv2.GaussianBlur(darkness, (0, 0), sigma)
    return softened


def find_ink_share(darkness: Darkness, darker_than: float = 0.35) -> float:
    """Return which part of a picture is ink, 0 to 1; printed pages have 0.02 to 0.08, an empty one less than 0.001."""
    return float(np.count_nonzero(darkness > darker_than) / max(1, darkness.size))
