"""Which page of which print a picture shows: its ink, made small, laid over the printed positions at several scales.

The likeness is the correlation of the ink of both, each less the mean around it, at the best shift and scale. Scanners
"fit to page", so that most scans are 94 to 98 % of their paper; without the search through scales one page in six is
taken for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.cache import LruCache
from assistant.scans.one_thread import cv2
from assistant.scans.page_geometry import printed_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.scans.page_geometry import PrintedPage

WIDE, HIGH = 85, 110
"""The size of a page's small picture: 7.2 pt a pixel."""
CELL = 612 / WIDE
PAD = 128
MEAN = 7
"""Pixels of the box whose mean is taken off."""
RIM = 2
REACH = 9
"""Pixels by which a page may be shifted."""
SCALES = (0.90, 0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06)
SKEWS = (*(n / 4 for n in range(-10, 0)), *(n / 4 for n in range(1, 11)), 0.0)
"""Degrees by which a page may be skewed."""
WORTH_TURNING = 1.1
"""Lines are this much more distinct in a turned picture, or it is not turned."""
LIKE = 0.45
"""A picture less like every printed page than this shows none of them."""
CLEAR = 0.62
"""A guess as like as this ends the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGuess:
    """A printed page that a picture may show, turned by ``turn`` degrees to the left, at ``scale`` and shift.

    ``likeness`` is 0 to 1. A point of the print, times ``scale`` about the middle of the page, moved right by
    ``across`` and down by ``down`` points, is the point of the picture.
    """

    page: PrintedPage
    turn: int
    likeness: float
    scale: float
    across: float
    down: float


@dataclass(frozen=True, slots=True)
class _Spectra:
    """Many small pictures, transformed, each of norm 1."""

    pages: tuple[PrintedPage, ...]
    spectra: np.ndarray


def ink_of(grey: np.ndarray) -> np.ndarray:
    """Return how dark each pixel of a grey picture is against the paper around it: 0 to 1, float32."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 4)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    ratio = grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 32)
    ink: np.ndarray = np.clip((0.85 - ratio) / 0.5, 0, 1)
    return ink


def level_lines(ink: np.ndarray) -> np.ndarray:
    """Return an ink picture turned about its middle so that its lines of text lie level, as far as it is skewed.

    A page that is skewed by one degree has its outer words a line too high or too low, and is like no printed page.
    """
    high, wide = ink.shape
    small = cv2.resize(ink, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
    best, steepest = 0.0, 0.0
    for angle in SKEWS:
        rows = _turned(small, angle).sum(axis=1)
        # Level lines of text begin and end at once.
        steep = float(np.square(np.diff(rows)).sum())
        if steep > steepest * (1.0 if angle else 1 / WORTH_TURNING):
            best, steepest = angle, steep
    return _turned(ink, best) if best else ink


def _turned(ink: np.ndarray, angle: float) -> np.ndarray:
    """Return a picture turned about its middle by so many degrees to the left."""
    high, wide = ink.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    turned: np.ndarray = cv2.warpAffine(ink, matrix, (wide, high), flags=cv2.INTER_LINEAR)
    return turned


def draw_words(page: PrintedPage, dpi: float, *, rules: bool = True) -> np.ndarray:
    """Return a picture of a page's words, each a filled box, 0 to 1, at so many pixels to an inch."""
    scale, fine = dpi / 72, 4
    picture = np.zeros((round(page.height * scale), round(page.width * scale)), np.uint8)
    for boxes in (page.words, page.rules) if rules else (page.words,):
        for x0, y0, x1, y1 in boxes * scale * (1 << fine):
            corner, other = (round(x0), round(y0)), (round(x1) - (1 << fine), round(y1) - (1 << fine))
            cv2.rectangle(picture, corner, other, 255, cv2.FILLED, cv2.LINE_4, fine)
    ink: np.ndarray = picture.astype(np.float32) / 255
    return ink


def _small(ink: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Return ink as a small picture of a letter page less its local mean, scaled about its middle."""
    small = cv2.resize(ink, (WIDE, HIGH), interpolation=cv2.INTER_AREA)
    if scale != 1.0:
        matrix = np.array([[scale, 0, (1 - scale) * WIDE / 2], [0, scale, (1 - scale) * HIGH / 2]])
        small = cv2.warpAffine(small, matrix, (WIDE, HIGH), flags=cv2.INTER_LINEAR)
    small = small - cv2.blur(small, (MEAN, MEAN))
    small[:RIM], small[-RIM:], small[:, :RIM], small[:, -RIM:] = 0, 0, 0, 0
    norm = float(np.sqrt((small * small).sum())) or 1.0
    unit: np.ndarray = small / norm
    return unit


def _spectrum(small: np.ndarray) -> np.ndarray:
    return np.fft.rfft2(small.astype(np.float32), (PAD, PAD)).astype(np.complex64)


_spectra: LruCache[tuple[str, ...], _Spectra] = LruCache(4)
_page_spectra: LruCache[tuple[str, int], np.ndarray] = LruCache(400)


def _spectra_of(editions: tuple[str, ...]) -> _Spectra:
    def make() -> _Spectra:
        pages = tuple(page for name in editions for page in printed_pages()[name])
        return _Spectra(pages, np.stack([_page_spectrum(page) for page in pages]))

    return _spectra.get_or_make(editions, make)


def _page_spectrum(page: PrintedPage) -> np.ndarray:
    key = (page.edition, page.number)
    return _page_spectra.get_or_make(key, lambda: _spectrum(_small(draw_words(page, 50))))


def guess_pages(
    ink: np.ndarray,
    editions: Iterable[str] | None = None,
    *,
    scales: Sequence[float] = SCALES,
    turns: Sequence[int] = (0, 180, 90, 270),
) -> list[PageGuess]:
    """Return the best guess for each printed page, the likeliest first; ``ink`` as of ``ink_of``, any size.

    Turns after the first are tried only while nothing clear was found.
    """
    names = tuple(printed_pages() if editions is None else editions)
    if not names:
        return []
    spectra = _spectra_of(names)
    guesses: dict[int, PageGuess] = {}
    for turn in turns:
        level = level_lines(np.ascontiguousarray(np.rot90(ink, turn // 90) if turn else ink))
        for scale in scales:
            # The picture is brought to the print's size, so it is scaled the other way round.
            likeness, down, across = _correlate(_spectrum(_small(level, 1 / scale)), spectra)
            for n, page in enumerate(spectra.pages):
                if n not in guesses or likeness[n] > guesses[n].likeness:
                    guesses[n] = PageGuess(
                        page=page,
                        turn=turn,
                        likeness=float(likeness[n]),
                        scale=scale,
                        across=float(across[n]) * CELL * scale,
                        down=float(down[n]) * CELL * scale,
                    )
        if max(guess.likeness for guess in guesses.values()) >= CLEAR:
            break
    return sorted(guesses.values(), key=lambda guess: -guess.likeness)


def _correlate(spectrum: np.ndarray, spectra: _Spectra) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each page likeness, shift down and shift to the right in pixels of the small picture."""
    maps = np.fft.irfft2(spectrum[None] * np.conj(spectra.spectra), (PAD, PAD))
    near = np.concatenate([maps[:, -REACH:], maps[:, : REACH + 1]], axis=1)
    near = np.concatenate([near[:, :, -REACH:], near[:, :, : REACH + 1]], axis=2)
    flat = near.reshape(len(near), -1)
    best = flat.argmax(1)
    side = 2 * REACH + 1
    return flat.max(1), best // side - REACH, best % side - REACH
