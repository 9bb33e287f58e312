"""The block in which both sides sign on the prints of 2019 and 2020: only its dates have labels.

Under each signature stand name, title and agency, without a label; ICE's side is the one that names it. Lengths are
points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.block import is_label
from assistant.reading.label_spots import LabelSpot, above_line
from assistant.reading.tokens import find_phrase, like, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.tokens import Token

LEVEL = 4.0
LEAST_APART = 120.0
"""The two dates stand so far apart at least."""
DEPTH = 140.0
"""So far under the dates the last line of the block may stand."""
UNDER = ("name", "title", "agency")
ICES = ("ice", "immigration", "customs", "homeland")


def unlabelled_block(page: ViewedPage, tokens: Sequence[Token]) -> list[LabelSpot]:
    """Return the rows of the signature block of a print without labels, both sides; none where it is no such page."""
    if find_phrase(tokens, ("by", "signing", "this", "moa")) is None:
        return []
    printed = [token for token in tokens if token.source in {"text", "recognised"}]
    dates = sorted((token for token in printed if is_label(token, "date")), key=lambda token: token.x0)
    pairs = [
        (left, right)
        for left in dates
        for right in dates
        if abs(left.base - right.base) < LEVEL and right.x0 - left.x0 > LEAST_APART
    ]
    if not pairs:
        return []
    left, right = min(pairs, key=lambda pair: pair[0].base)
    split = right.x0 - 6
    columns = ((left, 0.0, split), (right, split, page.width))
    under = [
        [t for t in tokens if x0 <= t.middle < x1 and date.base - DEPTH < t.base < date.base - 20]
        for date, x0, x1 in columns
    ]
    ices = [any(like(t.key, name) for t in column for name in ICES) for column in under]
    if ices[0] == ices[1]:
        return []
    spots = []
    for (date, _, x1), column, is_ice in zip(columns, under, ices, strict=True):
        spots += _side("ice" if is_ice else "lea", page, tokens, (date, min(x1, 0.92 * page.width)), column)
    return spots


def _side(
    party: str, page: ViewedPage, tokens: Sequence[Token], date: tuple[Token, float], column: Sequence[Token]
) -> list[LabelSpot]:
    label, end = date
    row_tokens = [t for t in tokens if t is not label and label.x1 - 2 < t.x0 < end and abs(t.base - label.base) < 12]
    lines = [line for line in lines_of(column) if any(len(t.key) > 2 for t in line)]
    top = lines[0][0].base + 12 if lines else label.base - 40
    spots = [
        LabelSpot(
            slot=f"{party}_date",
            page=page.number,
            tokens=tuple(row_tokens),
            boxes=(above_line(label.x1 + 4, end - 10, label.base, 12),),
            printed=(label,),
        ),
        LabelSpot(
            slot=f"{party}_signature",
            page=page.number,
            tokens=(),
            boxes=((label.x0, min(top, label.base - 20), end - 30, label.base - 8),),
            printed=(label,),
        ),
    ]
    for row, line in zip(UNDER, lines, strict=False):
        spots.append(LabelSpot(slot=f"{party}_{row}", page=page.number, tokens=tuple(line), boxes=()))
    return spots
