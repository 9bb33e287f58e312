"""Cut a blank out of a page's picture: laid level at 300 dpi, the form's own ink and the neighbors' taken off.

A raw crop holds halves of neighbouring lines and words of the form, and a recognizer reads them along: of 27 values
15 were read right from raw crops, 25 from cleaned ones. Lengths are points of the print, from its upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.one_thread import cv2

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
EDGE = 5
"""Pixels around a line that belong to its picture."""
PAPER = 0.12
"""Of a line's darkest: what is lighter is paper."""
LOWEST = 2.0
"""Points: a row of ink that is nowhere so high is no line of writing."""
SMALL, APART = 0.35, 1.0
"""Times the height of a line: a component so small and so far from the others is a speck."""
DOTS = 1.3
"""Pixels: by so much pale writing is smoothed before it is read, so that dots become strokes."""
LIGHT = 0.5
"""Where so few pixels of a blank are darker than this, its writing is looked for in pale ink."""
DOT, DOTS_AT_LEAST = 9, 60
"""Pixels of a printer's dot at most; how many of them make letters."""
PALE, NOISE = 0.14, 6.0
"""Pale ink is darker than this once it is smoothed, and than so many times the unevenness of the paper."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """Boxes of the form's words and lines around a blank, in pixels of its region."""

    words: list[tuple[int, int, int, int]]
    rules: list[tuple[int, int, int, int]]


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
    raw = grey[max(0, inner[1] - 12) : inner[3] + 12, max(0, inner[0] - 40) : inner[2] + 40]
    printed = _Printed(
        words=_boxes_in(alignment.page.words, region, SLACK), rules=_boxes_in(alignment.page.rules, region, RULE_SLACK)
    )
    form = _filled(dark.shape, printed.words) | _filled(dark.shape, printed.rules)
    inside = _filled(dark.shape, [inner])
    # The form's own black lines would hide that all else in the blank is pale.
    is_dark, tones = _find_ink(dark, (inside & (1 - form)) > 0)
    own, leaks = _own_ink(is_dark, printed, region, box, others=others, block=block)
    lines, cut = _lines_in(own, _theirs(is_dark, own, printed), tones, inner, region, leaks=leaks)
    if not lines:
        # So would a black speck, or the comma behind the blank.
        near_black = cv2.dilate((dark > DARK).astype(np.uint8), np.ones((9, 9), np.uint8))
        pale = np.where(near_black > 0, 0, dark).astype(np.float32)
        is_dark, tones = _find_ink(pale, (inside & (1 - form) & (1 - near_black)) > 0)
        pale_own, leaks = _own_ink(is_dark, printed, region, box, others=others, block=block)
        lines, cut = _lines_in(pale_own, _theirs(is_dark, pale_own, printed), tones, inner, region, leaks=leaks)
        own = pale_own if lines else own
    area = own[inner[1] : inner[3], inner[0] : inner[2]]
    own_tones = dark[own > 0]
    return BlankCrop(
        lines=tuple(lines),
        ink=float((area > 0).mean()) if area.size else 0.0,
        darkest=float(np.quantile(own_tones, 0.9)) if own_tones.size else 0.0,
        agreement=agreement,
        raw=raw,
        is_whole=is_whole and not cut,
    )


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


def _find_ink(dark: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where ink is, and how dark each pixel is to be drawn; ``counts``: the pixels that tell how dark ink is.

    Light print is told by its own darkness, dotted print once it is smoothed.
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


def _pixels(box: Rect, region: Rect) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    return (
        max(0, round((x0 - region[0]) * SCALE)),
        max(0, round((y0 - region[1]) * SCALE)),
        max(0, round((x1 - region[0]) * SCALE)),
        max(0, round((y1 - region[1]) * SCALE)),
    )


def _own_ink(
    is_dark: np.ndarray,
    printed: _Printed,
    region: Rect,
    box: Rect,
    *,
    others: Sequence[Rect],
    block: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ink (0 or 1) that is neither the form's nor a neighbor's, and what of it ran into the form's."""
    form, on_lines = _filled(is_dark.shape, printed.words), _filled(is_dark.shape, printed.rules)
    ink = _without_rules(is_dark.astype(np.uint8), on_lines)
    _, top, _, bottom = _pixels(box, region)
    beside = _filled(ink.shape, [word for word in printed.words if word[1] < (top + bottom) / 2 < word[3]])
    ink, leaks = _parted_from_form(ink, beside, (top, bottom))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    on_form = np.bincount(labels.ravel(), weights=form.ravel(), minlength=count)
    on_rule = np.bincount(labels.ravel(), weights=on_lines.ravel(), minlength=count)
    theirs = [_pixels(other, region) for other in others]
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
            inside_other = any(other[0] <= x + w / 2 < other[2] and other[1] <= middle < other[3] for other in theirs)
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


def _filled(shape: tuple[int, ...], boxes: Sequence[tuple[int, int, int, int]]) -> np.ndarray:
    """Return a mask of boxes, 0 or 1."""
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 1
    return mask


def _theirs(is_dark: np.ndarray, own: np.ndarray, printed: _Printed) -> np.ndarray:
    """Return where ink, with its soft edges, is the form's or a neighbor's: all that no own ink lies close to."""
    near = cv2.dilate(own, np.ones((5, 5), np.uint8))
    rest = is_dark.astype(np.uint8) & (1 - own)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    # A speck may be what a coarse scan left of the dot of an "i".
    rest[stats[labels, 4] < SPECK] = 0
    other = cv2.dilate(rest, np.ones((5, 5), np.uint8))
    form = _filled(own.shape, printed.words) | _filled(own.shape, printed.rules)
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


def _drop_crumbs(ink: np.ndarray, box: tuple[int, int, int, int]) -> None:
    """Take away, in place, what is left of a line: ink that lies wholly in the band of the line."""
    x0, y0, x1, y1 = max(0, box[0] - 3), max(0, box[1] - 4), box[2] + 3, box[3] + 5
    part = ink[y0:y1, x0:x1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    for n in range(1, count):
        _, y, _, h, _area = stats[n].tolist()
        if y > 0 and y + h < part.shape[0]:
            part[labels == n] = 0


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

    A line's picture is the page's own, with what is another's made white: ink that is too light to be told from paper
    by itself, such as the dot of an "i" or the tail of a comma, stays.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    groups = group_rows([tuple(stats[n][:4].tolist()) for n in range(1, count)])
    found = []
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
        found.append(TextLine(picture=picture, box=place, cut=ends or runs_over))
    return found, cut


def _without_specks(members: list[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    """Return the components of a line without specks apart from its letters; none where nothing is as high as one."""
    height = max((s[3] for _, s in members), default=0)
    if height < LOWEST * SCALE:
        return []
    kept = sorted(members, key=lambda m: m[1][0])
    for side in (0, -1):
        while len(kept) > 1 and max(kept[side][1][2:4]) < SMALL * height:
            rest = kept[1:] if side == 0 else kept[:-1]
            gap = (
                min(m[1][0] for m in rest) - kept[0][1][0] - kept[0][1][2]
                if side == 0
                else kept[-1][1][0] - max(m[1][0] + m[1][2] for m in rest)
            )
            if gap < APART * height:
                break
            kept = rest
    return kept


def group_rows(boxes: Sequence[tuple[int, int, int, int]]) -> list[list[int]]:
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
