"""Letters, figures and marks that another one explains better: two hypotheses, never one.

For a printed sign c and any other sign g of the same font and like width, D is what the page would gain and lose if g
stood there. t is how far the remainder goes along D: 0 where c was printed, 1 where g was.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2
from assistant.scans.paper import soften
from assistant.verifying.page_model import apply_tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.scans.paper import Darkness
    from assistant.verifying.issued_page import PrintedWord, Sign
    from assistant.verifying.page_model import PageModel

    Patch = NDArray[np.float32]

LEAST_T, LEAST_SPREADS, LEAST_GAIN = 0.62, 7.0, 0.3
"""t, t by its spread on that page, and the part of the remainder that the other sign explains."""
LEAST_SPREAD = 0.02
LEAST_ENERGY = 0.5
"""Squares of darkness, summed: two signs that differ by less look alike on that scan."""
ENOUGH = 8
"""So many occurrences of a sign tell the spread of its t."""
LIKE_WIDTH = 0.22
"""Part of its width by which another sign may be wider or narrower."""
SAMPLES = 7
"""So many occurrences of a sign make its picture; their median leaves the neighbors' edges out."""
MARGIN = 2
"""Pixels around a sign."""
MOVES_ACROSS, MOVES_DOWN = 3.0, 1.5
"""Pixels by which a printer may have moved a sign."""
BETTER = 0.6
"""Where the sign itself, moved, leaves more than this part of what separates it from the other, it is the other."""
MOST_FLAGGED = 60
"""A page with more flagged signs is tried no further: something else is wrong with it."""

FontKey = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A printed sign in place of which another one seems to stand. ``word`` and ``at`` count from 0."""

    word: int
    at: int
    issued: str
    sign_read: str
    t: float


class GlyphAtlas:
    """Pictures of the signs of each font and size, as the issued pages show them: learned page by page."""

    def __init__(self) -> None:
        """Begin without any."""
        self._patches: dict[FontKey, dict[str, tuple[Patch, float]]] = defaultdict(dict)

    def learn(self, dark: Darkness, words: Sequence[PrintedWord]) -> None:
        """Take the pictures of the signs that a page has and no page before it had."""
        signs_by_font: dict[tuple[FontKey, str], list[Sign]] = defaultdict(list)
        for word in words:
            for sign in word.signs:
                if not sign.coded and sign.text not in self._patches[font_key(sign)]:
                    signs_by_font[font_key(sign), sign.text].append(sign)
        for (key, text), signs in signs_by_font.items():
            some = signs[:: max(1, len(signs) // SAMPLES)][:SAMPLES]
            patch = np.median([cut_sign(dark, sign) for sign in some], axis=0)
            self._patches[key][text] = patch.astype(np.float32), float(np.median([s.width for s in signs]))

    def of_font(self, key: FontKey, model: PageModel) -> Mapping[str, tuple[Patch, float]]:
        """Return picture and width of each sign known of a font and size, as a scanner shows them."""
        return {
            text: (apply_tone(soften(patch, model.blur), model.tone), width)
            for text, (patch, width) in self._patches[key].items()
        }


def font_key(sign: Sign) -> FontKey:
    """Return what signs of one look have in common: font and size, to half a pixel."""
    return sign.font, round(2 * sign.size) / 2


def patch_size(size: float) -> tuple[int, int]:
    """Return width and height in pixels of the picture of a sign of this size."""
    return round(1.05 * size) + 2 * MARGIN, round(1.04 * size) + 2 * MARGIN


def cut_sign(picture: Darkness, sign: Sign, dx: float = 0.0, dy: float = 0.0) -> Patch:
    """Return the picture of a sign, its beginning on the baseline always at the same place; moved where wanted."""
    wide, high = patch_size(font_key(sign)[1])
    # A pixel's center lies half a pixel from its corner.
    left, top = sign.x - 0.5 - MARGIN + dx, sign.y - 0.5 - MARGIN - 0.78 * font_key(sign)[1] + dy
    cut: Patch = cv2.getRectSubPix(picture, (wide, high), (left + (wide - 1) / 2, top + (high - 1) / 2))
    return cut


def find_exchanges(model: PageModel, words: Sequence[PrintedWord], atlas: GlyphAtlas) -> list[Exchange]:
    """Return the signs of a page that another sign explains better, also when they may have been moved."""
    by_font: dict[FontKey, list[tuple[int, int, Sign]]] = defaultdict(list)
    for n, word in enumerate(words):
        for at, sign in enumerate(word.signs):
            if not sign.coded:
                by_font[font_key(sign)].append((n, at, sign))
    flagged: list[_Flag] = []
    fonts = {key: atlas.of_font(key, model) for key in by_font}
    for key, places in by_font.items():
        flagged += _flag_signs(model.remainder, places, fonts[key])
    best: dict[tuple[int, int], _Flag] = {}
    for flag in sorted(flagged, key=lambda flag: flag.t):
        best[flag.word, flag.at] = flag
    if len(best) > MOST_FLAGGED:
        return []
    return [
        Exchange(word=flag.word, at=flag.at, issued=flag.sign.text, sign_read=flag.sign_read, t=flag.t)
        for flag in best.values()
        if _is_other(model.scan, flag.sign, fonts[font_key(flag.sign)], flag.sign_read)
    ]


@dataclass(frozen=True, slots=True)
class _Flag:
    t: float
    word: int
    at: int
    sign: Sign
    sign_read: str


def _flag_signs(
    remainder: Darkness, places: Sequence[tuple[int, int, Sign]], glyphs: Mapping[str, tuple[Patch, float]]
) -> Iterator[_Flag]:
    """Yield the signs of one font that may have been exchanged, each with each sign that may stand there."""
    occurrences: dict[str, list[tuple[int, int, Sign]]] = defaultdict(list)
    for place in places:
        occurrences[place[2].text].append(place)
    tried: list[tuple[str, list[str], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]] = []
    for text, those in occurrences.items():
        own, width = glyphs[text]
        others = [g for g, (_, w) in glyphs.items() if g != text and abs(w - width) <= LIKE_WIDTH * width + 1]
        if not others:
            continue
        windows = np.stack([_window(own.shape, max(width, glyphs[g][1])).ravel() for g in others])
        changes = np.stack([(glyphs[g][0] - own).ravel() for g in others]) * windows
        rest = np.stack([cut_sign(remainder, sign).ravel() for _, _, sign in those])
        energy = (changes * changes).sum(axis=1).astype(np.float64)
        t = (rest @ changes.T).astype(np.float64) / np.maximum(energy, 1e-6)
        gain = (2 * t - 1) * energy / np.maximum((rest * rest) @ windows.T, 1e-6)
        # Two that look alike here tell nothing.
        tried.append((text, others, np.where(energy < LEAST_ENERGY, np.inf, energy), t, gain))
    spreads = [(_spread(t), energy) for _, _, energy, t, _ in tried if len(t) >= ENOUGH]
    noises = np.concatenate([s * np.sqrt(e) for s, e in spreads if np.isfinite(e).any()] or [np.zeros(1)])
    noises = noises[np.isfinite(noises)]
    noise = float(np.median(noises)) if len(noises) else 0.0
    for text, others, energy, t, gain in tried:
        own_spread = _spread(t) if len(t) >= ENOUGH else np.zeros(len(others))
        spread = np.maximum(np.maximum(own_spread, noise / np.sqrt(energy)), LEAST_SPREAD)
        hits = (t > LEAST_T) & (t > LEAST_SPREADS * spread) & (gain > LEAST_GAIN) & np.isfinite(energy)
        for n, g in np.argwhere(hits).tolist():
            word, at, sign = occurrences[text][n]
            yield _Flag(float(t[n, g]), word, at, sign, others[g])


def _window(shape: tuple[int, ...], width: float) -> NDArray[np.float32]:
    """Return 1 over the columns that a sign of this width takes, 0 elsewhere."""
    columns = np.arange(shape[1])
    inside = (columns >= MARGIN - 1) & (columns <= MARGIN + width + 1)
    return np.broadcast_to(inside.astype(np.float32), shape)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the spread of each column."""
    spread: NDArray[np.float64] = 1.48 * np.median(np.abs(values - np.median(values, axis=0)), axis=0)
    return spread


def _is_other(scan: Darkness, sign: Sign, glyphs: Mapping[str, tuple[Patch, float]], other: str) -> bool:
    """Say whether another sign explains the scan better than the sign itself, both moved as a printer may have."""
    (own, width), (new, _) = glyphs[sign.text], glyphs[other]
    window = _window(own.shape, width)
    apart = float((((new - own) * window) ** 2).sum())
    least_own = least_new = float("inf")
    for dy in np.arange(-MOVES_DOWN, MOVES_DOWN + 0.1, 0.5):
        for dx in np.arange(-MOVES_ACROSS, MOVES_ACROSS + 0.1, 0.5):
            there = cut_sign(scan, sign, dx, dy)
            least_own = min(least_own, float((((there - own) * window) ** 2).sum()))
            least_new = min(least_new, float((((there - new) * window) ** 2).sum()))
    # By what separates the two, not by their ink: e and c differ by a tenth of it.
    return least_new < BETTER * least_own or least_own - least_new > BETTER * apart


def lay_moved_signs(model: PageModel, word: PrintedWord, glyphs: Mapping[str, tuple[Patch, float]]) -> Darkness:
    """Return the word as it would look if each of its signs had been moved as a printer may have, in its box."""
    box = word.box
    drawn_sign = np.full((box.bottom - box.top, box.right - box.left), model.tone[0], np.float32)
    for sign in word.signs:
        if sign.text not in glyphs:
            continue
        own = glyphs[sign.text][0]
        window = _window(own.shape, sign.width)
        moves = [
            (float((((cut_sign(model.scan, sign, dx, dy) - own) * window) ** 2).sum()), dx, dy)
            for dy in (-1.5, -0.75, 0.0, 0.75, 1.5)
            for dx in np.arange(-MOVES_ACROSS, MOVES_ACROSS + 0.1, 0.5)
        ]
        _, dx, dy = min(moves)
        left = sign.x - 0.5 - MARGIN + dx - box.left
        top = sign.y - 0.5 - MARGIN - 0.78 * font_key(sign)[1] + dy - box.top
        shift = np.array([(1.0, 0.0, left), (0.0, 1.0, top)])
        size = (drawn_sign.shape[1], drawn_sign.shape[0])
        put = cv2.warpAffine(own * window, shift, size, flags=cv2.INTER_LINEAR, borderValue=0)
        drawn_sign = np.maximum(drawn_sign, put)
    return drawn_sign
