"""Where the slots of an agreement stand on a page, found by its printed labels and the words around a blank.

Labels are where the form's maker put them, whatever the edition, the scale or the order of the pages: so no field
name and no position is trusted by itself. Lengths are points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from assistant.reading.tokens import Token, find_phrase, like, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPage

RUN_TOGETHER = 85
DEPTH = 105.0
"""So far below its heading a contact's lines may stand."""
MOST_TOKENS = 32
MOST_IN_HEADING = 10
"""Words: a longer line is a sentence."""
WORD = 3
MIN_SPOT_WIDTH_PT = 20.0
"""A gap narrower than this is the space between two words, or the end of a line, and no blank."""
FOOTER_TOP_PT = 56.0
"""Below it stand page number, revision and the agency's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSpot:
    """A slot's place on a page: what stands in it, and the boxes in which ink would stand."""

    slot: str
    page: int
    tokens: tuple[Token, ...]
    boxes: tuple[Rect, ...]
    printed: tuple[Token, ...] = ()
    """The printed words by which the place was found."""
    overrun: bool = False
    """Whether what was written runs on over the printed words behind the blank, so that its end cannot be seen."""
    unsure_side: bool = False
    """Whether no heading that was read says whose this is, so that the usual side stands for it."""


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
        Inline("agency_enters", ("administration", "of", "this", "moa", "the"), (("and", "ice", "enter"),)),
        Inline("represents", ("the", "lea", "represents"), (("in", "the", "implementation"), ("implementation",))),
    ),
    "opla": (
        Inline("opla", ("opla", "field", "location", "at"), (("opla", "through"), ("opla", "its", "headquarters"))),
        Inline("opla", ("the", "chief", "counsel", "at"), (("the", "office", "of"), ("office", "of", "the", "chief"))),
    ),
    "appendix_b": (Inline("appendix_b", ("agreement", "between", "ice", "and", "the"), (("hereinafter",),)),),
}


def inline_spots(kind: str, page: ViewedPage, tokens: Sequence[Token]) -> list[LabelSpot]:
    """Return the blanks in sentences of one kind of page ("first", "opla", "appendix_b")."""
    spots: dict[str, LabelSpot] = {}
    for blank in INLINE[kind]:
        if blank.slot not in spots and (spot := _inline(blank, page, tokens)):
            spots[blank.slot] = spot
    return list(spots.values())


def _inline(blank: Inline, page: ViewedPage, tokens: Sequence[Token]) -> LabelSpot | None:
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
    return LabelSpot(
        slot=blank.slot,
        page=page.number,
        tokens=(*_raised(tokens, between, boxes), *between),
        boxes=boxes,
        printed=(first, last) if last.key else (first,),
        overrun=any(t.x0 < last.x1 - 2 and abs(t.base - last.base) < 4 for t in tokens[place[id(last)] + 1 :][:4]),
    )


def _raised(tokens: Sequence[Token], between: Sequence[Token], boxes: Sequence[Rect]) -> list[Token]:
    """Return what stands in a gap but higher than its line, as a tall field centres its text, and on no other line."""
    tokens_between: list[Token] = []
    used_ids = {id(token) for token in between}
    for x0, y0, x1, _ in boxes:
        # Whole lines, so that the end of the printed line above is not taken for one.
        for line in lines_of(t for t in tokens if id(t) not in used_ids and y0 - 16 < t.base < y0 + 20):
            inside = [t for t in line if x0 - 4 <= t.x0 and t.x1 <= x1 + 8 and y0 - 6 < t.base < y0 + 10]
            # Specks that were taken for letters, elsewhere on the line, do not make it a line of the text.
            if not any(len(t.key) >= WORD or t.source != "recognised" for t in line if t not in inside):
                tokens_between += inside
    return tokens_between


def _end(printed: Sequence[Token], after: Sequence[tuple[str, ...]], start: int) -> int | None:
    for n in range(start, min(start + MOST_TOKENS, len(printed))):
        for words in after:
            if all(n + k < len(printed) and like(printed[n + k].key, word) for k, word in enumerate(words)):
                return n
            # Words may have run together: "Office ofthe".
            read, phrase = "".join(token.key for token in printed[n : n + len(words)]), "".join(words)
            if (
                len(words) > 2 and fuzz.ratio(read[: len(phrase)], phrase) >= RUN_TOGETHER
            ):  # short ones are met by chance
                return n
    return None


def _gap(page: ViewedPage, first: Token, last: Token) -> tuple[Rect, ...]:
    """Return the boxes between two words: on one line, or to the end of one and from the start of the next."""
    # A scan may be printed smaller, and its line above hang lower.
    height = 6.0 if first.source == "recognised" else 8.0
    if abs(first.base - last.base) < 6:
        box = above_line(first.x1 + 4, last.x0 - 4, first.base, height)
        return (box,) if box[2] - box[0] > MIN_SPOT_WIDTH_PT else ()
    right, left = 0.86 * page.width, 0.1 * page.width
    boxes = [above_line(first.x1 + 4, right, first.base, height), above_line(left, last.x0 - 4, last.base, height)]
    return tuple(box for box in boxes if box[2] - box[0] > MIN_SPOT_WIDTH_PT)


def above_line(x0: float, x1: float, base: float, height: float = 8.0) -> Rect:
    """Return the box in which writing stands that is written on a line."""
    # What stands on the baseline, a full stop or the line to write on, is no writing.
    return x0, base + 2, x1, base + 1 + height


def list_spot(slot: str, page: ViewedPage, tokens: Sequence[Token]) -> LabelSpot | None:
    """Return the lines under, or beside, "For the LEA:", down to the next heading or the foot of the page."""
    printed = [t for t in tokens if t.source in {"text", "recognised"}]
    heading = _heading(printed, ("lea",)) or _other_heading(printed, but=("ice", "dhs"))
    if heading is None:
        return None
    below = [t for t in printed if t.base < heading.base - 4]
    # The next heading ends the list, however "For DHS:" was read.
    other = _heading(below, ("ice", "dhs")) or _other_heading(below)
    # The revision's date stands higher where the page was printed smaller.
    stamps = [t.base + 3 for t in printed if like(t.key, "revised") and t.base < 0.13 * page.height]
    low = max(other.base + 9 if other else FOOTER_TOP_PT, FOOTER_TOP_PT, *stamps)
    high = heading.base + 11
    width = page.width
    beside = slot == "contact" or (other is not None and heading.base - other.base < 24)  # two lines
    left = heading.x1 + 2 if beside else 0.08 * width
    inside = [
        t
        for t in tokens
        if low <= t.base <= high and t is not heading and (t.x0 > heading.x1 - 2 or t.base < heading.base - 5)
    ]
    level = above_line(left + 6, 0.88 * width, heading.base)
    if other and abs(heading.base - other.base) < 24:  # "For DHS:" stands on the next line
        inside = [t for t in inside if t.base > (heading.base + other.base) / 2]
        return LabelSpot(slot=slot, page=page.number, tokens=tuple(inside), boxes=(level,), printed=(heading,))
    bottom = max(low, heading.base - DEPTH)
    under = (left + 4, bottom, 0.88 * width, heading.base + 9 if beside else heading.base - 6)
    beside_heading = above_line(heading.x1 + 6, 0.88 * width, heading.base)
    return LabelSpot(
        slot=slot, page=page.number, tokens=tuple(inside), boxes=(under, beside_heading), printed=(heading,)
    )


def _heading(printed: Sequence[Token], names: Sequence[str]) -> Token | None:
    """Return the last word of "For the LEA:" or "For ICE:", the first one from the top."""
    for n, token in enumerate(printed):
        before = [printed[k].key for k in (n - 2, n - 1) if k >= 0 and abs(printed[k].base - token.base) < 4]
        if any(like(token.key, name) for name in names) and any(like(word, "for") for word in before):
            return token
        if token.key in {f"forthe{name}" for name in names} | {f"for{name}" for name in names}:
            return token
    return None


def _other_heading(printed: Sequence[Token], but: Sequence[str] = ()) -> Token | None:
    """Return the last word of the first line that begins with "For" and ends with a colon, if it names none of ``but``.

    An agency may have put its own name there: "For the Pine County Sheriff’s Office:".
    """
    for line in lines_of(printed):
        first, last = line[0], line[-1]
        begins = first.text[:1] == "F" and (like(first.key, "for") or first.key.startswith("forthe"))
        named = any(like(token.key, name) for token in line for name in but)
        if begins and not named and len(line) <= MOST_IN_HEADING and last.text.rstrip().endswith((":", ";")):
            return last
    return None


def footer_spot(page: ViewedPage, tokens: Sequence[Token]) -> LabelSpot | None:
    """Return the agency's name at the foot of a page."""
    inside = [
        t for t in tokens
        if t.base < 42 and t.x0 < 0.49 * page.width and not t.key.isdigit() and not like(t.key, "revised")
    ]  # fmt: skip
    return LabelSpot(slot="footer", page=page.number, tokens=tuple(inside), boxes=()) if inside else None
