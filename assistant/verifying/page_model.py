"""What the scan of an unchanged page would look like: the issued page, blurred and toned as this scanner does it.

First the scan is settled word by word, for printers and drivers set letters to a grid of their own; then blur and tone
are taken from the page itself. What is left between model and scan is the remainder, which the other modules judge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2
from assistant.scans.paper import soften
from assistant.scans.peaks import find_peak_offset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.scans.paper import Darkness
    from assistant.verifying.issued_page import IssuedPage, PrintedWord

REACH = 3
"""Pixels by which a word may lie beside its place once the page is aligned."""
AGREES = 1.6
"""Pixels by which a word's own shift may differ from its neighbors'."""
NEAR = 110.0
"""Pixels: how far a word's neighbors reach."""
BLURS = (0.4, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 2.5, 3.2)
"""Pixels of blur that are tried: from the usual one on, as long as the words become more alike."""
FIRST_BLUR = 3
SAMPLE = 60
"""So many words of a page tell blur and tone."""
TONES = 24
AROUND = 2
"""Pixels around a word that are settled with it."""
LEAST_LIKENESS = 0.45
LEAST_SCALE = 1e-12
"""Two pictures whose deviations multiply to less are paper."""


@dataclass(frozen=True, kw_only=True)
class PageModel:
    """An issued page as the scan would show it, and the scan beside it, both as darkness at ``ALIGN_DPI``."""

    expected: Darkness
    scan: Darkness
    """Settled word by word."""
    blur: float
    """Pixels by which the scanner blurs."""
    tone: NDArray[np.float32]
    """The scan's darkness for each darkness of the blurred issued page, in steps of 1/255."""
    likeness: NDArray[np.float64]
    """How alike each word of the page is, -1 to 1."""

    @property
    def contrast(self) -> float:
        """Return how much darker than paper print is on the scan."""
        return float(self.tone[-1] - self.tone[0])

    @cached_property
    def remainder(self) -> Darkness:
        """Return scan less model: above 0 where ink was added, below 0 where it is missing."""
        return self.scan - self.expected


def model_page(issued: IssuedPage, aligned_scan: Darkness) -> PageModel:
    """Return the model of a page, and the scan that was laid over it settled word by word."""
    scan = _settle(soften(issued.dark, 1.0), aligned_scan, issued.words)
    sample = issued.words[:: max(1, -(-len(issued.words) // SAMPLE))]
    blur = _find_blur(issued.dark, scan, sample) if sample else BLURS[FIRST_BLUR]
    blurred = soften(issued.dark, blur)
    tone = _tone(blurred, scan, sample)
    expected = apply_tone(blurred, tone)
    likeness = np.array([_correlation(word.box.cut(expected), word.box.cut(scan)) for word in issued.words])
    return PageModel(expected=expected, scan=scan, blur=blur, tone=tone, likeness=likeness)


def apply_tone(blurred: Darkness, tone: NDArray[np.float32]) -> Darkness:
    """Return what the scanner makes of a blurred picture."""
    toned: Darkness = tone[np.clip(blurred * 255.0 + 0.5, 0, 255).astype(np.uint8)]
    return toned


def _settle(soft: Darkness, aligned_scan: Darkness, words: Sequence[PrintedWord]) -> Darkness:
    """Return the scan with each word moved to its place, by as much as its neighbors confirm."""
    if not words:
        return aligned_scan
    padded = np.pad(aligned_scan, REACH)
    moves, likeness = np.zeros((len(words), 2)), np.zeros(len(words))
    for n, word in enumerate(words):
        box = word.box
        around = padded[box.top : box.bottom + 2 * REACH, box.left : box.right + 2 * REACH]
        likes = cv2.matchTemplate(around, box.cut(soft), cv2.TM_CCOEFF_NORMED)
        _, likeness[n], _, (x, y) = cv2.minMaxLoc(likes)
        moves[n] = x - REACH + find_peak_offset(likes[y], x), y - REACH + find_peak_offset(likes[:, x], y)
    moves = _agreed(moves, likeness, np.array([word.box.middle for word in words]))
    settled = aligned_scan.copy()
    for word, (dx, dy) in zip(words, moves, strict=True):
        box = word.box
        left, top = max(0, box.left - AROUND), max(0, box.top - AROUND)
        wide, high = (
            min(aligned_scan.shape[1], box.right + AROUND) - left,
            min(aligned_scan.shape[0], box.bottom + AROUND) - top,
        )
        middle = (left + (wide - 1) / 2 + dx, top + (high - 1) / 2 + dy)
        settled[top : top + high, left : left + wide] = cv2.getRectSubPix(aligned_scan, (wide, high), middle)
    return settled


def _agreed(
    moves: NDArray[np.float64], likeness: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return each word's own shift where it agrees with its neighbors', else theirs."""
    is_like = likeness >= LEAST_LIKENESS
    apart = ((places[:, None, :] - places[None]) ** 2).sum(axis=2)
    weights = np.exp(-apart / (2 * NEAR**2)) * np.clip(likeness, 0, 1) * is_like
    np.fill_diagonal(weights, 0.0)
    usual = np.zeros_like(moves)
    for _ in range(3):
        usual = (weights @ moves) / (weights.sum(axis=1, keepdims=True) + 1e-6)
        # A word that lies elsewhere says nothing of its neighbors.
        weights = weights / (1 + (np.hypot(*(moves - usual).T) / AGREES) ** 4)[None, :]
    own = is_like & (np.hypot(*(moves - usual).T) <= AGREES)
    return np.where(own[:, None], moves, usual)


def _find_blur(dark: Darkness, scan: Darkness, words: Sequence[PrintedWord]) -> float:
    """Return the blur under which the words are most alike; likeness rises up to it and falls behind it."""
    tried: dict[int, float] = {}

    def likeness(n: int) -> float:
        if not 0 <= n < len(BLURS):
            return -1.0
        if n not in tried:
            tried[n] = _likeness_at(dark, scan, words, BLURS[n])
        return tried[n]

    at = FIRST_BLUR
    step = 1 if likeness(at + 1) > likeness(at) else -1
    while likeness(at + step) > likeness(at):
        at += step
    return BLURS[at]


def _likeness_at(dark: Darkness, scan: Darkness, words: Sequence[PrintedWord], sigma: float) -> float:
    likes = []
    for word in words:
        box = word.box
        top, left = max(0, box.top - 8), max(0, box.left - 8)
        part = soften(dark[top : box.bottom + 8, left : box.right + 8], sigma)
        inner = part[box.top - top : box.bottom - top, box.left - left : box.right - left]
        likes.append(_correlation(inner, box.cut(scan)))
    return float(np.median(likes))


def _correlation(one: Darkness, other: Darkness) -> float:
    # In sums rather than deviations: thousands of words are compared, and this takes a third of the time.
    a, b = one.astype(np.float64).ravel(), other.astype(np.float64).ravel()
    sum_a, sum_b = float(a.sum()), float(b.sum())
    scale = (float(a @ a) - sum_a * sum_a / len(a)) * (float(b @ b) - sum_b * sum_b / len(b))
    return (float(a @ b) - sum_a * sum_b / len(a)) / math.sqrt(scale) if scale > LEAST_SCALE else 0.0


def _tone(blurred: Darkness, scan: Darkness, words: Sequence[PrintedWord]) -> NDArray[np.float32]:
    """Return how dark the scan is, on average, where the blurred page has each of 256 darknesses: never falling."""
    steps = np.linspace(0.0, 1.0, 256, dtype=np.float32)
    if not words:
        return steps
    x = np.concatenate([word.box.cut(blurred).ravel() for word in words])
    y = np.concatenate([word.box.cut(scan).ravel() for word in words])
    at = np.minimum((x * TONES).astype(int), TONES - 1)
    counts = np.bincount(at, minlength=TONES)
    sums, places = np.bincount(at, weights=y, minlength=TONES), np.bincount(at, weights=x, minlength=TONES)
    some = counts >= 20
    if some.sum() < 3:
        return steps
    means = np.maximum.accumulate(sums[some] / counts[some])
    return np.interp(steps, places[some] / counts[some], means).astype(np.float32)
