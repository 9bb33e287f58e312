"""Prove a filled form: what was meant is what is drawn, and nothing else was touched.

Three independent looks: the bytes (the official file is the beginning; every later object is new or differs only
where a fill may differ), the fields' values through our own parser, and the drawn letters through pdfium.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from assistant.errors import FillError, PdfError
from assistant.pdf.document import Document
from assistant.pdf.fill import SPLIT, FlatText
from assistant.pdf.layer import added_layer
from assistant.pdf.read import DrawnPages, Letter, Rect, added_letters, joined, same_text
from assistant.pdf.syntax import Ref, read_text_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.pdf.template import Template

_FIELD_KEYS = frozenset({"V", "AP", "DA", "F"})
_SPLIT_KEYS = frozenset({"Parent", "FT", "Ff", "T", "TU", "Q", "MaxLen"})
_PAGE_KEYS = frozenset({"Contents", "Resources"})


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
    filled, changed, new = _compare(template, data)
    _prove_values(template, filled, values, own)
    places = [(item.blank, item.page, item.rect, item.text) for item in drawn]
    for name, text in values.items():
        chosen = own.get(name)
        for n, widget in enumerate(template.fields[name].widgets):
            if chosen is None or n in chosen:
                places.append((name, widget.page, widget.rect, text))
    rows = _prove_drawn(template, filled, places, mark, never)
    return Proof(rows=tuple(rows), official_bytes=len(template.data), changed_objects=changed, new_objects=new)


def prove_bytes(template: Template, data: bytes) -> tuple[int, int]:
    """Return how many objects differ from the official file's and how many are new.

    Raises:
        FillError: the beginning is not the official file, or an object differs where it must not.
    """
    _, changed, new = _compare(template, data)
    return changed, new


def _compare(template: Template, data: bytes) -> tuple[Document, int, int]:
    if not data.startswith(template.data):
        raise FillError("the official form", "its bytes are not the beginning of the filled form.")
    before = template.document
    try:
        filled = Document.following(before, data)
    except PdfError:
        raise FillError("the official form", "the filled form does not follow on it.") from None
    changed = new = 0
    pages = {page.ref.number for page in template.pages}
    for number in filled.fresh:
        if before.offsets.get(number, (0, 0, 0))[0] == 0:
            new += 1
            continue
        changed += 1
        _prove_object(number, before.get(Ref(number)), filled.get(Ref(number)), pages, template)
    return filled, changed, new


def _prove_object(number: int, old: Any, fresh: Any, pages: set[int], template: Template) -> None:
    if not isinstance(old, dict) or not isinstance(fresh, dict):
        raise FillError(f"object {number}", "it differs from the official form.")
    differing = {key for key in old.keys() | fresh.keys() if old.get(key) != fresh.get(key)}
    if number in pages:
        allowed = _PAGE_KEYS
        _prove_page(number, old, fresh, template)
    elif template.acroform and number == template.acroform.number:
        allowed = frozenset({"Fields"})
        if (
            template.document.array(old.get("Fields"))
            != fresh["Fields"][: len(template.document.array(old.get("Fields")))]
        ):
            raise FillError("the form's list of fields", "it differs from the official form.")
    elif str(fresh.get("T", b"")).endswith(f"{SPLIT}'"):
        allowed = _FIELD_KEYS | _SPLIT_KEYS
    elif "Kids" in differing:
        allowed = frozenset({"Kids"})
        if not set(fresh["Kids"]) < set(template.document.array(old["Kids"])):
            raise FillError(f"object {number}", "it has widgets that the official form does not give it.")
    else:
        allowed = _FIELD_KEYS
    if (
        number not in pages
        and (fresh.get("F") or 0) != (old.get("F") or 0)
        and (fresh.get("F") or 0) != (old.get("F") or 0) | 4
    ):
        raise FillError(f"object {number}", "a flag other than Print differs from the official form.")
    if differing - allowed:
        raise FillError(f"object {number}", f"/{min(differing - allowed)} differs from the official form.")


def _prove_page(number: int, old: dict[str, Any], fresh: dict[str, Any], template: Template) -> None:
    before = template.document.get(old.get("Contents"))
    kept = before if isinstance(before, list) else [old["Contents"]] if "Contents" in old else []
    if fresh["Contents"][: len(kept)] != kept or len(fresh["Contents"]) != len(kept) + 1:
        raise FillError(f"object {number}", "a page's own content differs from the official form.")
    page = next(page for page in template.pages if page.ref.number == number)
    fonts = template.document.dictionary(page.resources.get("Font"))
    if {k: v for k, v in fresh["Resources"].items() if k != "Font"} != {
        k: v for k, v in page.resources.items() if k != "Font"
    }:
        raise FillError(f"object {number}", "a page's resources differ from the official form.")
    if any(fresh["Resources"]["Font"].get(k) != v for k, v in fonts.items()):
        raise FillError(f"object {number}", "a page's fonts differ from the official form.")


def _prove_values(
    template: Template, filled: Document, values: Mapping[str, str], own: Mapping[str, tuple[int, ...]]
) -> None:
    for name, text in values.items():
        field = template.fields[name]
        chosen = own.get(name)
        split = chosen is not None and len(chosen) < len(field.widgets)
        number = field.widgets[chosen[0]].number if split and chosen else field.number
        node = filled.dictionary(Ref(number))
        if read_text_string(filled.get(node.get("V"))) != text:
            raise FillError(name, "the field does not hold the text that was meant.")
        if split and filled.dictionary(Ref(field.number)).get("V") != field.dictionary.get("V"):
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
        size = max(letter.size for letter in inside)
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
