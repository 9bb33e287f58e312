"""An official form, compiled: parsed once, its fields, boxes and fonts worked out, ready to be filled many times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.cache import LruCache
from assistant.errors import PdfError
from assistant.pdf.form.fields import VALUE, Field, Page, Style, Widget, joined, make_widget, read_rect
from assistant.pdf.form.font import SimpleFont, read_font
from assistant.pdf.form.limits import Limits, read_limits
from assistant.pdf.form.measure import measure_in, tightest
from assistant.pdf.objects.actions import ActiveContent, active_content, all_streams_whole
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.readable import MAX_FIELDS, readable_bytes, refuse_tangled
from assistant.pdf.objects.syntax import BROKEN, PdfDictionary, Ref, read_text_string, write_object

if TYPE_CHECKING:
    from assistant.pdf.form.layout import Fit

MAX_PAGES = 2_000
MAX_BRANCH = 60
"""Fields above a field."""
MAX_NUMBER = 8_388_607
"""The largest object number that readers promise to know (annex C)."""
LETTER_PAPER = (0.0, 0.0, 612.0, 792.0)
_SETTINGS = ("FT", "Ff", "DA", "Q", "MaxLen")


@dataclass(frozen=True, eq=False)
class Template:
    """A compiled PDF form; two are the same only if they are one object."""

    data: bytes
    document: Document
    pages: tuple[Page, ...]
    fields: dict[str, Field]
    acroform: Ref | None
    acroform_dictionary: PdfDictionary
    xfa: bool
    duplicate_fields: tuple[Field, ...] = ()
    """Fields that have the name of another one and could not be filled with it: nothing is written there."""
    unlisted: frozenset[str] = frozenset()
    """Fields that stand on a page and not in the form's list of fields: they are read, and nothing is written there."""
    nameless: tuple[int, ...] = ()
    """Pages (from 0) of boxes that look like fields, and have no name or no kind."""
    off_page: tuple[tuple[str, int], ...] = ()
    """Fields with boxes that are on no page, and how many: no reader shows these."""

    @property
    def kind(self) -> str:
        """Return what it is: "acroform", "flat" or "xfa"."""
        return "xfa" if self.xfa else "acroform" if self.fields else "flat"

    @cached_property
    def drawable(self) -> bytes:
        """Return the file as pdfium is to be given it: with a right cross-reference, so that it finds what we found.

        Raises:
            PdfError: an object is damaged.
        """
        return readable_bytes(self.document, self.data)

    @cached_property
    def trailer(self) -> bytes:
        """Return the entries that every update's trailer repeats.

        /XRefStm is one: some readers look up what a hybrid file hides only through the newest trailer.
        """
        entries = {k: v for k, v in self.document.trailer.items() if k in {"Root", "Info", "Encrypt", "XRefStm"}}
        return write_object(entries)[2:-2]

    @cached_property
    def first_id(self) -> bytes:
        """Return the file's permanent identifier (14.4) as written, empty where it has none.

        The key of an encrypted file hangs on it: such a file without one gets none later.
        """
        ids = self.document.array(self.document.trailer.get("ID"))
        none = b"<>" if self.document.encryption else b""
        return write_object(ids[0]) if ids and isinstance(ids[0], bytes) else none

    @cached_property
    def first_free(self) -> int:
        """Return the number after the last object of the file."""
        size = self.document.trailer.get("Size")
        size = size if isinstance(size, int) and size <= MAX_NUMBER else 0
        return max(size, max(self.document.offsets) + 1)

    @cached_property
    def object_prefixes(self) -> dict[int, bytes]:
        """Return what a fill writes of each field and widget before its value, by number."""
        object_prefixes = {field.number: field.object_prefix for field in self.fields.values()}
        return object_prefixes | {
            widget.number: widget.object_prefix for field in self.fields.values() for widget in field.widgets
        }

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def active(self) -> ActiveContent:
        """Return the scripts and other active content that the file carries."""
        return active_content(self.document)

    @cached_property
    def regenerated(self) -> frozenset[int]:
        """Return the numbers of objects whose generation is not 0: numbers that were used before (7.3.10)."""
        return frozenset(n for n, (kind, _, generation) in self.document.offsets.items() if kind == 1 and generation)

    @cached_property
    def whole(self) -> bool:
        """Say whether no stream of the file is damaged."""
        return all_streams_whole(self.document)

    @cached_property
    def redrawn(self) -> bool:
        """Say whether readers are asked to draw every field again on opening (/NeedAppearances)."""
        return self.document.get(self.acroform_dictionary.get("NeedAppearances")) is True

    @cached_property
    def limits(self) -> Limits:
        """Return what may be written into the file, by its protection and its signatures."""
        return read_limits(self)

    def measure(self, name: str, text: str, widgets: tuple[int, ...] | None = None) -> Fit:
        """Return how a text fits into a field: its tightest widget (of those given) decides.

        Raises:
            KeyError: there is no such field.
        """
        field = self.fields[name]
        measured = field.widgets if widgets is None else [field.widgets[n] for n in widgets]
        return tightest([measure_in(w.box, text, w.font) for w in measured])


def compile_template(data: bytes) -> Template:
    """Return a PDF form ready to be filled; the last sixteen are kept, of at most 64 MB of files together.

    A form is known again by its length and its end, and then compared byte by byte: that costs a tenth of a hash.

    Raises:
        PdfError: it cannot be read safely; the message says what to do.
    """
    key = (len(data), data[-1024:])
    cached = _compiled.get(key)
    if cached is None or cached.data != data:
        cached = compile_anew(data)
        _compiled.put(key, cached)
    return cached


def compile_anew(data: bytes) -> Template:
    """Return a PDF form ready to be filled, worked out now.

    Raises:
        PdfError: as ``compile_template``.
    """
    document = Document(data)
    try:
        return _Compiler(document).template(data)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise PdfError(BROKEN) from None


_compiled: LruCache[tuple[int, bytes], Template] = LruCache(16, max_bytes=64_000_000, size_of=lambda t: len(t.data))


class _Compiler:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.fonts: dict[Any, SimpleFont | None] = {}
        form = document.root.get("AcroForm")
        self.form_ref = form if isinstance(form, Ref) else None
        self.form = document.dictionary(form)
        self.form_fonts = document.dictionary(document.dictionary(self.form.get("DR")).get("Font"))

    def template(self, data: bytes) -> Template:
        pages = self._pages()
        self.page_of: dict[int, int] = {}
        left = MAX_FIELDS
        for n, page in enumerate(pages):
            annotations = self.document.array(page.dictionary.get("Annots"))
            left -= len(annotations)
            if left < 0:
                raise PdfError("The PDF has more than 20,000 notes and fields. Get the form itself, without them.")
            for annotation in annotations:
                if isinstance(annotation, Ref):
                    self.page_of.setdefault(annotation.number, n)
        self.repeated = False
        """Whether a field stands in the form twice."""
        self.fields: dict[str, Field] = {}
        self.duplicate_fields: tuple[Field, ...] = ()
        self.visited: set[int] = set()
        self.drawn_widgets: set[int] = set()
        """The widgets that belong to a field."""
        self.off_page: dict[str, int] = {}
        fields = self.document.array(self.form.get("Fields"))
        for ref in fields:
            self._walk(ref, "", self._form_settings())
        if self.repeated:
            refuse_tangled(self.document, fields)
        unlisted, nameless = self._take_in_unlisted()
        if self.document.repaired:
            self._check_pages(pages)
        return Template(
            data=data,
            document=self.document,
            pages=tuple(pages),
            fields=self.fields,
            acroform=self.form_ref,
            acroform_dictionary=self.form,
            xfa="XFA" in self.form,
            duplicate_fields=self.duplicate_fields,
            unlisted=unlisted,
            nameless=nameless,
            off_page=tuple(self.off_page.items()),
        )

    def _form_settings(self) -> PdfDictionary:
        return {"DA": self.form.get("DA"), "Q": self.form.get("Q")}

    def _take_in_unlisted(self) -> tuple[frozenset[str], tuple[int, ...]]:
        """Take in the fields that stand on a page only; return their names, and the pages of boxes that are none.

        Some programs (Preview on a Mac, and whatever copies pages alone) leave the form's list of fields empty.
        """
        names_in_list = set(self.fields)
        nameless: list[int] = []
        for number, n in self.page_of.items():
            if number in self.drawn_widgets or number in self.visited:
                continue
            node = self.document.dictionary(Ref(number))
            if self.document.get(node.get("Subtype")) != "Widget":
                continue
            top = self._top_of(number)
            if top not in self.visited:
                self._walk(Ref(top), "", self._form_settings())
            if number not in self.drawn_widgets:
                nameless.append(n)
        if "" in self.fields and "" not in names_in_list:
            nameless += [widget.page for widget in self.fields.pop("").widgets]
        return frozenset(self.fields.keys() - names_in_list), tuple(sorted(nameless))

    def _top_of(self, number: int) -> int:
        """Return the number of the field at the top of the branch that a widget stands on."""
        visited: set[int] = set()
        while number not in visited and len(visited) < MAX_BRANCH:
            visited.add(number)
            parent = self.document.dictionary(Ref(number)).get("Parent")
            if not isinstance(parent, Ref) or not self.document.dictionary(parent):
                return number
            number = parent.number
        return number

    def _check_pages(self, pages: list[Page]) -> None:
        """Refuse a repaired file of which a page is lost, or what stands on one.

        Raises:
            PdfError: as above.
        """
        for page in pages:
            contents = page.dictionary.get("Contents")
            parts = self.document.get(contents)
            for part in parts if isinstance(parts, list) else [contents]:
                if isinstance(part, Ref) and self.document.get(part) is None:
                    raise PdfError(BROKEN)

    def _pages(self) -> list[Page]:
        pages: list[Page] = []
        visited: set[int] = set()
        inheritable = ("Resources", "MediaBox", "CropBox", "Rotate")

        def walk(ref: Any, inherited: PdfDictionary, depth: int) -> None:
            if depth > 50 or len(pages) > MAX_PAGES or not isinstance(ref, Ref) or ref.number in visited:
                raise PdfError(BROKEN)
            visited.add(ref.number)
            node = self.document.dictionary(ref)
            inherited = inherited | {key: node[key] for key in inheritable if key in node}
            if "Kids" in node:
                for kid in self.document.array(node["Kids"]):
                    walk(kid, inherited, depth + 1)
            elif node:
                pages.append(self._page(ref, node, inherited))
            elif self.document.repaired:
                raise PdfError(BROKEN)  # the page was lost with the end of the file

        walk(self.document.root.get("Pages"), {}, 0)
        return pages

    def _page(self, ref: Ref, node: PdfDictionary, inherited: PdfDictionary) -> Page:
        box = read_rect(self.document, inherited.get("CropBox") or inherited.get("MediaBox")) or LETTER_PAPER
        rotate = self.document.get(inherited.get("Rotate")) or 0
        # Readers turn a page by quarters; what is beyond the last whole one they leave out.
        return Page(ref, box, int(rotate) // 90 * 90 % 360, node, self.document.dictionary(inherited.get("Resources")))

    def _walk(self, ref: Any, prefix: str, inherited: PdfDictionary) -> None:
        if isinstance(ref, Ref) and ref.number in self.visited:
            self.repeated = True
        if not isinstance(ref, Ref) or ref.number in self.visited or len(self.visited) > MAX_FIELDS:
            return
        self.visited.add(ref.number)
        node = self.document.dictionary(ref)
        own = read_text_string(self.document.get(node.get("T")))
        name = f"{prefix}.{own}" if prefix and own else own or prefix
        inherited = inherited | {
            k: self.document.get(node[k]) for k in ("FT", "Ff", "DA", "Q", "MaxLen", "V", "DV", "DR") if k in node
        }
        kids = [k for k in self.document.array(node.get("Kids")) if isinstance(k, Ref)]
        # A kid without a name and without kids is one of the field's boxes.
        named = [k for k in kids if not self.document.dictionary(k).keys().isdisjoint(("T", "Kids"))]
        for kid in named:
            self._walk(kid, name, inherited)
        if named or not inherited.get("FT"):
            return
        merged = not kids
        widgets = [self._widget(kid, inherited, merged=merged) for kid in kids or [ref] if self._on_page(kid, name)]
        value, default = (self.document.get(inherited.get(key)) for key in ("V", "DV"))
        new_field = Field(
            name=name,
            number=ref.number,
            kind=str(inherited["FT"]),
            flags=int(inherited.get("Ff") or 0),
            value=read_text_string(value) if isinstance(value, bytes | str) else "",
            dictionary=node,
            settings={k: inherited[k] for k in _SETTINGS if inherited.get(k) is not None},
            widgets=tuple(w for w in widgets if w is not None),
            fonts=frozenset(w.font for w in widgets if w is not None),
            object_prefix=b"%d 0 obj\n" % ref.number
            + write_object({k: v for k, v in node.items() if k not in VALUE})[:-2],
            default=read_text_string(default) if isinstance(default, bytes | str) else "",
        )
        whole = joined(self.fields[name], new_field) if name in self.fields else new_field
        self.fields[name] = whole or self.fields[name]
        self.duplicate_fields += () if whole else (new_field,)

    def _on_page(self, ref: Ref, name: str) -> bool:
        """Say whether a widget is on a page; one that no page lists is shown by no reader."""
        self.drawn_widgets.add(ref.number)
        if ref.number in self.page_of:
            return True
        if "Rect" in self.document.dictionary(ref):
            self.off_page[name] = self.off_page.get(name, 0) + 1
        return False

    def _widget(self, ref: Ref, inherited: PdfDictionary, *, merged: bool) -> Widget | None:
        node = self.document.dictionary(ref)
        rect = read_rect(self.document, node.get("Rect"))
        if rect is None:
            return None
        settings = inherited | {k: self.document.get(node[k]) for k in ("DA", "Q", "DR") if k in node}
        style = Style.of(settings.get("DA"))
        font = self.form_fonts.get(style.font)
        if font is None:
            font = self.document.dictionary(self.document.dictionary(settings.get("DR")).get("Font")).get(style.font)
        return make_widget(
            self.document,
            ref.number,
            rect,
            page=self.page_of[ref.number],
            settings=settings,
            style=style,
            merged=merged,
            font=self._font(font),
            font_ref=font,
        )

    def _font(self, value: Any) -> SimpleFont | None:
        key = value if isinstance(value, Ref) else None
        if key is None or key not in self.fonts:
            self.fonts[key] = read_font(self.document, value) if value is not None else None
        return self.fonts[key]
