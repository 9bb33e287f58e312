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
SPREAD_SAMPLE = 40
"""So many of them are asked for it at most."""
LIKE_WIDTH = 0.22
"""Part of its width by which another sign may be wider or narrower."""
SAMPLES = 7
"""So many occurrences of a sign make its picture; their median leaves the neighbors' edges out."""
MARGIN = 2
"""Pixels around a sign."""
APART = 3.0
"""Blurs of paper between the pictures of two signs that are blurred together."""
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

    def of_font(self, key: FontKey, model: PageModel) -> FontSigns:
        """Return the signs known of a font and size as a scanner shows them."""
        patches = self._patches[key]
        # Side by side in one picture, so that they are blurred together, with paper between them.
        wide, high = patch_size(key[1])
        apart = round(APART * model.blur) + 1
        strip = np.zeros((high + 2 * apart, len(patches), wide + 2 * apart), np.float32)
        for n, (patch, _) in enumerate(patches.values()):
            strip[apart : apart + high, n, apart : apart + wide] = patch
        blurred = soften(strip.reshape(strip.shape[0], -1), model.blur).reshape(strip.shape)
        pictures = apply_tone(blurred[apart : apart + high, :, apart : apart + wide], model.tone)
        return FontSigns(
            number={text: n for n, text in enumerate(patches)},
            pictures=np.ascontiguousarray(pictures.transpose(1, 0, 2)),
            widths=np.array([width for _, width in patches.values()]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSigns:
    """The signs of one font and size as a scanner shows them: pictures ``[n, height, width]`` and widths ``[n]``."""

    number: Mapping[str, int]
    """Where each sign stands in the others."""
    pictures: NDArray[np.float32]
    widths: NDArray[np.float64]

    def __contains__(self, text: str) -> bool:
        """Say whether a sign is known."""
        return text in self.number

    def picture(self, text: str) -> Patch:
        """Return the picture of a sign."""
        picture: Patch = self.pictures[self.number[text]]
        return picture

    def width(self, text: str) -> float:
        """Return the width of a sign, in pixels."""
        return float(self.widths[self.number[text]])


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
    remainder = _Remainder(model.remainder)
    for key, places in by_font.items():
        flagged += _flag_signs(remainder, places, fonts[key])
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


@dataclass(frozen=True, slots=True)
class _Trial:
    """One sign of a font against every other that may stand in its place: rows are places, columns the others."""

    places: list[tuple[int, int, Sign]]
    others: list[str]
    energy: NDArray[np.float64]
    """What separates each of the others from it; infinite where the two look alike on that scan."""
    t: NDArray[np.float64]
    gain: NDArray[np.float64]
    spread: NDArray[np.float64] | None
    """The spread of t at the places of the sample; None where too few tell it."""


def _flag_signs(remainder: _Remainder, places: Sequence[tuple[int, int, Sign]], glyphs: FontSigns) -> Iterator[_Flag]:
    """Yield the signs of one font that may have been exchanged, each with each sign that may stand there."""
    occurrences: dict[str, list[tuple[int, int, Sign]]] = defaultdict(list)
    for place in places:
        occurrences[place[2].text].append(place)
    trials = [
        one for text, those in occurrences.items() if (one := _try_sign(text, those, glyphs, remainder)) is not None
    ]
    noises = np.concatenate(
        [one.spread * np.sqrt(one.energy) for one in trials if one.spread is not None] or [np.zeros(1)]
    )
    noises = noises[np.isfinite(noises)]
    noise = float(np.median(noises)) if len(noises) else 0.0
    for one in trials:
        own_spread = np.zeros(len(one.others)) if one.spread is None else one.spread
        spread = np.maximum(np.maximum(own_spread, noise / np.sqrt(one.energy)), LEAST_SPREAD)
        enough = (one.t > LEAST_T) & (one.t > LEAST_SPREADS * spread) & (one.gain > LEAST_GAIN)
        for n, g in np.argwhere(enough & np.isfinite(one.energy)).tolist():
            word, at, sign = one.places[n]
            yield _Flag(float(one.t[n, g]), word, at, sign, one.others[g])


def _try_sign(
    text: str,
    places: Sequence[tuple[int, int, Sign]],
    glyphs: FontSigns,
    remainder: _Remainder,
) -> _Trial | None:
    """Return what t is where a sign stands, at the places that may be another and at a sample of the others."""
    own, width = glyphs.picture(text), glyphs.width(text)
    others = np.flatnonzero(np.abs(glyphs.widths - width) <= LIKE_WIDTH * width + 1)
    others = others[others != glyphs.number[text]]
    if not len(others):
        return None
    columns = _columns(own.shape[1], np.maximum(width, glyphs.widths[others]))
    changes = ((glyphs.pictures[others] - own) * columns[:, None, :]).reshape(len(others), -1)
    energy = np.einsum("ij,ij->i", changes, changes).astype(np.float64)
    if not (energy >= LEAST_ENERGY).any():
        return None
    least = float(energy[energy >= LEAST_ENERGY].min())
    # t is at most the root of the remainder's energy by what separates the two, so most places need no look.
    may_be_other = remainder.measure_energy([sign for _, _, sign in places]) >= LEAST_T**2 * least
    is_sample = np.zeros(len(places), bool)
    is_sample[:: max(1, -(-len(places) // SPREAD_SAMPLE))] = True
    places_tried = np.flatnonzero(may_be_other | is_sample)
    cut = np.stack([cut_sign(remainder.picture, places[n][2]) for n in places_tried.tolist()])
    texts = list(glyphs.number)
    t = (cut.reshape(len(places_tried), -1) @ changes.T).astype(np.float64) / np.maximum(energy, 1e-6)
    gain = (2 * t - 1) * energy / np.maximum(np.einsum("nij,nij->nj", cut, cut) @ columns.T, 1e-6)
    return _Trial(
        places=[places[n] for n in places_tried.tolist()],
        others=[texts[g] for g in others.tolist()],
        # Two that look alike here tell nothing.
        energy=np.where(energy < LEAST_ENERGY, np.inf, energy),
        t=t,
        gain=gain,
        spread=_spread(t[is_sample[places_tried]]) if len(places) >= ENOUGH else None,
    )


class _Remainder:
    """A page's remainder, and how much of it lies where a sign stands."""

    def __init__(self, picture: Darkness) -> None:
        self.picture = picture
        self._sums = cv2.integral(picture * picture)

    def measure_energy(self, signs: Sequence[Sign]) -> NDArray[np.float64]:
        """Return the sum of the squared remainder in the picture of each of some signs of one font and size."""
        size = font_key(signs[0])[1]
        wide, high = patch_size(size)
        rows, columns = self._sums.shape
        left = np.array([sign.x for sign in signs]) - 0.5 - MARGIN
        top = np.array([sign.y for sign in signs]) - 0.5 - MARGIN - 0.78 * size
        x0, y0 = (np.clip(np.floor(n), 0, most - 1).astype(int) for n, most in ((left, columns), (top, rows)))
        x1 = np.clip(np.ceil(left + wide) + 1, 0, columns - 1).astype(int)
        y1 = np.clip(np.ceil(top + high) + 1, 0, rows - 1).astype(int)
        sums: NDArray[np.float64] = self._sums[y1, x1] - self._sums[y0, x1] - self._sums[y1, x0] + self._sums[y0, x0]
        return sums


def _columns(wide: int, widths: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return for signs of some widths ``[n]`` a 1 for each column that they take, 0 for the others: ``[n, wide]``."""
    columns = np.arange(wide)
    return ((columns >= MARGIN - 1) & (columns <= MARGIN + widths[:, None] + 1)).astype(np.float32)


def _window(shape: tuple[int, ...], width: float) -> NDArray[np.float32]:
    """Return 1 over the columns that a sign of this width takes, 0 elsewhere."""
    return np.broadcast_to(_columns(shape[1], np.array([width]))[0], shape)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the spread of each column."""
    spread: NDArray[np.float64] = 1.48 * np.median(np.abs(values - np.median(values, axis=0)), axis=0)
    return spread


def _is_other(scan: Darkness, sign: Sign, glyphs: FontSigns, other: str) -> bool:
    """Say whether another sign explains the scan better than the sign itself, both moved as a printer may have."""
    own, new, width = glyphs.picture(sign.text), glyphs.picture(other), glyphs.width(sign.text)
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


def lay_moved_signs(model: PageModel, word: PrintedWord, glyphs: FontSigns) -> Darkness:
    """Return the word as it would look if each of its signs had been moved as a printer may have, in its box."""
    box = word.box
    drawn_sign = np.full((box.bottom - box.top, box.right - box.left), model.tone[0], np.float32)
    for sign in word.signs:
        if sign.text not in glyphs:
            continue
        own = glyphs.picture(sign.text)
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
