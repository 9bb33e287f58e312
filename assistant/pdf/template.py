"""An official form, compiled: parsed once, its fields, boxes and fonts worked out, ready to be filled many times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.errors import PdfError
from assistant.pdf.actions import ActiveContent, active_content, all_streams_whole
from assistant.pdf.document import Document
from assistant.pdf.fields import VALUE, Field, Page, Style, Widget, joined, make_widget, read_rect
from assistant.pdf.font import SimpleFont, read_font
from assistant.pdf.limits import Limits, read_limits
from assistant.pdf.measure import measure_in, tightest
from assistant.pdf.syntax import BROKEN, Ref, read_text_string, write_object

if TYPE_CHECKING:
    from assistant.pdf.layout import Fit

MAX_PAGES = 2_000
MAX_FIELDS = 20_000
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
    acroform_dictionary: dict[str, Any]
    xfa: bool
    twins: tuple[Field, ...] = ()
    """Fields that have the name of another one and could not be filled with it: nothing is written there."""

    @property
    def kind(self) -> str:
        """Return what it is: "acroform", "flat" or "xfa"."""
        return "xfa" if self.xfa else "acroform" if self.fields else "flat"

    @cached_property
    def trailer(self) -> bytes:
        """Return the entries that every update's trailer repeats.

        /XRefStm is one: some readers look up what a hybrid file hides only through the newest trailer.
        """
        kept = {k: v for k, v in self.document.trailer.items() if k in {"Root", "Info", "Encrypt", "XRefStm"}}
        return write_object(kept)[2:-2]

    @cached_property
    def first_id(self) -> bytes:
        """Return the file's permanent identifier (14.4) as written, empty where it has none.

        The key of an encrypted file hangs on it: such a file without one gets none later.
        """
        found = self.document.array(self.document.trailer.get("ID"))
        none = b"<>" if self.document.encryption else b""
        return write_object(found[0]) if found and isinstance(found[0], bytes) else none

    @cached_property
    def first_free(self) -> int:
        """Return the number after the last object of the file."""
        size = self.document.trailer.get("Size")
        size = size if isinstance(size, int) and size <= MAX_NUMBER else 0
        return max(size, max(self.document.offsets) + 1)

    @cached_property
    def heads(self) -> dict[int, bytes]:
        """Return what a fill writes of each field and widget before its value, by number."""
        found = {field.number: field.head for field in self.fields.values()}
        return found | {widget.number: widget.head for field in self.fields.values() for widget in field.widgets}

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
        """Say whether readers are told to draw every field anew on opening, whatever look it has (/NeedAppearances)."""
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
        chosen = field.widgets if widgets is None else [field.widgets[n] for n in widgets]
        return tightest([measure_in(w.box, text, w.font) for w in chosen])


def compile_template(data: bytes) -> Template:
    """Return a PDF form ready to be filled; the last sixteen are kept.

    A form is known again by its length and its end, and then compared byte by byte: that costs a tenth of a hash.

    Raises:
        PdfError: it cannot be read safely; the message says what to do.
    """
    key = (len(data), data[-1024:])
    known = _compiled.get(key)
    if known is None or known.data != data:
        known = compile_anew(data)
        while len(_compiled) >= KEPT_TEMPLATES:
            _compiled.pop(next(iter(_compiled)), None)
        _compiled[key] = known
    return known


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


KEPT_TEMPLATES = 16
_compiled: dict[tuple[int, bytes], Template] = {}


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
        of_page = {page.ref.number: n for n, page in enumerate(pages)}
        self.page_of: dict[int, int] = {}
        left = MAX_FIELDS
        for n, page in enumerate(pages):
            annotations = self.document.array(page.dictionary.get("Annots"))
            left -= len(annotations)
            if left < 0:
                raise PdfError("The PDF holds more than 20,000 notes and fields; get the form itself, without them.")
            for annotation in annotations:
                if isinstance(annotation, Ref):
                    self.page_of.setdefault(annotation.number, n)
        self.of_page = of_page
        self.fields: dict[str, Field] = {}
        self.twins: tuple[Field, ...] = ()
        self.seen: set[int] = set()
        for ref in self.document.array(self.form.get("Fields")):
            self._walk(ref, "", {"DA": self.form.get("DA"), "Q": self.form.get("Q")})
        return Template(
            data=data,
            document=self.document,
            pages=tuple(pages),
            fields=self.fields,
            acroform=self.form_ref,
            acroform_dictionary=self.form,
            xfa="XFA" in self.form,
            twins=self.twins,
        )

    def _pages(self) -> list[Page]:
        found: list[Page] = []
        seen: set[int] = set()
        inheritable = ("Resources", "MediaBox", "CropBox", "Rotate")

        def walk(ref: Any, inherited: dict[str, Any], depth: int) -> None:
            if depth > 50 or len(found) > MAX_PAGES or not isinstance(ref, Ref) or ref.number in seen:  # noqa: PLR2004
                raise PdfError(BROKEN)
            seen.add(ref.number)
            node = self.document.dictionary(ref)
            inherited = inherited | {key: node[key] for key in inheritable if key in node}
            if "Kids" in node:
                for kid in self.document.array(node["Kids"]):
                    walk(kid, inherited, depth + 1)
            elif node:
                found.append(self._page(ref, node, inherited))

        walk(self.document.root.get("Pages"), {}, 0)
        return found

    def _page(self, ref: Ref, node: dict[str, Any], inherited: dict[str, Any]) -> Page:
        box = read_rect(self.document, inherited.get("CropBox") or inherited.get("MediaBox")) or LETTER_PAPER
        rotate = self.document.get(inherited.get("Rotate")) or 0
        # Readers turn a page by quarters; what is beyond the last whole one they leave out.
        return Page(ref, box, int(rotate) // 90 * 90 % 360, node, self.document.dictionary(inherited.get("Resources")))

    def _walk(self, ref: Any, prefix: str, inherited: dict[str, Any]) -> None:
        if not isinstance(ref, Ref) or ref.number in self.seen or len(self.seen) > MAX_FIELDS:
            return
        self.seen.add(ref.number)
        node = self.document.dictionary(ref)
        own = read_text_string(self.document.get(node.get("T")))
        name = f"{prefix}.{own}" if prefix and own else own or prefix
        inherited = inherited | {
            k: self.document.get(node[k]) for k in ("FT", "Ff", "DA", "Q", "MaxLen", "V", "DV", "DR") if k in node
        }
        kids = [k for k in self.document.array(node.get("Kids")) if isinstance(k, Ref)]
        named = [k for k in kids if "T" in self.document.dictionary(k)]
        for kid in named:
            self._walk(kid, name, inherited)
        if named or not inherited.get("FT"):
            return
        merged = not kids
        widgets = [self._widget(kid, inherited, merged=merged) for kid in kids or [ref]]
        value, default = (self.document.get(inherited.get(key)) for key in ("V", "DV"))
        made = Field(
            name=name,
            number=ref.number,
            kind=str(inherited["FT"]),
            flags=int(inherited.get("Ff") or 0),
            value=read_text_string(value) if isinstance(value, bytes | str) else "",
            dictionary=node,
            settings={k: inherited[k] for k in _SETTINGS if inherited.get(k) is not None},
            widgets=tuple(w for w in widgets if w is not None),
            fonts=frozenset(w.font for w in widgets if w is not None),
            head=b"%d 0 obj\n" % ref.number + write_object({k: v for k, v in node.items() if k not in VALUE})[:-2],
            default=read_text_string(default) if isinstance(default, bytes | str) else "",
        )
        whole = joined(self.fields[name], made) if name in self.fields else made
        self.fields[name] = whole or self.fields[name]
        self.twins += () if whole else (made,)

    def _widget(self, ref: Ref, inherited: dict[str, Any], *, merged: bool) -> Widget | None:
        node = self.document.dictionary(ref)
        rect = read_rect(self.document, node.get("Rect"))
        if rect is None:
            return None
        settings = inherited | {k: self.document.get(node[k]) for k in ("DA", "Q", "DR") if k in node}
        style = Style.of(settings.get("DA"))
        font = self.form_fonts.get(style.font)
        if font is None:
            font = self.document.dictionary(self.document.dictionary(settings.get("DR")).get("Font")).get(style.font)
        owner = node.get("P")
        page = self.page_of.get(ref.number, self.of_page.get(owner.number, 0) if isinstance(owner, Ref) else 0)
        return make_widget(
            self.document,
            ref.number,
            rect,
            page=page,
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
