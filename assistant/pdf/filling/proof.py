"""Prove a filled form: what was meant is what is drawn, and nothing else was touched.

Three independent looks: the bytes (the official file is the beginning; every later object is new or differs only
where a fill may differ), the fields' values through our own parser, and what is drawn through pdfium: the letters,
their size, their place in the box, and that there is ink where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from assistant.cache import IdentityCache
from assistant.errors import FillError
from assistant.pdf.filling.appended import compare, prove_bytes
from assistant.pdf.filling.overlay import added_layer, comparable_form
from assistant.pdf.filling.pages import MARK_SIZE, mark_box
from assistant.pdf.form.clusters import MARK
from assistant.pdf.form.measure import measure_flat, measure_in
from assistant.pdf.objects.syntax import Ref, read_text_string
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter, added_letters, in_lines, joined, same_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.geometry import Rect
    from assistant.pdf.filling.pages import FlatText
    from assistant.pdf.form.template import Template
    from assistant.pdf.objects.document import Document

__all__ = ["Proof", "ProofRow", "prove", "prove_bytes"]

SLACK = 1.0
"""Points by which ink may reach over the edge of its box, which is its line's on a flat form."""
SAME_SIZE = 0.01
UNSEEN = 1 << 1 | 1 << 5
"""Flags of a widget that is hidden, or not shown on the screen (12.5.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """One place that was written: what was meant, and what a reader finds there. ``page`` counts from 1."""

    blank: str
    page: int
    text: str
    drawn_text: str
    size: float
    """Points, as drawn."""


class ProofSpot(NamedTuple):
    """A place that was written to, and what has to stand there; ``page`` counts from 0, the size is in points."""

    blank: str
    page: int
    rect: Rect
    text: str
    size: float
    slack: float = SLACK
    turn: int = 0
    """By how many degrees its lines are turned to the left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was read back out of a filled form; it exists only where everything was as meant."""

    rows: tuple[ProofRow, ...]
    official_bytes: int
    changed_objects: int
    new_objects: int


def prove(
    template: Template,
    data: bytes,
    values: Mapping[str, str],
    *,
    agency_widgets: Mapping[str, tuple[int, ...]],
    flat_texts: Sequence[FlatText] = (),
    mark: str = "",
    never: Sequence[tuple[str, int, Rect]] = (),
) -> Proof:
    """Return the proof of a filled form.

    ``never`` names the places (blank, page from 0, box) where nothing may have been added.

    Raises:
        FillError: something is not as it was meant; the blank or the object is named.
    """
    filled, changed, new = compare(template, data)
    _prove_pages(template, set(changed), {item.page for item in flat_texts}, marked=bool(mark))
    _prove_values(template, filled, values, agency_widgets)
    places = [
        ProofSpot(
            *(item.blank, item.page, item.rect, item.text, measure_flat(item.box, item.text).size),
            # A line has room below it.
            slack=SLACK + 0.25 * item.size,
        )
        for item in flat_texts
    ]
    for name, text in values.items():
        widget_numbers = agency_widgets.get(name)
        for n, widget in enumerate(template.fields[name].widgets):
            if widget_numbers is None or n in widget_numbers:
                if widget.flags & UNSEEN or "OC" in widget.dictionary:
                    raise FillError(name, "some programs do not show the field. Use another copy of the form.")
                size = measure_in(widget.box, text, widget.font).size
                places.append(ProofSpot(name, widget.page, widget.rect, text, size, turn=widget.turn))
    before = comparable_form(template, filled, {name: agency_widgets.get(name) for name in values})
    rows = _prove_drawn(template, (before, filled), places, mark, never)
    return Proof(rows=tuple(rows), official_bytes=len(template.data), changed_objects=len(changed), new_objects=new)


def _prove_pages(template: Template, changed: set[int], pages_with_text: set[int], *, marked: bool) -> None:
    for n, page in enumerate(template.pages):
        if page.ref.number in changed and not (marked or n in pages_with_text):
            raise FillError(f"page {n + 1}", "its content differs from the official form.")


def _prove_values(
    template: Template, filled: Document, values: Mapping[str, str], agency_widgets: Mapping[str, tuple[int, ...]]
) -> None:
    for name, text in values.items():
        field = template.fields[name]
        widget_numbers = agency_widgets.get(name)
        split = widget_numbers is not None and len(widget_numbers) < len(field.widgets)
        widgets = [
            field.widgets[n] for n in (widget_numbers if widget_numbers is not None else range(len(field.widgets)))
        ]
        numbers = {w.number if split or w.merged else field.number for w in widgets} or {field.number}
        for number in numbers:
            if read_text_string(filled.get(filled.dictionary(Ref(number)).get("V"))) != text:
                raise FillError(name, "the field does not have the intended text.")
        if (
            split
            and field.number not in numbers
            and filled.dictionary(Ref(field.number)).get("V") != field.dictionary.get("V")
        ):
            raise FillError(name, "the other side's part of the field was changed.")


_read_whole: IdentityCache[set[int]] = IdentityCache(1)
"""The pages of a form (from 0) on which a fill was read with the official content in place, and found right."""
_letters_before: IdentityCache[dict[int, list[ReadLetter]]] = IdentityCache(2)
"""The letters that a form's fields show by themselves, without the official content, by how the form was compared."""


def _prove_drawn(
    template: Template,
    both: tuple[Document, Document],
    places: Sequence[ProofSpot],
    mark: str,
    never: Sequence[tuple[str, int, Rect]],
) -> list[ProofRow]:
    """Return the rows of what is drawn; the first fill of a page in this process is read whole as well.

    ``both`` are the form without the fill, as ``comparable_form`` returns it, and the filled one.
    """
    unfilled, filled = both
    pages = sorted({place.page for place in places} | {page for _, page, _ in never})

    def prove_letters(after: DrawnPages, before: Mapping[int, Sequence[ReadLetter]]) -> list[ProofRow]:
        added = {page: added_letters(before[page], after.letters(page)) for page in pages}
        if mark:
            added = {page: _without_mark(template, page, letters, mark) for page, letters in added.items()}
        inside = _inside(added, places)
        rows = _prove_letters(added, places, inside, never)
        _prove_seen(template, after, places, inside)
        return rows

    whole = _read_whole.get_or_make(template, None, set)
    if not whole.issuperset(pages):
        with DrawnPages(unfilled.data) as drawn_pages:
            before = {page: drawn_pages.letters(page) for page in pages}
        with DrawnPages(filled.data) as drawn_pages:
            prove_letters(drawn_pages, before)
    appended = unfilled.data[len(template.data) :]
    checked_pages = _letters_before.get_or_make(template, appended, dict)
    if missing := [page for page in pages if page not in checked_pages]:
        with DrawnPages(added_layer(template, unfilled, missing)) as drawn_pages:
            checked_pages |= {page: drawn_pages.letters(page) for page in missing}
    with DrawnPages(added_layer(template, filled, pages)) as drawn_pages:
        rows = prove_letters(drawn_pages, checked_pages)
    whole.update(pages)
    return rows


def _inside(added: Mapping[int, Sequence[ReadLetter]], places: Sequence[ProofSpot]) -> list[list[ReadLetter]]:
    """Return the letters that stand in each place; where two overlap, a letter belongs where its size or depth says."""
    by_place = [[letter for letter in added[place.page] if _middle_in(letter, place.rect)] for place in places]
    holders: dict[int, list[int]] = {}
    for n, letters in enumerate(by_place):
        for letter in letters:
            holders.setdefault(id(letter), []).append(n)
    if len(holders) == sum(map(len, by_place)):
        return by_place

    def belongs(letter: ReadLetter, n: int) -> bool:
        among = holders[id(letter)]
        return len(among) == 1 or n == max(
            among, key=lambda m: (_is_size(letter.size, places[m]), _depth(letter, places[m]))
        )

    return [[letter for letter in letters if belongs(letter, n)] for n, letters in enumerate(by_place)]


def _is_size(size: float, place: ProofSpot) -> bool:
    """Say whether a size is the one that was meant, but for what rounding makes of it."""
    return abs(size - place.size) <= 0.01 * place.size + 0.01


def _depth(letter: ReadLetter, place: ProofSpot) -> float:
    """Return how far the middle of a letter lies within a place."""
    x, y = (letter.rect[0] + letter.rect[2]) / 2, (letter.rect[1] + letter.rect[3]) / 2
    x0, y0, x1, y1 = place.rect
    return min(x - x0, x1 - x, y - y0, y1 - y)


def _prove_letters(
    added: Mapping[int, Sequence[ReadLetter]],
    places: Sequence[ProofSpot],
    inside: Sequence[Sequence[ReadLetter]],
    never: Sequence[tuple[str, int, Rect]],
) -> list[ProofRow]:
    rows = []
    left = {page: {id(letter) for letter in letters if letter.text.strip()} for page, letters in added.items()}
    for place, letters in zip(places, inside, strict=True):
        drawn_text = joined(letters).strip()
        page = place.page + 1
        if not same_text(drawn_text, place.text):
            # Turned lines come in another order than they are read in.
            drawn_text = joined(in_lines(letters, place.turn)).strip()
        if not same_text(drawn_text, place.text):
            raise FillError(place.blank, f"page {page} does not show the intended text.")
        left[place.page] -= {id(letter) for letter in letters}
        size = max((letter.size for letter in letters), default=0.0)
        if letters and not _is_size(size, place):
            raise FillError(place.blank, f"page {page} shows the text in the wrong size.")
        rows.append(ProofRow(blank=place.blank, page=page, text=place.text, drawn_text=drawn_text, size=round(size, 2)))
    for number, others in left.items():
        if others:
            raise FillError(f"page {number + 1}", "there is something where nothing was to be written.")
    for blank, page, rect in never:
        if any(_middle_in(letter, rect) for letter in added[page] if letter.text.strip()):
            raise FillError(blank, "something was written where nothing is allowed.")
    return rows


def _prove_seen(
    template: Template, drawn_pages: DrawnPages, places: Sequence[ProofSpot], inside: Sequence[Sequence[ReadLetter]]
) -> None:
    """Prove that each letter stands inside its box and the page, and that there is ink."""
    by_page: dict[int, list[tuple[str, Rect]]] = {}
    for place, letters in zip(places, inside, strict=True):
        x0, y0, x1, y1 = _common(place.rect, template.pages[place.page].box)
        y0 -= place.slack - SLACK
        # A mark may be wider than the letter that it stands over.
        beside = SLACK + (0.25 * place.size if MARK.search(place.text) else 0.0)
        for letter in letters:
            if letter.text.strip():
                box = drawn_pages.ink_box(place.page, letter)
                if box[0] < x0 - beside or box[1] < y0 - SLACK or box[2] > x1 + beside or box[3] > y1 + SLACK:
                    raise FillError(place.blank, f"part of the text runs out of its box on page {place.page + 1}.")
                by_page.setdefault(place.page, []).append((place.blank, box))
    for page, boxes in by_page.items():
        for (blank, _), has_ink in zip(boxes, drawn_pages.inked(page, [box for _, box in boxes]), strict=True):
            if not has_ink:
                raise FillError(blank, f"part of the text cannot be seen on page {page + 1}.")


def _common(one: Rect, other: Rect) -> Rect:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _middle_in(letter: ReadLetter, rect: Rect) -> bool:
    x, y = (letter.rect[0] + letter.rect[2]) / 2, (letter.rect[1] + letter.rect[3]) / 2
    return rect[0] - 1 <= x <= rect[2] + 1 and rect[1] - 1 <= y <= rect[3] + 1


def _without_mark(template: Template, number: int, letters: Sequence[ReadLetter], mark: str) -> list[ReadLetter]:
    """Return the letters added to a page, less those of the mark at its head.

    Raises:
        FillError: the mark does not stand there as meant.
    """
    box = mark_box(template.pages[number], mark)
    mine = {id(x): x for x in letters if abs(x.size - MARK_SIZE) < SAME_SIZE and _middle_in(x, box)}
    if not same_text(joined(mine.values()), mark):
        raise FillError(f"page {number + 1}", "the mark at the top of the page does not show.")
    return [letter for letter in letters if id(letter) not in mine]
