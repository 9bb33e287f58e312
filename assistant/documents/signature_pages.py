"""The pages to sign alone: exact copies out of the filled agreements, to print and sign by hand.

A copy draws what its page draws. What stands in a field is drawn into the page, so that it prints anywhere and can
no longer be changed. The agreements themselves are not touched.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from assistant.documents.file import LANGUAGE, PRODUCT
from assistant.documents.page_structure import PageElement, content_numbers, page_elements
from assistant.documents.wording import short_title
from assistant.pdf.form.fields import read_rect
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.syntax import (
    Name,
    PdfDictionary,
    Ref,
    Stream,
    text_string,
    write_dictionary,
    write_object,
    write_stream,
)
from assistant.pdf.page_text import read_page_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from assistant.editions.catalog import Edition
    from assistant.editions.form_plan import FilledForm
    from assistant.editions.library import FormOnHand
    from assistant.geometry import Rect
    from assistant.pdf.form.fields import Page
    from assistant.pdf.form.template import Template

PLACE = "05-signature-pages.pdf"
HIDDEN, PRINT = 2, 4
"""Flags of what stands on a page (ISO 32000-1, 12.5.3)."""
_NUMBERS = frozenset({int, float})
_ELSEWHERE = frozenset({"Catalog", "Page", "Pages"})
"""What no page needs to be drawn; to follow it would copy the whole agreement."""


def signature_pages(filled: Sequence[FilledForm], *, agency: str, day: date) -> bytes | None:
    """Return the pages to sign of the filled agreements; None where no form says which page that is."""
    sheets = _Sheets()
    for form in filled:
        if form.form.template and (page := _signing_page(form.form, form.form.template)):
            document = Document.following(form.form.template.document, form.data)
            sheets.add(document, page, form.form)
    return sheets.to_pdf(f"Signature pages – {agency}", agency, day)


def blank_signature_pages(forms: Sequence[FormOnHand], *, day: date) -> bytes | None:
    """Return the pages to sign of blank forms, to be looked at; None where no form says which page that is."""
    sheets = _Sheets()
    for form in forms:
        if form.template and (page := _signing_page(form, form.template)):
            sheets.add(form.template.document, page, form)
    return sheets.to_pdf("Signature pages of the blank forms", "", day)


def has_signature_page(edition: Edition, data: bytes | None) -> bool:
    """Say whether the page to sign of an agreement is available and known."""
    return data is not None and edition.signing_page is not None and not edition.is_letter


def _title_of(form: FormOnHand) -> str:
    """Return what a page is called in the structure of the file."""
    return f"{short_title(form.edition)}, page {form.edition.signing_page}: the page to sign"


def _count_parts(document: Document, page: Page) -> int:
    """Return of how many streams the content of a blank page is."""
    contents = document.dictionary(page.ref).get("Contents")
    return len(document.array(contents)) or int(contents is not None)


def _signing_page(form: FormOnHand, template: Template) -> Page | None:
    if not has_signature_page(form.edition, form.data):
        return None
    return template.pages[(form.edition.signing_page or 1) - 1]


class _Sheets:
    """Pages copied out of other files, with all that they draw."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []
        self._pages: list[Ref] = []
        self._tree = self._new()
        self._structure, self._top = self._new(), self._new()
        self._sections: list[Ref] = []
        self._owners: list[list[Ref | None]] = []

    def add(self, document: Document, page: Page, form: FormOnHand) -> None:
        """Copy the page to sign of a form, with its part of the structure."""
        number, title = (form.edition.signing_page or 1) - 1, _title_of(form)
        base_parts = _count_parts(form.template.document, page) if form.template else 0
        copy = _Copy(document, self)
        node = document.dictionary(page.ref)
        resources = document.dictionary(node.get("Resources")) or page.resources
        numbers = content_numbers(document, node)
        free = max(numbers, default=-1) + 1
        looks, code, fields = _looks(document, node, document.dictionary(resources.get("XObject")), free)
        contents = node.get("Contents")
        parts = copy.of(document.array(contents) or ([] if contents is None else [contents]))
        free += len(fields)
        elements = page_elements(document, page.ref, fields)
        begin, end = b"q", b"Q" + code
        if not elements:
            # Nothing says what is what on this page: all of it is one picture, with its text as what it shows.
            alternative = (f"{title}. " + read_page_texts(document.data, [number])[0].sorted_by_place().text).strip()
            elements = [PageElement("Figure", {"Alt": text_string(alternative)}, [free])]
            begin, end = b"/Figure <</MCID %d>> BDC q" % free, b"Q EMC" + code
        elif len(parts) > base_parts:
            mark, unmark = write_stream({}, b"/P <</MCID %d>> BDC" % free), write_stream({}, b"EMC")
            parts = [*parts[:-1], self._new(mark), parts[-1], self._new(unmark)]
            elements.append(PageElement("P", kids=[free]))
        owned_numbers = {number for element in elements for number in element.numbers()}
        # What the form's own structure forgot stands before the rest, and a field that it forgot stands behind.
        elements = [
            *(PageElement("P", kids=[number]) for number in sorted(numbers - owned_numbers)),
            *elements,
            *(PageElement("P", kids=[number]) for number in fields.values() if number not in owned_numbers),
        ]
        ref = self._new()
        self._add_section(copy, elements, ref, title)
        sheet = {
            "Type": Name("Page"),
            "Parent": self._tree,
            "MediaBox": list(page.box),
            "Rotate": page.rotate,
            "Resources": copy.of(resources | {"XObject": looks}),
            "Contents": [self._new(write_stream({}, begin)), *parts, self._new(write_stream({}, end))],
            "StructParents": len(self._pages),
            "Tabs": Name("S"),
        }
        copy.finish()
        self.add_page(ref, write_dictionary(sheet))
        self._pages.append(ref)

    def _add_section(self, copy: _Copy, elements: Sequence[PageElement], page: Ref, title: str) -> None:
        """Write the elements of a page, and note which of them owns each of its marked contents."""
        section = PageElement("Sect", {"T": text_string(title)}, list(elements))
        owners: dict[int, Ref] = {}
        self._sections.append(self._write_element(copy, section, page, self._top, owners))
        self._owners.append([owners.get(number) for number in range(max(owners, default=-1) + 1)])

    def _write_element(self, copy: _Copy, element: PageElement, page: Ref, parent: Ref, owners: dict[int, Ref]) -> Ref:
        ref = self._new()
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, int):
                owners[kid] = ref
                kids.append(kid)
            else:
                kids.append(self._write_element(copy, kid, page, ref, owners))
        own = {"Type": Name("StructElem"), "S": Name(element.tag), "P": parent, "Pg": page, "K": kids}
        self.add_page(ref, write_dictionary(own | {key: copy.of(value) for key, value in element.extra.items()}))
        return ref

    def take(self) -> Ref:
        """Return the number of an object that comes later."""
        return self._new()

    def add_page(self, ref: Ref, body: bytes) -> None:
        """Give an object its bytes."""
        self._objects[ref.number - 1] = body

    def to_pdf(self, title: str, author: str, day: date) -> bytes | None:
        """Return the file; None where no page was added."""
        if not self._pages:
            return None
        tree = {"Type": Name("Pages"), "Kids": self._pages, "Count": len(self._pages)}
        self.add_page(self._tree, write_dictionary(tree))
        self._write_structure()
        catalog = {
            "Type": Name("Catalog"),
            "Pages": self._tree,
            "Lang": LANGUAGE.encode(),
            "ViewerPreferences": {"DisplayDocTitle": True},
            "MarkInfo": {"Marked": True},
            "StructTreeRoot": self._structure,
        }
        root = self._new(write_dictionary(catalog))
        pdf_day = f"D:{day:%Y%m%d}000000Z"
        texts = {"Title": title, "Author": author, "Creator": PRODUCT, "CreationDate": pdf_day}
        info = self._new(write_dictionary({key: text_string(text) for key, text in texts.items() if text}))
        return _joined(self._objects, root, info)

    def _write_structure(self) -> None:
        document = {"Type": Name("StructElem"), "S": Name("Document"), "P": self._structure, "K": self._sections}
        self.add_page(self._top, write_dictionary(document))
        numbers = [item for number, owners in enumerate(self._owners) for item in (number, owners)]
        structure = {
            "Type": Name("StructTreeRoot"),
            "K": [self._top],
            "ParentTree": {"Nums": numbers},
            "ParentTreeNextKey": len(self._owners),
        }
        self.add_page(self._structure, write_dictionary(structure))

    def _new(self, body: bytes = b"null") -> Ref:
        self._objects.append(body)
        return Ref(len(self._objects))


class _Copy:
    """What one file gives: each object once, under a number of the copy."""

    def __init__(self, document: Document, sheets: _Sheets) -> None:
        self._document, self._sheets = document, sheets
        self._numbers: dict[int, Ref] = {}
        self._waiting: list[tuple[Ref, Any]] = []

    def of(self, value: Any) -> Any:
        """Return a value with the references of the copy."""
        if isinstance(value, Ref):
            return self._reference(value)
        if isinstance(value, dict):
            return {key: self.of(item) for key, item in value.items()}
        if not isinstance(value, list):
            return value
        # Widths and the like: long lists of numbers.
        return value if _NUMBERS.issuperset(map(type, value)) else [self.of(item) for item in value]

    def finish(self) -> None:
        """Write every object that was named, and what those name."""
        while self._waiting:
            ref, value = self._waiting.pop()
            if isinstance(value, Stream):
                keys = {key: item for key, item in value.dictionary.items() if key != "Length"}
                self._sheets.add_page(ref, write_stream(self.of(keys), value.raw))
            elif not (isinstance(value, dict) and value.get("Type") in _ELSEWHERE):
                self._sheets.add_page(ref, write_object(self.of(value)))

    def _reference(self, old: Ref) -> Ref:
        if old.number not in self._numbers:
            self._numbers[old.number] = self._sheets.take()
            self._waiting.append((self._numbers[old.number], self._document.get(old)))
        return self._numbers[old.number]


def _looks(
    document: Document, page: Mapping[str, Any], resources: Mapping[str, Any], first: int
) -> tuple[PdfDictionary, bytes, dict[int, int]]:
    """Return what a page draws by name with the looks of its fields, the operators that draw those, and their numbers.

    Each look is marked content of its own, numbered from ``first``; the numbers stand under those of the widgets.
    """
    names = dict(resources)
    code: list[bytes] = []
    numbers: dict[int, int] = {}
    for item in document.array(page.get("Annots")):
        widget = document.dictionary(item)
        ref, look = _look(document, widget)
        rect = read_rect(document, widget.get("Rect"))
        flags = document.get(widget.get("F")) or 0
        if look is None or rect is None or flags & HIDDEN or not flags & PRINT:
            continue
        place = _placed(document, look, rect)
        if place:
            name = f"Look{len(names)}"
            while name in names:
                name += "x"
            names[name] = ref
            number = first + len(code)
            numbers[item.number if isinstance(item, Ref) else -number - 1] = number
            matrix = b" ".join(write_object(float(value)) for value in place)
            code.append(b"\n/P <</MCID %d>> BDC q %b cm /%b Do Q EMC" % (number, matrix, name.encode()))
    return names, b"".join(code), numbers


def _look(document: Document, widget: Mapping[str, Any]) -> tuple[Any, Stream | None]:
    """Return the normal appearance of what stands on a page (12.5.5), by reference and as it is."""
    ref = document.dictionary(widget.get("AP")).get("N")
    look = document.get(ref)
    if isinstance(look, dict):
        ref = look.get(str(document.get(widget.get("AS"))))
        look = document.get(ref)
    return ref, look if isinstance(look, Stream) and isinstance(ref, Ref) else None


def _placed(document: Document, look: Stream, rect: Rect) -> tuple[float, ...] | None:
    """Return the matrix that fits an appearance into its rectangle (12.5.5, algorithm 8.1)."""
    box = read_rect(document, look.dictionary.get("BBox"))
    matrix = [document.get(number) for number in document.array(look.dictionary.get("Matrix"))] or [1, 0, 0, 1, 0, 0]
    if box is None:
        return None
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    (left, right), (low, high) = ((min(side), max(side)) for side in zip(*corners, strict=True))
    if right <= left or high <= low:
        return None
    wide, tall = (rect[2] - rect[0]) / (right - left), (rect[3] - rect[1]) / (high - low)
    return wide, 0, 0, tall, rect[0] - wide * left, rect[1] - tall * low


def _joined(objects: Sequence[bytes], root: Ref, info: Ref) -> bytes:
    """Return the file: all objects, and the table of where they are (7.5.4)."""
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    at, starts = len(parts[0]), []
    for number, body in enumerate(objects, 1):
        starts.append(at)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        at += len(parts[-1])
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts)
    identity = hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest().encode()
    size, keys = len(objects) + 1, write_dictionary({"Root": root, "Info": info})[2:-2]
    parts.append(
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d%b/ID [<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, rows, size, keys, identity, identity, at)
    )
    return b"".join(parts)
