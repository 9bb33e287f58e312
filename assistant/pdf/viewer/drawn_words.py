"""The words drawn on a page: its letters put together where a person sees one word.

Coordinates are points from the lower left corner of the page as it is read, upright and level.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.geometry import Rect
    from assistant.pdf.viewer.drawn_letters import DrawnLetter

MAX_LETTER_GAP_EM = 0.22
"""A gap wider than this, in em, parts two words."""
TOUCHING = 0.1
"""A gap narrower than this, in em, is none."""
SIZED = 0.5
"""Points: letters that differ by more in size, and do not touch, are of two words."""
MAX_BASE_OFFSET_PT = 4.0
LEAST_SKEW, MOST_SKEW = 0.0015, 0.1
"""Radians: less is level, more is no scan of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on a page: its edges, baseline and top, and the size at which it is drawn."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str = ""
    last: tuple[float, float] = (0.0, 0.0)
    """The left and the right edge of its last letter."""
    hidden: bool = False
    """Whether it is in the file and does not show on the page."""
    coded: bool = False
    """Whether its font does not say which letters these are."""


def direction(letters: Sequence[tuple[DrawnLetter, float, float, str]]) -> int:
    """Return the direction in which most letters run, a multiple of 90 degrees."""
    counted: Counter[int] = Counter()
    for angle, count in Counter(angle for letter, _, angle, _ in letters if letter.text.isalnum()).items():
        counted[round(angle / 90) * 90 % 360] += count
    return counted.most_common(1)[0][0] if counted else 0


def turner(box: Sequence[float], turn: int) -> Callable[[float, float], tuple[float, float]]:
    """Return a function from a page's own coordinates to those of the page turned to the right by ``turn`` degrees."""
    left, bottom, right, top = box
    return {
        0: lambda x, y: (x - left, y - bottom),
        90: lambda x, y: (y - bottom, right - x),
        180: lambda x, y: (right - x, top - y),
        270: lambda x, y: (top - y, x - left),
    }[turn]


def rect_turned(rect: Rect, turned: Callable[[float, float], tuple[float, float]]) -> Rect:
    """Return a box turned, its lower left corner first."""
    (ax, ay), (bx, by) = turned(rect[0], rect[1]), turned(rect[2], rect[3])
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def words_of(
    letters: Sequence[tuple[DrawnLetter, float, float, str]],
    turned: Callable[[float, float], tuple[float, float]],
    turn: int,
    *,
    upright: bool = True,
) -> list[Word]:
    """Return the words; a line to write on ("____") parts words and is none.

    Where the page is shown otherwise than ``upright``, pdfium gives lines in pieces and puts spaces into words: there
    the gaps alone tell where a word ends.
    """
    words: list[Word] = []
    parts: list[tuple[str, float, float, float]] = []
    waiting: list[tuple[str, float, float, float]] = []
    style: tuple[float, str, bool, bool] = (0.0, "", False, False)

    def close() -> None:
        waiting.clear()
        if parts:
            size, font, hidden, coded = style
            words.append(
                Word(
                    text="".join(part[0] for part in parts),
                    x0=parts[0][1],
                    x1=parts[-1][2],
                    base=parts[0][3],
                    size=size,
                    font=font,
                    last=(parts[-1][1], parts[-1][2]),
                    hidden=hidden,
                    coded=coded,
                )
            )
            parts.clear()

    level = _level(letters, turn)
    for letter, size, angle, font in letters:
        if letter.generated and not upright:
            continue
        if letter.text.isspace() or not letter.text.isprintable() or angle not in level:
            close()
            continue
        edges = turned(letter.x0, letter.y0)[0], turned(letter.x1, letter.y1)[0]
        x0, x1 = min(edges), max(edges)
        base = turned(letter.x, letter.y)[1]
        before = (waiting or parts)[-1] if parts else None
        if before and _apart(letter, (x0, base, size), before, style):
            close()
        part = (letter.text, x0, x1, base)
        if letter.text == "_":
            # One alone within a word belongs to it: an address may hold it. More are a line to write on.
            if waiting or not parts:
                close()
            else:
                waiting.append(part)
            continue
        parts += waiting
        waiting.clear()
        if not parts:
            style = (size, font, letter.hidden, letter.coded)
        parts.append(part)
    close()
    return words if upright else _rejoined(words)


def _level(letters: Sequence[tuple[DrawnLetter, float, float, str]], turn: int) -> set[float]:
    """Return the angles of the letters that run as the page does, to the nearest quarter of a turn."""
    return {angle for angle in {item[2] for item in letters} if not (round(angle / 90) * 90 - turn) % 360}


def _apart(
    letter: DrawnLetter,
    place: tuple[float, float, float],
    before: tuple[str, float, float, float],
    style: tuple[float, str, bool, bool],
) -> bool:
    """Say whether a letter (left edge, baseline, size) is no longer of the word of the one before it."""
    x0, base, size = place
    em = max(size, 4)
    gap = x0 - before[2]
    return (
        abs(base - before[3]) > 0.3 * em
        or not -0.6 * em < gap < MAX_LETTER_GAP_EM * em
        or letter.hidden != style[2]
        or letter.coded != style[3]
        or (abs(size - style[0]) > SIZED and gap > TOUCHING * size)
    )


def _rejoined(words: Sequence[Word]) -> list[Word]:
    """Return the words of a turned page, the pieces joined that pdfium gives out of their order ("e:", "Dat")."""
    after = {(round(word.base), round(word.x0)): word for word in words}
    used_ids: set[int] = set()
    whole_words = []
    starts = {id(n): n for word in words if (n := _next_to(word, after)) is not None}
    for word in words:
        if id(word) in starts:
            continue
        whole, n = word, _next_to(word, after)
        while n is not None and id(n) not in used_ids:
            used_ids.add(id(n))
            whole = replace(whole, text=whole.text + n.text, x1=n.x1, last=n.last)
            n = _next_to(n, after)
        whole_words.append(whole)
    return whole_words


def _next_to(word: Word, after: dict[tuple[int, int], Word]) -> Word | None:
    """Return the word that begins where another ends, as if it were its rest."""
    near = ((round(word.base) + up, round(word.x1) + across) for up in (0, -1, 1) for across in (0, -1, 1))
    for place in near:
        other = after.get(place)
        if other and other is not word and abs(other.x0 - word.x1) < TOUCHING * word.size and _alike(other, word):
            return other
    return None


def _alike(one: Word, other: Word) -> bool:
    level = abs(one.base - other.base) < 1 and abs(one.size - other.size) < 1
    return level and (one.font, one.hidden, one.coded) == (other.font, other.hidden, other.coded)


def skew_of(words: Sequence[Word]) -> float:
    """Return the angle at which recognised lines rise: the middle of what long lines say."""
    rises = []
    start = 0
    for n in range(1, len(words) + 1):
        ends = (
            n == len(words)
            or words[n].x0 < words[n - 1].x0
            or abs(words[n].base - words[n - 1].base) > MAX_BASE_OFFSET_PT
        )
        if ends:
            first, last = words[start], words[n - 1]
            if last.x0 - first.x0 > 200:  # points; shorter lines say too little
                rises.append((last.base - first.base) / (last.x0 - first.x0))
            start = n
    if len(rises) < 5:  # too few lines
        return 0.0
    middle = sorted(rises)[len(rises) // 2]
    return middle if LEAST_SKEW < abs(middle) < MOST_SKEW else 0.0


def levelled(words: Sequence[Word], angle: float) -> list[Word]:
    """Return the words turned about the lower left corner of the page, so that lines run level."""
    if not angle:
        return list(words)
    sine, cosine = math.sin(-angle), math.cos(-angle)
    return [
        replace(
            word,
            x0=word.x0 * cosine - word.base * sine,
            x1=word.x0 * cosine - word.base * sine + word.x1 - word.x0,
            base=word.x0 * sine + word.base * cosine,
            last=(word.last[0] * cosine - word.base * sine, word.last[1] * cosine - word.base * sine),
        )
        for word in words
    ]
