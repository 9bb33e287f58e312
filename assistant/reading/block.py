"""The block in which both sides sign: its rows by their labels, its sides by the headings over them.

Forms differ in which side stands on the left, and only the paper itself, or its own map, tells it. Lengths are points.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from assistant.reading.label_spots import LabelSpot, above_line
from assistant.reading.slots import ROWS
from assistant.reading.tokens import like, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.tokens import Token

Party = Literal["lea", "ice"]
BlockHeading = tuple[Party, bool]
"""Whose a column is, and whether its heading begins with "For"."""

OVER, LEVEL = 8.0, 4.0
HEADED = 80.0
"""So far above the first row a heading may stand."""
MAX_HEADING_OFFSET_PT = 40.0
"""So far from the labels under it, to either side, a heading may begin."""
WORD_GAP_PT = 18.0
"""A gap as wide as this on a line parts two columns."""
MOST_WORDS = 6
"""A line of more words is a sentence, and no heading."""
LEAS = ("lea", "agency")
ICES = ("ice", "dhs", "immigration")


def signature_spots(page: ViewedPage, tokens: Sequence[Token]) -> list[LabelSpot]:
    """Return the rows of the signature block, both sides; none where the page has no such block.

    The agency's side is the left one, unless the headings over the columns say otherwise.
    """
    printed = [t for t in tokens if t.source in {"text", "recognised"}]
    labels = [
        (row, token)
        for n, token in enumerate(printed)
        for row in ROWS
        if is_label(token, row) and not (n and _in_heading(printed[n - 1], token))
    ]
    block = _block(labels)
    if block is None:
        return []
    left, right = block
    headings = tuple(_heading_over(printed, column) for column in (left, right))
    parties: tuple[Party, Party] = ("ice", "lea") if _ice_is_left(*headings) else ("lea", "ice")
    unsure_side = not any(headings)
    split = min(token.x0 for token in right.values()) - 6 if right else page.width / 2
    used = {id(token) for _, token in labels}
    rows = _filled_up(left, right), _filled_up(right, left)
    bases = [base for column in rows for base, _ in column.values()]
    free = [t for t in tokens if id(t) not in used and min(bases) - 19 <= t.base <= max(bases) + 24]
    spots = []
    for party, named, column, x0, x1, end in (
        (parties[0], left, rows[0], 0.0, split, split - 10),
        (parties[1], right, rows[1], split, page.width, 0.88 * page.width),
    ):
        tokens_by_row: dict[str, list[Token]] = {row: [] for row in column}
        for token in free:
            row = _row_of(token, column) if x0 <= token.middle < x1 else None
            if row:
                tokens_by_row[row].append(token)
        height = _height([base for base, _ in column.values()])
        spots += [
            LabelSpot(
                slot=f"{party}_{row}",
                page=page.number,
                tokens=tuple(tokens_by_row[row]),
                boxes=(above_line(start + 4, end, base, height),),
                printed=(named[row],) if row in named else (),
                unsure_side=unsure_side,
            )
            for row, (base, start) in column.items()
        ]
    return spots


def _in_heading(before: Token, token: Token) -> bool:
    """Say whether a word that may be a label is the last one of a heading: "For the Agency:"."""
    beside = abs(before.base - token.base) < LEVEL and 0 <= token.x0 - before.x1 < WORD_GAP_PT
    return beside and before.key in {"the", "forthe", "enforcement"}


def _ice_is_left(first: BlockHeading | None, second: BlockHeading | None) -> bool:
    """Say whether the headings over the columns surely call the left one ICE's, or the right one the agency's.

    The end of a sentence may look like a heading: two of them have to agree, or the one that is read has to say "For".
    """
    if first and second:
        return (first[0], second[0]) == ("ice", "lea")
    side_and_left = first or second
    return side_and_left is not None and side_and_left[1] and side_and_left[0] == ("ice" if first else "lea")


def _heading_over(printed: Sequence[Token], column: dict[str, Token]) -> BlockHeading | None:
    """Return whose a column is by the nearest heading over it, and whether that begins with "For"."""
    if not column:
        return None
    top = max(token.base for token in column.values())
    start = min(token.x0 for token in column.values())
    over = lines_of(t for t in printed if top + 5 < t.base <= top + HEADED and t.key)
    for line in reversed(over):
        for words in _parted(line):
            party = _party(words) if abs(words[0].x0 - start) < MAX_HEADING_OFFSET_PT else None
            if party:
                return party, like(words[0].key, "for") or words[0].key.startswith("forthe")
    return None


def _parted(line: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = []
    for token in line:
        if parts and token.x0 - parts[-1][-1].x1 < WORD_GAP_PT:
            parts[-1].append(token)
        else:
            parts.append([token])
    return parts


def _party(words: Sequence[Token]) -> Party | None:
    """Return whose heading some words are; None where they are none, or name both."""
    if len(words) > MOST_WORDS:
        return None
    keys = [token.key.removeprefix("forthe").removeprefix("for") or token.key for token in words]
    leas, ices = (any(like(key, name) for key in keys for name in names) for names in (LEAS, ICES))
    if leas == ices:
        return None
    return "lea" if leas else "ice"


def is_label(token: Token, row: str) -> bool:
    """Say whether a printed word is the label of a row."""
    labelled = token.text[:1].isupper() and like(token.key, row)
    return labelled and (token.key == row or token.text.rstrip().endswith((":", ";", ".")))


def _block(labels: Sequence[tuple[str, Token]]) -> tuple[dict[str, Token], dict[str, Token]] | None:
    """Return the labels of the left and of the right side: the lowest group that has all that a block needs."""
    by_x = sorted(labels, key=lambda item: item[1].x0)
    columns: list[list[tuple[str, Token]]] = []
    for item in by_x:
        if columns and item[1].x0 - columns[-1][0][1].x0 < 40:  # points
            columns[-1].append(item)
        else:
            columns.append([item])
    sides = []
    for column in columns:
        rows: dict[str, Token] = {}
        for row, token in sorted(column, key=lambda item: item[1].base):
            rows.setdefault(row, token)
        if len(rows) > 1 or any(row == "signature" for row in rows):
            sides.append(rows)
    if not sides or len(sides) > 2 or not any("signature" in side or "title" in side for side in sides):
        return None
    if sum(len(side) for side in sides) < 3:  # too little to be a block
        return None
    if len(sides) == 1:
        one = next(iter(sides[0].values()))
        return (sides[0], {}) if one.x0 < 250 else ({}, sides[0])  # the left half of a letter page
    return sides[0], sides[1]


def _filled_up(side: dict[str, Token], other: dict[str, Token]) -> dict[str, tuple[float, float]]:
    """Return baseline and start of each row; a label that was not read stands level with the other side's."""
    rows = {row: (token.base, token.x1) for row, token in side.items()}
    if not side:
        return rows
    pairs = [(side[row].base - token.base, side[row].x1 - token.x1) for row, token in other.items() if row in side]
    if not pairs:
        return rows
    up, across = sorted(p[0] for p in pairs)[len(pairs) // 2], sorted(p[1] for p in pairs)[len(pairs) // 2]
    for row, token in other.items():
        # The ICE side may have lines of its own; only these three stand on both.
        if row in {"date", "signature", "title"} and row not in rows:
            rows[row] = (token.base + up, token.x1 + across)
    return rows


def _row_of(token: Token, rows: dict[str, tuple[float, float]]) -> str | None:
    """Return the row a token stands on: the one whose baseline is nearest, a little below it or above."""
    near = min(rows, key=lambda row: abs(token.base - 2 - rows[row][0]), default=None)
    if near is None:
        return None
    base, start = rows[near]
    up, tall = token.base - base, 16 if token.mark else 13
    # What stands above the label's line may begin over the label's end.
    begins = token.middle > start - (OVER if up > 5 else 0)  # points
    return near if -10 <= up <= tall and begins else None  # points


def _height(bases: Sequence[float]) -> float:
    levels = sorted(bases)
    gaps = [upper - lower for lower, upper in pairwise(levels)]
    return max(8.0, min(18.0, min(gaps, default=24.0) - 9))
