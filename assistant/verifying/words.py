"""Words in which ink is missing or was added: the remainder of each, against what is usual on that page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.scans.paper import Darkness
    from assistant.verifying.issued_page import PrintedWord
    from assistant.verifying.page_model import PageModel

BOX = (3, 5)
"""Pixels, across and down, over which the remainder is averaged: the size of a stroke."""
STRONG, STRONG_SPREADS = 0.42, 9.0
WEAK, WEAK_SPREADS = 0.24, 6.5
"""Of the page's contrast, and in spreads above the page's median: ink is surely or perhaps missing or added."""
MOST_MEDIAN, MOST_SPREAD = 0.28, 0.06
"""Where half of a page was whited out, "gone" must not become what is usual."""
LEAST_INK = 0.3
"""A word that has less than this part of its ink is gone."""

Suspicion = Literal["strong", "weak", ""]


@dataclass(frozen=True, kw_only=True)
class WordRemainders:
    """For each word of a page: the largest missing and the largest added ink in it, as part of the contrast."""

    missing: NDArray[np.float64]
    added: NDArray[np.float64]
    ink: NDArray[np.float64]
    """How much of its ink each word has: 1 for all."""

    def suspicion(self, n: int) -> Suspicion:
        """Return how surely word ``n`` lacks ink or has more."""
        pairs = ((self.missing[n], self._missing_limits), (self.added[n], self._added_limits))
        if any(value > strong for value, (_, strong) in pairs):
            return "strong"
        return "weak" if any(value > weak for value, (weak, _) in pairs) else ""

    def lacks_ink(self, n: int) -> bool:
        """Say whether word ``n`` surely lacks ink, whatever was added over it."""
        return bool(self.missing[n] > self._missing_limits[1])

    def is_below_weak(self, missing: float, added: float) -> bool:
        """Say whether a remainder of this size is usual on this page."""
        return missing < self._missing_limits[0] and added < self._added_limits[0]

    @cached_property
    def _missing_limits(self) -> tuple[float, float]:
        return _limits(self.missing)

    @cached_property
    def _added_limits(self) -> tuple[float, float]:
        return _limits(self.added)


def measure_words(model: PageModel, words: Sequence[PrintedWord]) -> WordRemainders:
    """Return the remainders of words."""
    boxed = average_remainder(model.remainder, model.contrast)
    floor = float(model.tone[0])
    missing, added, ink = np.zeros(len(words)), np.zeros(len(words)), np.ones(len(words))
    for n, word in enumerate(words):
        part = word.box.cut(boxed)
        missing[n], added[n] = -float(part.min()), float(part.max())
        expected_ink = float(np.maximum(word.box.cut(model.expected) - floor, 0).sum())
        there = float(np.maximum(word.box.cut(model.scan) - floor, 0).sum())
        ink[n] = there / expected_ink if expected_ink > 1 else 1.0
    return WordRemainders(missing=missing, added=added, ink=ink)


def average_remainder(remainder: Darkness, contrast: float) -> Darkness:
    """Return the remainder averaged over strokes, as part of the contrast."""
    boxed: Darkness = cv2.blur(remainder, BOX) / max(contrast, 0.2)
    return boxed


def _limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return from where a value is weakly and strongly suspicious."""
    median = float(np.median(values)) if len(values) else 0.0
    spread = 1.48 * float(np.median(np.abs(values - median))) if len(values) else 0.0
    usual, spread = min(median, MOST_MEDIAN), min(spread, MOST_SPREAD)
    return max(WEAK, usual + WEAK_SPREADS * spread), max(STRONG, usual + STRONG_SPREADS * spread)
