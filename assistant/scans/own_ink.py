"""Tell ink apart in a picture of a blank: the form's own words and lines, the neighbors' writing, and the blank's own.

Pictures are darkness, 0 to 1, at 300 dpi; boxes are pixels: left, top, right, bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence

    Box = tuple[int, int, int, int]

THEIRS = 0.75
"""A component of which this part lies on the form's words is the form's."""
LEAK = 8
"""Pixels: what hangs together with a word of the form and reaches so far out of it is writing that runs into it."""
LEVEL = 2.5
"""Times its height: a component on a line of the form that is so wide is a piece of that line."""
RUN = 90
"""Pixels: ink that runs level so far is a line to write on."""
THIN = 9
"""Pixels: a line to write on is no thicker."""
BROKEN, WHOLE = 0.6, 0.93
"""Part of its length on which a line has ink: one of the form's, and any other."""
BOW = 14
"""Pixels: about the width of the bow of a "g"."""
SPECK = 5
"""Pixels: a component with less is a speck."""
INSIDE = 0.5
"""Of its height, this part of a line lies inside the blank; else it is a neighbor's."""
DARK = 0.42
"""Of 1: from here on a pixel is ink, whatever is darker."""
HALF = 0.5
"""Of the darkest in a blank: from here on a pixel is ink."""
DOTS = 1.3
"""Pixels: by so much pale writing is smoothed before it is read, so that dots become strokes."""
DOT, DOTS_AT_LEAST = 9, 60
"""Pixels of a printer's dot at most; how many of them make letters."""
PALE, NOISE = 0.14, 6.0
"""Pale ink is darker than this once it is smoothed, and than so many times the unevenness of the paper."""


@dataclass(frozen=True, slots=True)
class FormBoxes:
    """Boxes of the form's words and lines around a blank, in pixels of its region."""

    words: list[Box]
    rules: list[Box]


def find_ink(dark: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where ink is, and how dark each pixel is to be drawn; ``counts``: the pixels that tell how dark ink is.

    Light print is recognized by its own darkness, dotted print once it is smoothed.
    """
    part = dark[counts]
    if not part.size:
        return dark > DARK, dark
    strong = float(np.quantile(part, 0.995))
    uneven = 1.48 * float(np.median(np.abs(part - np.median(part))))
    is_dark = dark > min(DARK, HALF * strong)
    if strong < max(PALE, NOISE * uneven) or _is_dotted(is_dark & counts):
        return _pale_ink(dark), cv2.GaussianBlur(dark, (0, 0), DOTS)
    return is_dark, dark


def _is_dotted(ink: np.ndarray) -> bool:
    """Say whether ink is many dots, as a printer makes grey of black."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    areas = stats[1:, 4]
    dots = areas[(areas >= SPECK) & (stats[1:, 2] <= DOT) & (stats[1:, 3] <= DOT)]
    return len(dots) > DOTS_AT_LEAST and float(dots.sum()) > 0.5 * float(areas.sum())


def _pale_ink(dark: np.ndarray) -> np.ndarray:
    """Return where ink is in a blank whose writing is light or dotted: smoothed, so that dots become strokes."""
    smooth = cv2.GaussianBlur(dark, (0, 0), 2.0)
    middle = float(np.median(smooth))
    uneven = 1.48 * float(np.median(np.abs(smooth - middle)))
    ink: np.ndarray = smooth > max(PALE, middle + NOISE * uneven)
    return ink


def find_own_ink(
    is_dark: np.ndarray,
    printed: FormBoxes,
    box: Box,
    *,
    others: Sequence[Box],
    block: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ink (0 or 1) that is neither the form's nor a neighbor's, and what of it ran into the form's."""
    form, on_lines = fill_boxes(is_dark.shape, printed.words), fill_boxes(is_dark.shape, printed.rules)
    ink = _without_rules(is_dark.astype(np.uint8), on_lines)
    _, top, _, bottom = box
    beside = fill_boxes(ink.shape, [word for word in printed.words if word[1] < (top + bottom) / 2 < word[3]])
    ink, leaks = _parted_from_form(ink, beside, (top, bottom))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    on_form = np.bincount(labels.ravel(), weights=form.ravel(), minlength=count)
    on_rule = np.bincount(labels.ravel(), weights=on_lines.ravel(), minlength=count)
    keep = np.zeros(count, bool)
    free = [
        n
        for n in range(1, count)
        if stats[n][4] >= SPECK
        and on_form[n] < THEIRS * stats[n][4]
        and not (on_rule[n] >= THEIRS * stats[n][4] and stats[n][2] >= LEVEL * stats[n][3])
    ]
    # A whole line of writing is the blank's or a neighbor's: small letters may lie inside where tall ones reach out.
    for row in group_rows([tuple(stats[n][:4].tolist()) for n in free]):
        members = [free[n] for n in row]
        tops = np.array([stats[n][1] for n in members])
        ends = np.array([stats[n][1] + stats[n][3] for n in members])
        high = float(np.median(ends - tops))
        within = min(float(np.median(ends)), bottom) - max(float(np.median(tops)), top)
        if within < INSIDE * high:
            continue
        middle = (float(np.median(tops)) + float(np.median(ends))) / 2
        for n in members:
            x, y, w, h, _area = stats[n].tolist()
            # A stroke that comes from far above or below is no letter of this line.
            stray = (y <= 0 or y + h >= ink.shape[0]) and h > 2 * high and not block
            inside_other = any(other[0] <= x + w / 2 < other[2] and other[1] <= middle < other[3] for other in others)
            if not stray and not (inside_other and not top <= middle < bottom):
                keep[n] = True
    own: np.ndarray = keep[labels].astype(np.uint8)
    return own, leaks & own


def _parted_from_form(ink: np.ndarray, form: np.ndarray, rows: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return ink in which what runs into the form's words on the blank's own line is parted from them; and it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    on_form = np.bincount(labels.ravel(), weights=form.ravel(), minlength=count)
    parted, leaks = ink, np.zeros_like(ink)
    for n in range(1, count):
        x, y, w, h, area = stats[n].tolist()
        if on_form[n] < THEIRS * area * 0.5 or area - on_form[n] < LEAK * LEAK or y > rows[1] or y + h < rows[0]:
            continue
        outside = ((labels[y : y + h, x : x + w] == n) & (form[y : y + h, x : x + w] == 0)).astype(np.uint8)
        pieces, names, sizes, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
        wide = [m for m in range(1, pieces) if sizes[m][2] >= LEAK and sizes[m][3] >= LEAK]
        if not wide:
            continue
        if parted is ink:
            parted = ink.copy()
        mine = np.isin(names, wide)
        parted[y : y + h, x : x + w][(labels[y : y + h, x : x + w] == n) & ~mine] = 0
        leaks[y : y + h, x : x + w][mine] = 1
    return parted, leaks


def fill_boxes(shape: tuple[int, ...], boxes: Sequence[Box]) -> np.ndarray:
    """Return a mask of boxes, 0 or 1."""
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 1
    return mask


def mark_others(is_dark: np.ndarray, own: np.ndarray, printed: FormBoxes) -> np.ndarray:
    """Return where ink, with its soft edges, is the form's or a neighbor's: all that no own ink lies close to."""
    near = cv2.dilate(own, np.ones((5, 5), np.uint8))
    rest = is_dark.astype(np.uint8) & (1 - own)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    # A speck may be what a coarse scan left of the dot of an "i".
    rest[stats[labels, 4] < SPECK] = 0
    other = cv2.dilate(rest, np.ones((5, 5), np.uint8))
    form = fill_boxes(own.shape, printed.words) | fill_boxes(own.shape, printed.rules)
    theirs: np.ndarray = ((other | form) & (1 - near)) > 0
    return theirs


def _without_rules(ink: np.ndarray, on_lines: np.ndarray) -> np.ndarray:
    """Return ink without the level lines to write on; where a letter goes on below a line, its ink on the line stays.

    Only the line's own thickness is taken: the foot of a letter that stands on it would else be lost. The upper edges
    of small letters make a level run as well, with gaps: away from the form's lines (``on_lines``) a run has none.
    """
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 7), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, RUN), np.uint8))
    if not long.any():
        return ink
    rest = ink.copy()
    count, labels, stats, _ = cv2.connectedComponentsWithStats(long)
    for n in range(1, count):
        x, y, w, h, _area = stats[n].tolist()
        if h > THIN + w // 60:
            continue
        mask = labels[y : y + h, x : x + w] == n
        covered = float((mask & (ink[y : y + h, x : x + w] > 0)).any(0).mean())
        of_form = float(on_lines[y : y + h, x : x + w][mask].mean()) >= THEIRS
        if covered < (BROKEN if of_form else WHOLE):
            continue
        top, bottom = y + mask.argmax(0), y + h - 1 - mask[::-1].argmax(0)
        first, last = _median_run(top), _median_run(bottom)
        is_bare = ~_letters_on(ink, x, first, last)
        for column in np.flatnonzero(is_bare):
            rest[max(0, first[column] - 1) : last[column] + 2, x + column] = 0
        _drop_crumbs(rest, (x, int(first.min()), x + w, int(last.max())))
    return rest


def _median_run(rows: np.ndarray) -> np.ndarray:
    """Return the edge of a line, column by column, without what letters add to it here and there."""
    reach = 60
    padded = np.pad(rows, reach, mode="edge")
    edge: np.ndarray = (
        np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1).round().astype(int)
    )
    return edge


def _letters_on(ink: np.ndarray, x: int, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return at which columns of a line, from ``x``, a letter lies on it or passes it, so that the ink stays.

    A tail that goes on below the line is a letter's. The bow of a "g" may only just pass the line's lower edge: it
    counts where it is wide, and a stroke comes down to the line beside it.
    """
    columns = x + np.arange(len(first))
    high = len(ink) - 1
    below = [ink[np.minimum(last + n, high), columns] > 0 for n in (1, 2, 3)]
    above = (ink[np.maximum(first - 2, 0), columns] > 0) & (ink[np.maximum(first - 3, 0), columns] > 0)
    is_letter = below[1] & below[2]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], below[0].astype(np.int8), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        around = slice(max(0, start - BOW), end + BOW)
        if BOW / 3 <= end - start <= 3 * BOW and above[around].any():
            is_letter[start:end] = True
            is_letter[around] |= above[around]
    letters: np.ndarray = is_letter
    return letters


def _drop_crumbs(ink: np.ndarray, box: Box) -> None:
    """Take away, in place, what is left of a line: ink that lies wholly in the band of the line."""
    x0, y0, x1, y1 = max(0, box[0] - 3), max(0, box[1] - 4), box[2] + 3, box[3] + 5
    part = ink[y0:y1, x0:x1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    for n in range(1, count):
        _, y, _, h, _area = stats[n].tolist()
        if y > 0 and y + h < part.shape[0]:
            part[labels == n] = 0


def group_rows(boxes: Sequence[Box]) -> list[list[int]]:
    """Return the numbers of boxes (x, y, width, height) that stand on one line, line by line from the top."""
    order = sorted(range(len(boxes)), key=lambda n: -boxes[n][3])
    rows: list[tuple[list[int], list[float]]] = []
    for n in order:
        _, y, _, h = boxes[n]
        best = None
        for row in rows:
            top, bottom = row[1]
            over = min(bottom, y + h) - max(top, y)
            # A comma hangs low, a point stands low: what lies near a line is of it.
            # Below a line nothing belongs to it that does not reach into it.
            reach = 0.25 * (bottom - top) if y < top else 0.0
            near = over >= 0.4 * min(h, bottom - top) or (h < 0.45 * (bottom - top) and -reach < over)
            if near and (best is None or over > best[0]):
                best = (over, row)
        if best is None:
            rows.append(([n], [float(y), float(y + h)]))
        else:
            best[1][0].append(n)
    return [sorted(row[0], key=lambda n: boxes[n][0]) for row in sorted(rows, key=lambda row: row[1][0])]
