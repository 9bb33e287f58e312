"""Where drawn lines leave a place to write: a rule beside or above its label, an empty cell or box with one.

A line under words is an underline, one without a label a border or the end of a text; neither is proposed. Lengths are
points, from the lower left corner.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.mapping.flat_spots import FOOTER_TOP_PT, INSET, WIDEST_SPACE, FlatSpot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.geometry import Rect
    from assistant.mapping.rows import MapRow
    from assistant.pdf.viewer.read_back import ReadLetter
    from assistant.pdf.viewer.ruling import Level, Ruling

MIN_RULE_WIDTH_PT = 30.0
"""A drawn rule or cell shorter than this holds no words."""
ROOM = 9.0
"""The height above a rule that has to be free."""
LOWEST_CELL, HIGHEST_CELL = 10.0, 60.0
MAX_LABEL_GAP_PT = 40.0
"""The space between a rule and the label left of it, at most."""
BEHIND = 12.0
"""The space between a rule and the words right of it that go on with its sentence, at most."""
BELOW = 16.0
"""The height below a rule in which its label stands: "(Signature)"."""
ABOVE = 24.0
"""The height above a box in which its label stands."""
LONGEST_LABEL = 60
"""Letters; more of them are a text."""
TYPE = 8.0
"""The height of capital letters and a little air, of a text on a line."""
TOUCH_PT = 1.5


def find_ruled(page: int, rows: Sequence[MapRow], ruling: Ruling) -> tuple[FlatSpot, ...]:
    """Return the places that the drawn lines of a page leave, from top to bottom."""
    letters = [x for row in rows for x, c in zip(row.letters, row.text, strict=True) if c.strip("_ \x03")]
    cells = list(_cells(ruling))
    spots = [
        FlatSpot(page=page, line=line, kind="cell")
        for cell in cells
        for line in _in_cell(
            cell, letters, labelled=_beside_and_above(cell, cells, letters) or _captioned(cell, cells, letters)
        )
    ]
    for rule in ruling.level:
        if rule[1] >= FOOTER_TOP_PT and not _is_edge(rule, ruling):
            spots += [FlatSpot(page=page, line=line, kind="drawn") for line in _on_rule(rule, letters)]
    return tuple(sorted(spots, key=lambda spot: (-spot.line[1], spot.line[0])))


def _is_edge(rule: Level, ruling: Ruling) -> bool:
    """Say whether a line is an edge of boxes: an upright line stands on it, hangs from it or crosses it."""
    x0, y, x1 = rule
    return any(
        x0 - TOUCH_PT <= x <= x1 + TOUCH_PT and low - TOUCH_PT <= y <= high + TOUCH_PT and high - low >= LOWEST_CELL
        for low, x, high in ruling.upright
    )


def _on_rule(rule: Level, letters: Sequence[ReadLetter]) -> Iterator[Level]:
    """Yield where to write on a rule that has a label left of it, on its beginning, or below it."""
    x0, y, x1 = rule
    on = sorted(
        (x.rect for x in letters if _middle(x) > x0 and _middle(x) < x1 and _stands_on(x, y)), key=lambda r: r[0]
    )
    if on:
        # "Name:" on a line that goes on: the rest of the line is the place.
        end = max(rect[2] for rect in on)
        if on[0][0] - x0 > MAX_LABEL_GAP_PT or x1 - end < WIDEST_SPACE or not _ends_label(letters, end, y):
            return
        yield end + INSET, y + INSET, x1 - INSET
    elif x1 - x0 >= MIN_RULE_WIDTH_PT and (_beside(rule, letters) or _label_below(rule, letters)):
        yield x0 + INSET, y + INSET, x1 - INSET


def _stands_on(letter: ReadLetter, y: float) -> bool:
    return letter.rect[1] < y + ROOM and letter.rect[3] > y + 1


def _ends_label(letters: Sequence[ReadLetter], end: float, y: float) -> bool:
    return any(x.text == ":" and abs(x.rect[2] - end) <= TOUCH_PT and _stands_on(x, y) for x in letters)


def _beside(rule: Level, letters: Sequence[ReadLetter]) -> bool:
    """Say whether words end shortly before a rule, on its line, or go on right behind it."""
    x0, y, x1 = rule
    return any(
        (x0 - MAX_LABEL_GAP_PT <= x.rect[2] <= x0 + INSET or x1 - INSET <= x.rect[0] <= x1 + BEHIND)
        and _stands_on(x, y)
        for x in letters
    )


def _label_below(rule: Level, letters: Sequence[ReadLetter]) -> bool:
    """Say whether a few words stand close below a rule, none of them past its ends."""
    x0, y, x1 = rule
    below = [
        x for x in letters if y - BELOW <= _height(x) < y and x0 - MAX_LABEL_GAP_PT < _middle(x) < x1 + MAX_LABEL_GAP_PT
    ]
    below.sort(key=lambda x: x.rect[0])
    return (
        0 < len(below) <= LONGEST_LABEL
        and below[0].rect[0] >= x0 - INSET
        and below[-1].rect[2] <= x1 + INSET
        and not below[0].text.isdigit()  # the number of a footnote
    )


def _cells(ruling: Ruling) -> Iterator[Rect]:
    """Yield the boxes that level and upright lines enclose, those inside others too small to write in left out."""
    for x0, y, x1 in ruling.level:
        sides = sorted(
            {
                round(x, 1)
                for low, x, high in ruling.upright
                if low - TOUCH_PT <= y and high >= y + LOWEST_CELL and x0 - TOUCH_PT <= x <= x1 + TOUCH_PT
            }
        )
        for left, right in pairwise(sides):
            tops = [
                top
                for start, top, end in ruling.level
                if top >= y + LOWEST_CELL and start <= left + TOUCH_PT and end >= right - TOUCH_PT
            ]
            top = min(tops, default=None)
            if right - left >= MIN_RULE_WIDTH_PT and top is not None and top - y <= HIGHEST_CELL:
                yield left, y, right, top


def _beside_and_above(cell: Rect, cells: Sequence[Rect], letters: Sequence[ReadLetter]) -> bool:
    """Say whether words label an empty cell: left of it in its row, other cells between, or right above it."""
    x0, y0, x1, y1 = cell
    left = x0
    for other in sorted(cells, key=lambda other: -other[0]):
        if abs(other[1] - y0) <= TOUCH_PT and abs(other[2] - left) <= TOUCH_PT:
            left = other[0]
    left = left if left < x0 else x0 - MAX_LABEL_GAP_PT
    return any(
        (left <= _middle(x) < x0 and y0 < _height(x) < y1)
        or (x0 <= _middle(x) <= x1 and y1 <= _height(x) <= y1 + ABOVE)
        for x in letters
    )


def _captioned(cell: Rect, cells: Sequence[Rect], letters: Sequence[ReadLetter]) -> bool:
    """Say whether a few words below a box, in no other one, are its label."""
    x0, y0, x1, _ = cell
    outside = [
        x for x in letters if not any(c[0] < _middle(x) < c[2] and c[1] < _height(x) < c[3] for c in cells if c != cell)
    ]
    return _label_below((x0, y0, x1), outside)


def _in_cell(cell: Rect, letters: Sequence[ReadLetter], *, labelled: bool) -> Iterator[Level]:
    """Yield where to write in a cell: in its middle where it is empty, else behind or below the label in it."""
    x0, y0, x1, y1 = cell
    inside = [x.rect for x in letters if x0 < _middle(x) < x1 and y0 < _height(x) < y1]
    if not inside:
        if labelled:
            base = y0 + max(3.0, (y1 - y0 - TYPE) / 2) if y1 - y0 < 2 * LOWEST_CELL + TYPE else y1 - TYPE - 5
            yield x0 + INSET + 1, base, x1 - INSET - 1
        return
    low, end = min(rect[1] for rect in inside), max(rect[2] for rect in inside)
    if len(inside) > LONGEST_LABEL or low - y0 < 0:
        return
    if low - y0 >= TYPE + 4:
        yield x0 + INSET + 1, y0 + 3.5, x1 - INSET - 1
    elif x1 - end >= WIDEST_SPACE and _ends_label(letters, end, low):
        yield end + INSET, low + 2.5, x1 - INSET - 1


def _middle(letter: ReadLetter) -> float:
    return (letter.rect[0] + letter.rect[2]) / 2


def _height(letter: ReadLetter) -> float:
    return (letter.rect[1] + letter.rect[3]) / 2
