"""Where one can write on a page without form fields: underscores, gaps in a sentence, labels with nothing behind.

Reads letters only; what is drawn as a line is ``ruled``. Lengths are points, from the lower left corner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from assistant.mapping.rows import PART_GAP_PT, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.editions.catalog import LineSpan
    from assistant.mapping.rows import MapRow

SpotKind = Literal["rule", "gap", "label", "heading", "lines", "footer", "drawn", "cell"]
"""``heading`` is what stands beside one that names a party."""

INSET = 2.0
"""Left free at both ends of a rule, so that a text does not touch the words beside it."""
MIN_LINE_WIDTH_PT = 18.0
"""A rule or gap shorter than this is no place to write."""
WIDEST_SPACE = 60.0
"""A gap this wide inside a sentence is left for writing; no justified line has one."""
AFTER_WORD = 5.0
FOOTER_TOP_PT = 50.0
"""Below this height stand page number and revision stamp."""
LINE_STEP_PT = 14.0
FIRST_STEP = 17.0
MIN_BLOCK_SPACE_PT = 3 * LINE_STEP_PT

_RULE = re.compile(r"_(?:[_ ]*_)?")
_LABEL = re.compile(r"(?:Date|Signature|Name|Title|Agency|For the LEA|For DHS) ?: *$")
_PARTY = re.compile(r"For the LEA ?: *$")
_HEADING = re.compile(r"For ?(?:the ?LEA|ICE|DHS) ?: *$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatSpot:
    """A place to write on; ``page`` counts from 1."""

    page: int
    line: LineSpan
    kind: SpotKind


def find_spots(page: int, rows: Sequence[MapRow], width: float) -> tuple[FlatSpot, ...]:
    """Return the places of a page from top to bottom, left to right; gaps and bare labels among them may be none."""
    left, right = margins(rows, width)
    spots: list[FlatSpot] = []
    for n, row in enumerate(rows):
        if row.y0 < FOOTER_TOP_PT:
            spots += [FlatSpot(page=page, line=line, kind="footer") for line in _footer(row, left, width)]
            continue
        rules = list(_rules(row))
        spots += [FlatSpot(page=page, line=line, kind="rule") for line in rules]
        if rules:
            continue
        above, below = (rows[n - 1] if n else None), (rows[n + 1] if n + 1 < len(rows) else None)
        spots += [FlatSpot(page=page, line=line, kind="gap") for line in _gaps(row, above, below, left)]
        spots += [FlatSpot(page=page, line=line, kind=kind) for kind, line in _labelled(row, above, below, left, right)]
    return tuple(spots)


def margins(rows: Sequence[MapRow], width: float) -> tuple[float, float]:
    """Return where the body's lines begin and end: the commonest beginning, the furthest end."""
    body = [row for row in rows if row.y0 >= FOOTER_TOP_PT and len(row.text) > 40] or list(rows)  # a line of prose
    starts = [round(_ink(row)[0]) for row in body]
    if not starts:
        return 72.0, width - 72.0
    return float(max(sorted(set(starts)), key=starts.count)), max(_ink(row)[1] for row in body)


def _ink(row: MapRow) -> tuple[float, float]:
    inked = [letter for letter in row.letters if letter.text.strip("\x03 ")] or row.letters
    return inked[0].rect[0], inked[-1].rect[2]


def _rules(row: MapRow) -> Iterator[LineSpan]:
    for match in _RULE.finditer(row.text):
        start, end = match.span()
        # Two rules side by side, one for each party, have no letter between them.
        breaks = [n for n in range(start + 1, end) if row.letters[n].rect[0] - row.letters[n - 1].rect[2] > PART_GAP_PT]
        for first, last in pairwise([start, *breaks, end]):
            x0, x1 = row.letters[first].rect[0], row.letters[last - 1].rect[2]
            if x1 - x0 >= MIN_LINE_WIDTH_PT:
                yield x0 + INSET, row.baseline(first), x1 - INSET


def _gaps(row: MapRow, above: MapRow | None, below: MapRow | None, left: float) -> Iterator[LineSpan]:
    """Yield the wide gaps of a row; that of a row that begins late counts only between rows of the same sentence."""
    inked = [n for n, letter in enumerate(row.letters) if letter.text.strip("\x03 ")]
    if not inked:
        return
    first = row.letters[inked[0]].rect[0]
    if first - left >= WIDEST_SPACE and row.text[inked[0]] in ",;." and above is not None and below is not None:
        yield left + INSET, row.baseline(inked[0]), first - INSET
    for one, other in pairwise(inked):
        x0, x1 = row.letters[one].rect[2], row.letters[other].rect[0]
        if x1 - x0 >= WIDEST_SPACE and not _HEADING.search(plain(row.text[: one + 1])):
            yield x0 + AFTER_WORD, row.baseline(one), x1 - INSET - 1


def _labelled(
    row: MapRow, above: MapRow | None, below: MapRow | None, left: float, right: float
) -> Iterator[tuple[SpotKind, LineSpan]]:
    """Yield the places behind a label that ends its row, or on the empty page below "For the LEA:"."""
    text = plain(row.text)
    if not _LABEL.search(text):
        return
    end, space = _ink(row)[1], row.y0 - (below.y0 if below else FOOTER_TOP_PT)
    if _PARTY.search(text) and space >= MIN_BLOCK_SPACE_PT and "_" not in (below.text if below else ""):
        count = 5 if above is None or space >= 6 * LINE_STEP_PT + 100 else 4
        base = row.baseline(0) - FIRST_STEP
        for n in range(count):
            yield "lines", (left + INSET + 1, base - n * LINE_STEP_PT, right)
    elif space < MIN_BLOCK_SPACE_PT and right - end >= WIDEST_SPACE and "_" not in (below.text if below else ""):
        yield ("heading" if _HEADING.search(text) else "label"), (end + INSET, row.baseline(0), right)


def _footer(row: MapRow, left: float, width: float) -> Iterator[LineSpan]:
    """Yield the empty left half of a footer: in these agreements the agency's name stands there."""
    start = _ink(row)[0]
    if start > width * 0.45 and re.search(r"Rev", row.text):
        yield left, row.baseline(0), start - 18
