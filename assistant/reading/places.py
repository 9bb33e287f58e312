"""Where the slots of an agreement stand on a page, found by its printed labels and the words around a blank.

Labels are where the form's maker put them, whatever the edition, the scale or the order of the pages: so no field
name and no position is trusted by itself. Lengths are points.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from assistant.reading.slots import ROWS
from assistant.reading.tokens import Token, find_phrase, like, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pdf.marks import Rect
    from assistant.pdf.seen import SeenPage

RUN_TOGETHER = 85
DEPTH = 105.0
"""So far below its heading a contact's lines may stand."""
MOST_TOKENS = 32
OVER, WORD = 8.0, 3
NARROW = 20.0
"""A gap narrower than this is the space between two words, or the end of a line, and no blank."""
FOOT = 56.0
"""Below it stand page number, revision and the agency's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A slot's place on a page: what stands in it, and the boxes in which ink would stand."""

    slot: str
    page: int
    tokens: tuple[Token, ...]
    boxes: tuple[Rect, ...]
    printed: tuple[Token, ...] = ()
    """The printed words by which the place was found."""
    overrun: bool = False
    """Whether what was written runs on over the printed words behind the blank, so that its end is not told apart."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A blank in a sentence: the words before it, and the words of which one follows."""

    slot: str
    before: tuple[str, ...]
    after: tuple[tuple[str, ...], ...]
    skip: tuple[str, ...] = ()


AGENCY = Inline("agency", ("security", "dhs", "and"), (("pursuant",), ("hereinafter",)), ("the",))
INLINE = {
    "first": (
        AGENCY,
        Inline("agency_again", ("officers", "or", "employees", "of", "the"), (("hereinafter",), ("interchangeably",))),
        Inline("represents", ("the", "lea", "represents"), (("in", "the", "implementation"), ("implementation",))),
    ),
    "opla": (
        Inline("opla", ("opla", "field", "location", "at"), (("opla", "through"), ("opla", "its", "headquarters"))),
        Inline("opla", ("the", "chief", "counsel", "at"), (("the", "office", "of"), ("office", "of", "the", "chief"))),
    ),
    "appendix_b": (Inline("appendix_b", ("agreement", "between", "ice", "and", "the"), (("hereinafter",),)),),
}


def inline_spots(kind: str, page: SeenPage, tokens: Sequence[Token]) -> list[Spot]:
    """Return the blanks in sentences of one kind of page ("first", "opla", "appendix_b")."""
    spots: dict[str, Spot] = {}
    for blank in INLINE[kind]:
        if blank.slot not in spots and (spot := _inline(blank, page, tokens)):
            spots[blank.slot] = spot
    return list(spots.values())


def _inline(blank: Inline, page: SeenPage, tokens: Sequence[Token]) -> Spot | None:
    printed = [t for t in tokens if t.source in {"text", "recognised"}]
    start = find_phrase(printed, blank.before)
    if start is None:
        return None
    while start < len(printed) and any(like(printed[start].key, word) for word in blank.skip):
        start += 1
    end = _end(printed, blank.after, start)
    if end is None:
        return None
    first, last = printed[start - 1], printed[end]
    place = {id(token): n for n, token in enumerate(tokens)}
    between = tokens[place[id(first)] + 1 : place[id(last)]]
    # "____in the implementation" may have been printed over; what is left of it is no part of the answer.
    while between and between[-1].key in {"in", "the", "inthe", ""} and between[-1].source in {"text", "recognised"}:
        between = between[:-1]
    boxes = _gap(page, first, last)
    return Spot(
        slot=blank.slot,
        page=page.number,
        tokens=(*_raised(tokens, between, boxes), *between),
        boxes=boxes,
        printed=(first, last),
        overrun=any(t.x0 < last.x1 - 2 and abs(t.base - last.base) < 4 for t in tokens[place[id(last)] + 1 :][:4]),  # noqa: PLR2004
    )


def _raised(tokens: Sequence[Token], between: Sequence[Token], boxes: Sequence[Rect]) -> list[Token]:
    """Return what stands in a gap but higher than its line, as a tall field centres its text, and on no other line."""
    found: list[Token] = []
    taken = {id(token) for token in between}
    for x0, y0, x1, _ in boxes:
        # Whole lines, so that the end of the printed line above is not taken for one.
        for line in lines_of(t for t in tokens if id(t) not in taken and y0 - 16 < t.base < y0 + 20):
            inside = [t for t in line if x0 - 4 <= t.x0 and t.x1 <= x1 + 8 and y0 - 6 < t.base < y0 + 10]
            # Specks that were taken for letters, elsewhere on the line, do not make it a line of the text.
            if not any(len(t.key) >= WORD or t.source != "recognised" for t in line if t not in inside):
                found += inside
    return found


def _end(printed: Sequence[Token], after: Sequence[tuple[str, ...]], start: int) -> int | None:
    for n in range(start, min(start + MOST_TOKENS, len(printed))):
        for words in after:
            if all(n + k < len(printed) and like(printed[n + k].key, word) for k, word in enumerate(words)):
                return n
            # Words may have run together: "Office ofthe".
            told, wanted = "".join(token.key for token in printed[n : n + len(words)]), "".join(words)
            if len(words) > 2 and fuzz.ratio(told[: len(wanted)], wanted) >= RUN_TOGETHER:  # noqa: PLR2004 - short ones are met by chance
                return n
    return None


def _gap(page: SeenPage, first: Token, last: Token) -> tuple[Rect, ...]:
    """Return the boxes between two words: on one line, or to the end of one and from the start of the next."""
    if abs(first.base - last.base) < 6:  # noqa: PLR2004 - points: one line
        box = _above_line(first.x1 + 4, last.x0 - 4, first.base)
        return (box,) if box[2] - box[0] > NARROW else ()
    right, left = 0.86 * page.width, 0.1 * page.width
    boxes = [_above_line(first.x1 + 4, right, first.base), _above_line(left, last.x0 - 4, last.base)]
    return tuple(box for box in boxes if box[2] - box[0] > NARROW)


def _above_line(x0: float, x1: float, base: float, height: float = 8.0) -> Rect:
    # What stands on the baseline, a full stop or the line to write on, is no writing.
    return x0, base + 2, x1, base + 1 + height


def signature_spots(page: SeenPage, tokens: Sequence[Token]) -> list[Spot]:
    """Return the rows of the signature block, both sides; none where the page has no such block."""
    printed = [t for t in tokens if t.source in {"text", "recognised"}]
    labels = [(row, token) for token in printed for row in ROWS if _is_label(token, row)]
    block = _block(labels)
    if block is None:
        return []
    left, right = block
    split = min(token.x0 for token in right.values()) - 6 if right else page.width / 2
    edges = {"lea": (0.0, split), "ice": (split, page.width)}
    rows = {"lea": _filled_up(left, right), "ice": _filled_up(right, left)}
    top = max(base for side in rows.values() for base, _ in side.values()) + 24
    low = min(base for side in rows.values() for base, _ in side.values()) - 9
    used = {id(token) for _, token in labels}
    spots = []
    for side, (x0, x1) in edges.items():
        bases = {row: base for row, (base, _) in rows[side].items()}
        inside = [t for t in tokens if id(t) not in used and x0 <= t.middle < x1 and low - 10 <= t.base <= top]
        held: dict[str, list[Token]] = {row: [] for row in bases}
        for token in inside:
            row = _row_of(token, rows[side])
            if row:
                held[row].append(token)
        height = _height(bases)
        for row, (base, start) in rows[side].items():
            box = _above_line(start + 4, x1 - 10 if side == "lea" else x1 - 0.12 * page.width, base, height)
            label = {"lea": left, "ice": right}[side].get(row)
            spots.append(
                Spot(
                    slot=f"{side}_{row}",
                    page=page.number,
                    tokens=tuple(held[row]),
                    boxes=(box,),
                    printed=(label,) if label else (),
                )
            )
    return spots


def _is_label(token: Token, row: str) -> bool:
    labelled = token.text[:1].isupper() and like(token.key, row)
    return labelled and (token.key == row or token.text.rstrip().endswith((":", ";", ".")))


def _block(labels: Sequence[tuple[str, Token]]) -> tuple[dict[str, Token], dict[str, Token]] | None:
    """Return the labels of the left and of the right side: the lowest group that has all that a block needs."""
    by_x = sorted(labels, key=lambda item: item[1].x0)
    columns: list[list[tuple[str, Token]]] = []
    for item in by_x:
        if columns and item[1].x0 - columns[-1][0][1].x0 < 40:  # noqa: PLR2004 - points
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
    if not sides or len(sides) > 2 or not any("signature" in side or "title" in side for side in sides):  # noqa: PLR2004
        return None
    if sum(len(side) for side in sides) < 3:  # noqa: PLR2004 - too little to be a block
        return None
    if len(sides) == 1:
        one = next(iter(sides[0].values()))
        return (sides[0], {}) if one.x0 < 250 else ({}, sides[0])  # noqa: PLR2004 - the left half of a letter page
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
    begins = token.middle > start - (OVER if up > 5 else 0)  # noqa: PLR2004 - points
    return near if -10 <= up <= tall and begins else None  # noqa: PLR2004 - points


def _height(bases: dict[str, float]) -> float:
    levels = sorted(bases.values())
    gaps = [upper - lower for lower, upper in pairwise(levels)]
    return max(8.0, min(18.0, min(gaps, default=24.0) - 9))


def list_spot(slot: str, page: SeenPage, tokens: Sequence[Token]) -> Spot | None:
    """Return the lines under, or beside, "For the LEA:", down to the next heading or the foot of the page."""
    printed = [t for t in tokens if t.source in {"text", "recognised"}]
    heading = _heading(printed, ("lea",))
    if heading is None:
        return None
    other = _heading([t for t in printed if t.base < heading.base - 4], ("ice", "dhs"))
    low = max(other.base + 9 if other else FOOT, FOOT)
    high = heading.base + 11
    width = page.width
    beside = slot == "contact" or (other is not None and heading.base - other.base < 24)  # noqa: PLR2004 - two lines
    left = heading.x1 + 2 if beside else 0.08 * width
    inside = [
        t
        for t in tokens
        if low <= t.base <= high and t is not heading and (t.x0 > heading.x1 - 2 or t.base < heading.base - 5)
    ]
    level = _above_line(left + 6, 0.88 * width, heading.base)
    if other and abs(heading.base - other.base) < 24:  # noqa: PLR2004 - "For DHS:" stands on the next line
        inside = [t for t in inside if t.base > (heading.base + other.base) / 2]
        return Spot(slot=slot, page=page.number, tokens=tuple(inside), boxes=(level,), printed=(heading,))
    bottom = max(low, heading.base - DEPTH)
    below = (left + 4, bottom, 0.88 * width, heading.base + 9 if beside else heading.base - 6)
    beside_heading = _above_line(heading.x1 + 6, 0.88 * width, heading.base)
    return Spot(slot=slot, page=page.number, tokens=tuple(inside), boxes=(below, beside_heading), printed=(heading,))


def _heading(printed: Sequence[Token], names: Sequence[str]) -> Token | None:
    """Return the last word of "For the LEA:" or "For ICE:", the first one from the top."""
    for n, token in enumerate(printed):
        before = [printed[k].key for k in (n - 2, n - 1) if k >= 0 and abs(printed[k].base - token.base) < 4]  # noqa: PLR2004
        if any(like(token.key, name) for name in names) and any(like(word, "for") for word in before):
            return token
        if token.key in {f"forthe{name}" for name in names} | {f"for{name}" for name in names}:
            return token
    return None


def footer_spot(page: SeenPage, tokens: Sequence[Token]) -> Spot | None:
    """Return the agency's name at the foot of a page."""
    inside = [
        t for t in tokens
        if t.base < 42 and t.x0 < 0.49 * page.width and not t.key.isdigit() and not like(t.key, "revised")  # noqa: PLR2004
    ]  # fmt: skip
    return Spot(slot="footer", page=page.number, tokens=tuple(inside), boxes=()) if inside else None
