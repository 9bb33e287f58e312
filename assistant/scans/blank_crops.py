"""Cut a blank out of a page's picture: laid level at 300 dpi, the form's own ink and the neighbors' taken off.

A raw crop holds halves of neighbouring lines and words of the form, and a recognizer reads them along: of 27 values
15 were read right from raw crops, 25 from cleaned ones. Lengths are points of the print, from its upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2
from assistant.scans.own_ink import DARK, FormBoxes, fill_boxes, find_ink, find_own_ink, group_rows, mark_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.geometry import Rect
    from assistant.scans.word_alignment import PrintAlignment

DPI = 300
SCALE = DPI / 72
ROUND = 9.0
"""Points above and below a blank that are looked at, to see whose ink reaches into it."""
ASIDE = 60.0
"""Points to each side that a crop may grow while ink goes on."""
START = 3.0
"""Points to each side that belong to a blank from the start."""
GAP = 8.0
"""Points of white that end what stands in a blank."""
SLACK = 1.0
"""Points by which the form's words are widened: no alignment is better."""
RULE_SLACK = 1.2
"""Points by which the form's lines to write on are widened."""
EDGE = 5
"""Pixels around a line that belong to its picture."""
PAPER = 0.12
"""Of a line's darkest: what is lighter is paper."""
LOWEST = 2.0
"""Points: a row of ink that is nowhere so high is no line of writing."""
SMALL, APART = 0.35, 1.0
"""Times the height of a line: a component so small and so far from the others is a speck."""
LIGHT = 0.5
"""Where so few pixels of a blank are darker than this, its writing is looked for in pale ink."""
PALE_WINDOW = 13
"""Pixels of the square over which darkness is averaged: strokes stay, the grain of the paper goes."""
PALE, PALE_TIMES = 0.03, 4.5
"""Darker than the paper by so much, and by so many times its own spread, is a stroke in pale ink."""
PALE_HIGH, PALE_WIDE = 4.0, 6.0
"""Points: what is pale and so high and wide is no speck."""
PALE_SHARE = 0.5
"""Of an averaged square so much must be free paper."""
NORMAL_05, NORMAL_25 = 1.645, 0.674
"""How many spreads below the mean 5 and 25 of 100 values of a normal distribution lie."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextLine:
    """One line of writing. ``picture`` is grey, dark on white, at 300 dpi; ``box`` is its place on the print."""

    picture: np.ndarray
    box: Rect
    cut: bool
    """Whether ink goes on past the end of what could be cut out."""

    @property
    def height(self) -> float:
        """Return the height of its ink, in points."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlankCrop:
    """What stands in a blank, line by line. ``ink`` is the part of the blank that is dark, ``darkest`` 0 to 1."""

    lines: tuple[TextLine, ...]
    ink: float
    darkest: float
    agreement: float
    """How well the print around the blank is met, 0 to 1."""
    raw: np.ndarray
    """The blank as it is, nothing taken off: what a person is shown."""
    is_whole: bool = True
    """Whether all of the blank lies on the picture."""
    is_marked: bool = False
    """Whether something stands there, without a line that could be cut out, that is only a little darker than paper."""


def cut_blank(
    picture: np.ndarray, alignment: PrintAlignment, box: Rect, *, block: bool = False, others: Sequence[Rect] = ()
) -> BlankCrop:
    """Return what is written in a blank of the print.

    ``picture`` is the page, grey, turned upright, at 300 dpi for a sheet of the print's size. ``block``: several lines
    stand in it, and ink that runs out of it upward is no neighbor's. ``others`` are boxes of other blanks near by.
    """
    (dx, dy), agreement = alignment.near(box)
    region = (max(0.0, box[0] - ASIDE), box[1] - ROUND, min(alignment.page.width, box[2] + ASIDE), box[3] + ROUND)
    grey, is_whole = _level(picture, alignment, region, (dx, dy))
    dark = _darkness(grey)
    inner = _pixels(box, region)
    neighbors = [_pixels(other, region) for other in others]
    raw = grey[max(0, inner[1] - 12) : inner[3] + 12, max(0, inner[0] - 40) : inner[2] + 40]
    printed = FormBoxes(
        words=_boxes_in(alignment.page.words, region, SLACK), rules=_boxes_in(alignment.page.rules, region, RULE_SLACK)
    )
    form = fill_boxes(dark.shape, printed.words) | fill_boxes(dark.shape, printed.rules)
    inside = fill_boxes(dark.shape, [inner])
    # The form's own black lines would hide that all else in the blank is pale.
    is_dark, tones = find_ink(dark, (inside & (1 - form)) > 0)
    own, leaks = find_own_ink(is_dark, printed, inner, others=neighbors, block=block)
    lines, cut = _lines_in(own, mark_others(is_dark, own, printed), tones, inner, region, leaks=leaks)
    if not lines:
        # So would a black speck, or the comma behind the blank.
        near_black = cv2.dilate((dark > DARK).astype(np.uint8), np.ones((9, 9), np.uint8))
        pale = np.where(near_black > 0, 0, dark).astype(np.float32)
        is_dark, tones = find_ink(pale, (inside & (1 - form) & (1 - near_black)) > 0)
        pale_own, leaks = find_own_ink(is_dark, printed, inner, others=neighbors, block=block)
        lines, cut = _lines_in(pale_own, mark_others(is_dark, pale_own, printed), tones, inner, region, leaks=leaks)
        own = pale_own if lines else own
    is_marked = not lines and _has_pale_marks(dark, (inside & (1 - form)) > 0)
    area = own[inner[1] : inner[3], inner[0] : inner[2]]
    own_tones = dark[own > 0]
    return BlankCrop(
        lines=tuple(lines),
        ink=float((area > 0).mean()) if area.size else 0.0,
        darkest=float(np.quantile(own_tones, 0.9)) if own_tones.size else 0.0,
        agreement=agreement,
        raw=raw,
        is_whole=is_whole and not cut,
        is_marked=is_marked,
    )


def cut_strip(picture: np.ndarray, alignment: PrintAlignment, box: Rect) -> np.ndarray:
    """Return a box of the print as the picture shows it: grey, 300 dpi, with all its ink."""
    (dx, dy), _ = alignment.near(box)
    return _level(picture, alignment, box, (dx, dy))[0]


def _boxes_in(boxes: np.ndarray, region: Rect, slack: float) -> list[tuple[int, int, int, int]]:
    """Return the printed boxes that reach into a region, widened by so many points, in its pixels."""
    reaches = (
        (boxes[:, 2] > region[0]) & (boxes[:, 0] < region[2]) & (boxes[:, 3] > region[1]) & (boxes[:, 1] < region[3])
    )
    wider = boxes[reaches] + np.array([-slack, -slack, slack, slack])
    return [_pixels(tuple(box), region) for box in wider]


def _level(
    picture: np.ndarray, alignment: PrintAlignment, region: Rect, shift: tuple[float, float]
) -> tuple[np.ndarray, bool]:
    """Return a region of the print as the picture shows it, at 300 dpi, and whether all of it is on the picture."""
    width, height = round((region[2] - region[0]) * SCALE), round((region[3] - region[1]) * SCALE)
    to_print = np.array([[1 / SCALE, 0, region[0] + shift[0]], [0, 1 / SCALE, region[1] + shift[1]], [0, 0, 1.0]])
    finer = DPI / alignment.dpi
    matrix = np.diag([finer, finer, 1.0]) @ alignment.matrix @ to_print
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    grey = cv2.warpPerspective(picture, matrix, (width, height), flags=flags, borderValue=255)
    corners = matrix @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1.0]])
    x, y = corners[:2] / corners[2]
    slack = 12 * SCALE
    is_inside = x.min() > -slack and y.min() > -slack
    return grey, bool(is_inside and x.max() < picture.shape[1] + slack and y.max() < picture.shape[0] + slack)


def _darkness(grey: np.ndarray) -> np.ndarray:
    """Return how dark each pixel is against the paper around it, 0 to 1."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    paper = cv2.blur(paper, (25, 25)).astype(np.float32)
    darkness: np.ndarray = np.clip(1 - grey.astype(np.float32) / np.maximum(paper, 40), 0, 1)
    return darkness


def _has_pale_marks(dark: np.ndarray, free: np.ndarray) -> bool:
    """Return whether something a little darker than the paper stands on the free pixels of a blank.

    The paper's own darkness and grain are read off the lighter half of the blank, so that the marks do not count.
    """
    near_black = cv2.dilate((dark > DARK).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    open_paper = (free & ~near_black).astype(np.float32)
    window = (PALE_WINDOW, PALE_WINDOW)
    share = cv2.blur(open_paper, window)
    mean = cv2.blur(dark.astype(np.float32) * open_paper, window) / np.maximum(share, 0.01)
    looked_at = share > PALE_SHARE
    if not looked_at.any():
        return False
    lightest, light = np.quantile(mean[looked_at], (0.05, 0.25))
    spread = (light - lightest) / (NORMAL_05 - NORMAL_25)
    paper = light + NORMAL_25 * spread
    marks = (looked_at & (mean > paper + max(PALE, PALE_TIMES * spread))).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    groups = group_rows([tuple(stats[n][:4].tolist()) for n in range(1, count)])
    for group in groups:
        rows = stats[[n + 1 for n in group]]
        high = (rows[:, 1] + rows[:, 3]).max() - rows[:, 1].min()
        wide = (rows[:, 0] + rows[:, 2]).max() - rows[:, 0].min()
        if high >= PALE_HIGH * SCALE and wide >= PALE_WIDE * SCALE:
            return True
    return False


def _pixels(box: Rect, region: Rect) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    return (
        max(0, round((x0 - region[0]) * SCALE)),
        max(0, round((y0 - region[1]) * SCALE)),
        max(0, round((x1 - region[0]) * SCALE)),
        max(0, round((y1 - region[1]) * SCALE)),
    )


def _lines_in(
    own: np.ndarray,
    theirs: np.ndarray,
    tones: np.ndarray,
    inner: tuple[int, int, int, int],
    region: Rect,
    *,
    leaks: np.ndarray,
) -> tuple[list[TextLine], bool]:
    """Return the lines of writing of own ink, from the top, and whether any goes on past the region.

    A line's picture is the page's own, with what is another's made white: ink that is too light to be seen as ink
    by itself, such as the dot of an "i" or the tail of a comma, stays.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    groups = group_rows([tuple(stats[n][:4].tolist()) for n in range(1, count)])
    text_lines = []
    cut = False
    high, wide = own.shape
    for group in groups:
        members = _without_specks(_grown([(n + 1, stats[n + 1].tolist()) for n in group], inner))
        if not members:
            continue
        x0, y0 = min(s[0] for _, s in members), min(s[1] for _, s in members)
        x1, y1 = max(s[0] + s[2] for _, s in members), max(s[1] + s[3] for _, s in members)
        ends = x1 >= wide - 2 or x0 <= 1
        cut = cut or ends
        place = (region[0] + x0 / SCALE, region[1] + y0 / SCALE, region[0] + x1 / SCALE, region[1] + y1 / SCALE)
        left, top, right, bottom = max(0, x0 - EDGE), max(0, y0 - EDGE), min(wide, x1 + EDGE), min(high, y1 + EDGE)
        area = labels[top:bottom, left:right]
        mask = np.isin(area, [n for n, _ in members])
        foreign = cv2.dilate(((area > 0) & ~mask).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        foreign &= cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
        tone = np.where(theirs[top:bottom, left:right] | foreign, 0.0, tones[top:bottom, left:right])
        strongest = max(float(np.quantile(tone[mask], 0.9)) if mask.any() else 1.0, 0.1)
        least = PAPER * strongest
        picture = (255 - 255 * np.clip((tone - least) / (strongest - least), 0, 1)).astype(np.uint8)
        runs_over = bool((leaks[top:bottom, left:right] & mask).any())
        text_lines.append(TextLine(picture=picture, box=place, cut=ends or runs_over))
    return text_lines, cut


def _without_specks(members: list[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    """Return the components of a line without specks apart from its letters; none where nothing is as high as one."""
    height = max((s[3] for _, s in members), default=0)
    if height < LOWEST * SCALE:
        return []
    letters = sorted(members, key=lambda m: m[1][0])
    for side in (0, -1):
        while len(letters) > 1 and max(letters[side][1][2:4]) < SMALL * height:
            rest = letters[1:] if side == 0 else letters[:-1]
            gap = (
                min(m[1][0] for m in rest) - letters[0][1][0] - letters[0][1][2]
                if side == 0
                else letters[-1][1][0] - max(m[1][0] + m[1][2] for m in rest)
            )
            if gap < APART * height:
                break
            letters = rest
    return letters


def _grown(members: list[tuple[int, list[int]]], inner: tuple[int, int, int, int]) -> list[tuple[int, list[int]]]:
    """Return the components of a line that stand in a blank, and those beside it as far as no white parts them."""
    left, right = inner[0] - START * SCALE, inner[2] + START * SCALE
    nearby = [m for m in members if m[1][0] < right and m[1][0] + m[1][2] > left]
    if not nearby:
        return []
    gap = GAP * SCALE
    first, last = min(m[1][0] for m in nearby), max(m[1][0] + m[1][2] for m in nearby)
    ordered = sorted((m for m in members if m not in nearby), key=lambda m: m[1][0])
    if last > inner[2] - gap:
        for m in ordered:
            if m[1][0] >= first and m[1][0] - last <= gap:
                nearby.append(m)
                last = max(last, m[1][0] + m[1][2])
    if first < inner[0] + gap:
        for m in sorted(ordered, key=lambda m: -(m[1][0] + m[1][2])):
            if m[1][0] < first and first - (m[1][0] + m[1][2]) <= gap:
                nearby.append(m)
                first = min(first, m[1][0])
    return nearby
