"""Prove a filled form: what was meant is what is drawn, and nothing else was touched.

Three independent looks: the bytes (the official file is the beginning; every later object is new or differs only
where a fill may differ), the fields' values through our own parser, and the drawn letters through pdfium.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from assistant.errors import FillError
from assistant.pdf.appended import compare, prove_bytes
from assistant.pdf.layer import added_layer
from assistant.pdf.read import DrawnPages, Letter, Rect, added_letters, joined, same_text
from assistant.pdf.syntax import Ref, read_text_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.pdf.document import Document
    from assistant.pdf.pages import FlatText
    from assistant.pdf.template import Template

__all__ = ["Proof", "ProofRow", "prove", "prove_bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """One place that was written: what was meant, and what a reader finds there. ``page`` counts from 1."""

    blank: str
    page: int
    text: str
    drawn: str
    size: float
    """Points, as drawn."""


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
    own: Mapping[str, tuple[int, ...]],
    drawn: Sequence[FlatText] = (),
    mark: str = "",
    never: Sequence[tuple[str, int, Rect]] = (),
) -> Proof:
    """Return the proof of a filled form.

    ``never`` names the places (blank, page from 0, box) where nothing may have been added.

    Raises:
        FillError: something is not as it was meant; the blank or the object is named.
    """
    filled, changed, new = compare(template, data)
    _prove_values(template, filled, values, own)
    places = [(item.blank, item.page, item.rect, item.text) for item in drawn]
    for name, text in values.items():
        chosen = own.get(name)
        for n, widget in enumerate(template.fields[name].widgets):
            if chosen is None or n in chosen:
                places.append((name, widget.page, widget.rect, text))
    rows = _prove_drawn(template, filled, places, mark, never)
    return Proof(rows=tuple(rows), official_bytes=len(template.data), changed_objects=changed, new_objects=new)


def _prove_values(
    template: Template, filled: Document, values: Mapping[str, str], own: Mapping[str, tuple[int, ...]]
) -> None:
    for name, text in values.items():
        field = template.fields[name]
        chosen = own.get(name)
        split = chosen is not None and len(chosen) < len(field.widgets)
        written = [field.widgets[n] for n in (chosen if chosen is not None else range(len(field.widgets)))]
        numbers = {w.number if split or w.merged else field.number for w in written} or {field.number}
        for number in numbers:
            if read_text_string(filled.get(filled.dictionary(Ref(number)).get("V"))) != text:
                raise FillError(name, "the field does not hold the text that was meant.")
        if (
            split
            and field.number not in numbers
            and filled.dictionary(Ref(field.number)).get("V") != field.dictionary.get("V")
        ):
            raise FillError(name, "the other side's part of the field was changed.")


def _letters(template: Template, filled: Document, pages: Sequence[int]) -> dict[int, list[Letter]]:
    """Return the letters that a fill added to each page; the first fill of a form in this process is read whole."""
    first = template not in _read_whole
    with DrawnPages(filled.data if first else added_layer(template, filled, pages)) as drawn:
        after = {page: drawn.letters(page) for page in pages}
    known = _letters_before.setdefault(template, {})
    if first or (missing := [page for page in pages if page not in known]):
        with DrawnPages(template.data if first else added_layer(template, template.document, missing)) as drawn:
            before = {page: drawn.letters(page) for page in (pages if first else missing)}
        if first:
            return {page: added_letters(before[page], after[page]) for page in pages}
        known |= before
    return {page: added_letters(known[page], after[page]) for page in pages}


_read_whole: WeakSet[Template] = WeakSet()
"""The forms of which a fill was read with the official content in place, and found right."""
_letters_before: WeakKeyDictionary[Template, dict[int, list[Letter]]] = WeakKeyDictionary()
"""The letters that a form's fields show by themselves, without the official content."""


def _prove_drawn(
    template: Template,
    filled: Document,
    places: Sequence[tuple[str, int, Rect, str]],
    mark: str,
    never: Sequence[tuple[str, int, Rect]],
) -> list[ProofRow]:
    pages = sorted({page for _, page, _, _ in places} | {page for _, page, _ in never})
    rows = []
    added = _letters(template, filled, pages)
    if mark:
        added = {page: [x for x in letters if not _in_head(template, page, x)] for page, letters in added.items()}
    left = {page: {id(letter) for letter in letters if letter.text.strip()} for page, letters in added.items()}
    for blank, page, rect, text in places:
        inside = [letter for letter in added[page] if _middle_in(letter, rect)]
        found = joined(inside).strip()
        if not same_text(found, text):
            raise FillError(blank, f"page {page + 1} does not show the text that was meant.")
        left[page] -= {id(letter) for letter in inside}
        size = max((letter.size for letter in inside), default=0.0)
        rows.append(ProofRow(blank=blank, page=page + 1, text=text, drawn=found, size=round(size, 2)))
    for page, letters in left.items():
        if letters:
            raise FillError(f"page {page + 1}", "something stands where nothing was to be written.")
    for blank, page, rect in never:
        if any(_middle_in(letter, rect) for letter in added[page] if letter.text.strip()):
            raise FillError(blank, "something was written where nothing may stand.")
    _read_whole.add(template)
    return rows


def _middle_in(letter: Letter, rect: Rect) -> bool:
    x, y = (letter.rect[0] + letter.rect[2]) / 2, (letter.rect[1] + letter.rect[3]) / 2
    return rect[0] - 1 <= x <= rect[2] + 1 and rect[1] - 1 <= y <= rect[3] + 1


def _in_head(template: Template, number: int, letter: Letter) -> bool:
    """Say whether a letter stands in the strip at the head of the page that is kept for a mark."""
    page = template.pages[number]
    x, y = (letter.rect[0] + letter.rect[2]) / 2, (letter.rect[1] + letter.rect[3]) / 2
    x0, y0, x1, y1 = page.box
    near = {0: y1 - y, 90: x - x0, 180: y - y0, 270: x1 - x}[page.rotate]
    return near < 30  # noqa: PLR2004 - points
