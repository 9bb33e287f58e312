"""What changed from one edition of a form to another: blanks new, gone, moved, resized, asking for other things."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from rapidfuzz import fuzz

from assistant.editions.catalog import Entry
from assistant.mapping.known_blanks import matched_pages, places_of
from assistant.mapping.propose import rows_of
from assistant.mapping.rows import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.editions.catalog import Edition, LeftBlank
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

    Blank = Entry | LeftBlank
    Pair = tuple[Blank | None, Blank | None]

DifferenceKind = Literal["new", "gone", "moved", "resized", "changed"]

MIN_MOVE_PT = 3.0
"""Points by which a blank has to move or grow to be named."""
MIN_LABEL_LIKENESS = 70.0
"""Of 130: how alike two blanks have to be to count as one (label, what goes in, name)."""


ALL_WORDS = 100
"""How alike a label is to one that has all its words."""
SAME_PLACE = 25.0
"""What counts for two blanks that stand at one place: more than a name, less than what goes in and a label."""
MAX_LINE_OFFSET_PT = 6.0
"""Points between the sides of a field and of the line that it stands on."""


class DifferenceRow(TypedDict):
    """``Difference`` as a JSON object."""

    kind: DifferenceKind
    label: str
    old: str | None
    new: str | None
    old_page: int | None
    new_page: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference of a blank; names and pages (from 1) are None where the edition has no such blank."""

    kind: DifferenceKind
    label: str
    old: str | None
    new: str | None
    old_page: int | None
    new_page: int | None
    message: str

    def to_document(self) -> DifferenceRow:
        """Return it for a program."""
        return cast("DifferenceRow", asdict(self))


def compare_editions(
    old: Edition, new: Edition, old_template: Template | None = None, new_template: Template | None = None
) -> list[Difference]:
    """Return what differs, in the new edition's order, what is gone at the end.

    Without the two forms pages and meanings alone are compared, unless both are flat (``both_flat``).
    """
    measured = (old_template is not None and new_template is not None) or both_flat(old, new)
    pages: dict[int, int] = {}
    if old_template is not None and new_template is not None:
        texts = [{page: page_of(rows) for page, rows in rows_of(t).items()} for t in (old_template, new_template)]
        pages = matched_pages(texts[0], texts[1])
    changes: list[Difference] = []
    pairs = pair_blanks(old, new, old_template, new_template)
    for before, after in pairs:
        if (whole := _whole_of(before, after, pairs)) is not None:
            changes.append(whole)
        else:
            changes += _differences(before, after, old_template, new_template, pages, measured=measured)
    return changes


def both_flat(one: Edition, other: Edition) -> bool:
    """Say whether both have lines to write on and no fields: then their maps hold every place.

    A line of a map beside the box of a field says nothing of the room there is.
    """
    return not any(edition.recognise is None or edition.recognise.acroform for edition in (one, other))


def pair_blanks(
    old: Edition, new: Edition, old_template: Template | None = None, new_template: Template | None = None
) -> list[Pair]:
    """Return (old, new) for every blank of either edition, each blank once; None where it has no counterpart.

    Two editions name one blank differently, so it is known by its label, by what goes into it, and by its place.
    """
    before: list[Blank] = [*old.entries, *old.left_blank]
    after: list[Blank] = [*new.entries, *new.left_blank]
    there = [next(iter(places_of(one, old_template)), None) for one in before]
    here = [next(iter(places_of(other, new_template)), None) for other in after]
    scores = sorted(
        (
            (_alike(one, other) + SAME_PLACE * _near(there[n], here[m]), -n, -m)
            for n, one in enumerate(before)
            for m, other in enumerate(after)
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    paired: set[int] = set()
    for score, n, m in scores:
        if score >= MIN_LABEL_LIKENESS and -n not in paired and -m not in partner:
            partner[-m] = -n
            paired.add(-n)
    pairs: list[Pair] = [(before[partner[m]] if m in partner else None, blank) for m, blank in enumerate(after)]
    return pairs + [(blank, None) for n, blank in enumerate(before) if n not in paired]


def _alike(one: Blank, other: Blank) -> float:
    if one.side != other.side and "unknown" not in {one.side, other.side}:
        return 0.0
    score = fuzz.token_sort_ratio(one.label, other.label)
    score += 20 * (_content_of(one) == _content_of(other)) - 20 * (isinstance(one, Entry) != isinstance(other, Entry))
    return score + 10 * (one.blank == other.blank) - 2 * abs(one.page - other.page)


def _near(one: tuple[int, Rect] | None, other: tuple[int, Rect] | None) -> bool:
    """Say whether two blanks stand at the same place of the same page."""
    if one is None or other is None or one[0] != other[0]:
        return False
    return all(abs(a - b) <= MAX_LINE_OFFSET_PT for a, b in zip(one[1][:3], other[1][:3], strict=True))


def _content_of(blank: Blank) -> tuple[str, str]:
    return (blank.path, blank.format) if isinstance(blank, Entry) else ("", blank.reason)


def _differences(
    old: Blank | None,
    new: Blank | None,
    old_template: Template | None,
    new_template: Template | None,
    pages: dict[int, int],
    *,
    measured: bool,
) -> Iterator[Difference]:
    if old is None or new is None:
        if new is not None:
            yield _difference("new", None, new, f"New on page {new.page or '?'}: {_what(new)}.")
        elif old is not None:
            yield _difference("gone", old, None, f"Gone; it was on page {old.page or '?'}: {_what(old)}.")
        return
    if _content_of(old) != _content_of(new):
        yield _difference("changed", old, new, f"Was: {_what(old)}. Now: {_what(new)}.")
    there, here = list(places_of(old, old_template)), list(places_of(new, new_template))
    if not there or not here or not measured:
        if old.page != new.page and old.page and new.page:
            yield _difference("moved", old, new, f"From page {old.page} to page {new.page}.")
        return
    yield from _places(old, new, there, here, pages)


def _whole_of(before: Blank | None, after: Blank | None, pairs: Sequence[Pair]) -> Difference | None:
    """Return the difference of a blank without a counterpart that is a part of one, or became one; None for any other.

    Where one print has a line for each place, another may have one field that stands in all of them; its label then
    names what each line is for, and the same answer goes in.
    """
    part = before or after
    if (before is not None and after is not None) or not isinstance(part, Entry):
        return None
    others = [pair[1] if after is None else pair[0] for pair in pairs]
    whole = next((other for other in others if isinstance(other, Entry) and _is_part(part, other)), None)
    if whole is None:
        return None
    if after is None:
        return _difference("changed", part, whole, f"The blank “{part.label}” is now part of this one.")
    return _difference("changed", whole, part, f"Was part of the blank “{whole.label}”.")


def _is_part(part: Entry, whole: Entry) -> bool:
    same = (part.path, part.format, part.side, part.page) == (whole.path, whole.format, whole.side, whole.page)
    return same and fuzz.token_set_ratio(part.label, whole.label) == ALL_WORDS and len(part.label) < len(whole.label)


def _places(
    old: Blank, new: Blank, there: Sequence[tuple[int, Rect]], here: Sequence[tuple[int, Rect]], pages: dict[int, int]
) -> Iterator[Difference]:
    if not there or not here:
        return
    (old_page, was), (new_page, now) = there[0], here[0]
    if len(there) != len(here):
        yield _difference(
            "changed", old, new, f"Was in {len(there)} place{'' if len(there) == 1 else 's'}, now in {len(here)}."
        )
    if old_page != new_page:
        same = " (the page with this text has moved)" if pages.get(old_page) == new_page else ""
        yield _difference("moved", old, new, f"From page {old_page} to page {new_page}{same}.")
    elif abs(was[0] - now[0]) > MIN_MOVE_PT or abs(was[1] - now[1]) > MIN_MOVE_PT:
        across, up = round(now[0] - was[0]), round(now[1] - was[1])
        yield _difference("moved", old, new, f"By {across:+d} pt across and {up:+d} pt up.")
    wide, high = (was[2] - was[0], now[2] - now[0]), (was[3] - was[1], now[3] - now[1])
    # A line to write on has no height of its own.
    boxed = not _is_line(old) and not _is_line(new)
    if abs(wide[0] - wide[1]) > MIN_MOVE_PT or (boxed and abs(high[0] - high[1]) > MIN_MOVE_PT):
        sizes = f"From {wide[0]:.0f} by {high[0]:.0f} pt to {wide[1]:.0f} by {high[1]:.0f} pt."
        sizes = sizes if boxed else f"From {wide[0]:.0f} pt wide to {wide[1]:.0f} pt."
        yield _difference("resized", old, new, sizes)


def _is_line(blank: Blank) -> bool:
    return bool(blank.places) if isinstance(blank, Entry) else blank.line is not None


def _what(blank: Blank) -> str:
    return f"filled from {blank.path}" if isinstance(blank, Entry) else f"stays empty, {blank.reason}"


def _difference(kind: DifferenceKind, old: Blank | None, new: Blank | None, message: str) -> Difference:
    named = new or old
    return Difference(
        kind=kind,
        label=named.label if named else "",
        old=old.blank if old else None,
        new=new.blank if new else None,
        old_page=old.page if old else None,
        new_page=new.page if new else None,
        message=message,
    )
