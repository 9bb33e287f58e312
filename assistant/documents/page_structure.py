"""The structure of single pages of a tagged file (ISO 32000-1, 14.7): which elements hold what is drawn on a page.

A page that is copied into another file takes its part of the structure along: its paragraphs, headings, lists and
figures in their order, without what belongs to other pages. Knows no form.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import Name, Ref, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.pdf.objects.document import Document
    from assistant.pdf.objects.syntax import PdfDictionary

STANDARD_TAGS = frozenset(
    {
        "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct",
        "Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD",
        "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure",
        "Formula", "Form",
    }
)  # fmt: skip
"""The standard structure types (14.8.4); another tag stands for one of them by way of the file's role map."""
COPIED_KEYS = ("Alt", "ActualText", "E", "Lang", "T", "A")
"""What an element says besides its tag, its place and its content."""
PICTURE = "Picture on the official form"
MAX_DEPTH = 40
MAX_ROLES = 8
_CONTENT_NUMBER = re.compile(rb"/MCID\s+(\d+)")


@dataclass(slots=True)
class PageElement:
    """An element of a page: its standard tag, what it says, and its kids: elements, and numbers of marked content."""

    tag: str
    extra: PdfDictionary = field(default_factory=dict)
    kids: list[PageElement | int] = field(default_factory=list)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of all marked content in it."""
        for kid in self.kids:
            if isinstance(kid, int):
                yield kid
            else:
                yield from kid.numbers()


def content_numbers(document: Document, page: PdfDictionary) -> set[int]:
    """Return the numbers of the marked content of a page."""
    contents = page.get("Contents")
    numbers: set[int] = set()
    for part in document.array(contents) or [contents]:
        stream = document.get(part)
        if isinstance(stream, Stream):
            with suppress(PdfError):
                numbers.update(map(int, _CONTENT_NUMBER.findall(document.decoded(stream))))
    return numbers


def page_elements(document: Document, ref: Ref, fields: Mapping[int, int]) -> list[PageElement]:
    """Return the elements of a page, in reading order; nothing where its file has no structure.

    Args:
        document: the file.
        ref: the page.
        fields: the number of the marked content that draws each field now, by the object number of its widget.
    """
    return _PageReader(document, ref, fields).elements()


class _PageReader:
    """Reads the elements of one page."""

    def __init__(self, document: Document, ref: Ref, fields: Mapping[int, int]) -> None:
        self._document, self._page, self._fields = document, ref, fields
        self._tree = document.dictionary(document.root.get("StructTreeRoot"))
        self._roles = document.dictionary(self._tree.get("RoleMap"))
        self._page_elements: set[int] = set()

    def elements(self) -> list[PageElement]:
        page = self._document.dictionary(self._page)
        numbers = [page.get("StructParents")]
        annotations = self._document.array(page.get("Annots"))
        numbers += [self._document.dictionary(item).get("StructParent") for item in annotations]
        for number in numbers:
            if isinstance(number, int):
                self._want(self._parent(self._tree.get("ParentTree"), number, MAX_DEPTH))
        if not isinstance(numbers[0], int):
            self._want_all_of_page()
        if not self._page_elements:
            return []
        kids = self._kids(self._tree.get("K"), None, 0)
        return [kid for kid in kids if isinstance(kid, PageElement)]

    def _parent(self, node: Any, number: int, depth: int) -> Any:
        """Return what a number tree (7.9.7) has under a number."""
        branch = self._document.dictionary(node)
        pairs = self._document.array(branch.get("Nums"))
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            if key == number:
                return value
        for kid in self._document.array(branch.get("Kids")) if depth else ():
            limits = self._document.array(self._document.dictionary(kid).get("Limits"))
            if limits and limits[0] <= number <= limits[-1]:
                return self._parent(kid, number, depth - 1)
        return None

    def _want(self, value: Any) -> None:
        """Note elements, and all above them."""
        for item in self._document.array(value) or [value]:
            above = item
            for _ in range(MAX_DEPTH):
                if not isinstance(above, Ref) or above.number in self._page_elements:
                    break
                self._page_elements.add(above.number)
                above = self._document.dictionary(above).get("P")

    def _want_all_of_page(self) -> None:
        """Note the elements of a page that does not say where they stand: all of the file's are looked through."""
        waiting = self._document.array(self._tree.get("K")) or [self._tree.get("K")]
        visits: set[int] = set()
        while waiting:
            kid = waiting.pop()
            item = self._document.get(kid)
            if not isinstance(item, dict) or not isinstance(kid, Ref) or kid.number in visits:
                continue
            visits.add(kid.number)
            kids = self._document.array(item.get("K")) or [item.get("K")]
            pages = [item.get("Pg"), *(self._document.dictionary(one).get("Pg") for one in kids)]
            if self._page in pages:
                self._want(kid)
            waiting += kids

    def _kids(self, value: Any, page: Any, depth: int) -> Iterator[PageElement | int]:
        for kid in self._document.array(value) or [value]:
            item = self._document.get(kid)
            if isinstance(item, int):
                if page == self._page:
                    yield item
            elif isinstance(item, dict):
                yield from self._kid(kid, item, page, depth)

    def _kid(self, kid: Any, item: PdfDictionary, page: Any, depth: int) -> Iterator[PageElement | int]:
        kind = item.get("Type")
        if kind == "MCR":
            number = item.get("MCID")
            if item.get("Pg", page) == self._page and isinstance(number, int) and "Stm" not in item:
                yield number
        elif kind == "OBJR":
            target = item.get("Obj")
            if isinstance(target, Ref) and target.number in self._fields:
                yield self._fields[target.number]
        elif isinstance(kid, Ref) and kid.number in self._page_elements and depth < MAX_DEPTH:
            element = PageElement(tag=self._tag(item.get("S")), extra=self._extra(item))
            element.kids = list(self._kids(item.get("K"), item.get("Pg"), depth + 1))
            if element.tag == "Document":
                yield from element.kids
            elif element.kids:
                if element.tag == "Figure":
                    element.extra.setdefault("Alt", PICTURE.encode())
                yield element

    def _tag(self, name: Any) -> str:
        for _ in range(MAX_ROLES):
            if name in STANDARD_TAGS:
                return str(name)
            name = self._document.get(self._roles.get(str(name)))
        return "Span" if name is None else "Div"

    def _extra(self, item: PdfDictionary) -> PdfDictionary:
        extra = {key: item[key] for key in COPIED_KEYS if key in item}
        return {key: value for key, value in extra.items() if not isinstance(value, Name)}
