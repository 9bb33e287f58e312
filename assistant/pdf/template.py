"""An official form, compiled: parsed once, its fields, boxes and fonts worked out, ready to be filled many times."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.errors import PdfError
from assistant.pdf import truetype
from assistant.pdf.actions import ActiveContent, active_content
from assistant.pdf.document import Document
from assistant.pdf.font import SimpleFont, core_font, drawn_form, read_font
from assistant.pdf.layout import Box, Fit, fit
from assistant.pdf.syntax import BROKEN, Ref, read_text_string, write_object

MAX_PAGES = 2_000
MAX_FIELDS = 20_000
READ_ONLY, REQUIRED = 1, 2
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24
PRINT = 4
_DA_FONT = re.compile(rb"/([^\s/<>\[\]()]+)\s+(-?[\d.]+)\s+Tf")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it is, its visible box, its turn, and what it inherits."""

    ref: Ref
    box: tuple[float, float, float, float]
    rotate: int
    dictionary: dict[str, Any]
    resources: dict[str, Any]
    """With fonts and procedures inherited from above, references kept."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A field's place on a page: everything a fill needs, but for the text."""

    number: int
    page: int
    """From 0."""
    rect: tuple[float, float, float, float]
    box: Box
    dictionary: dict[str, Any]
    head: bytes
    """Its object up to where /V and /AP go, Print flag set."""
    font: SimpleFont | None
    resource: bytes
    """The form font's resource entry, for the appearance stream."""
    appearance: bytes
    """The appearance stream's dictionary but for its length and fonts."""
    start: bytes
    """The appearance stream up to the font operator: background, clipping."""
    font_name: bytes
    colour: bytes
    turn: int
    flags: int
    printed: bool
    """Whether the Print flag was set in the file."""
    merged: bool
    """Whether field and widget are one object."""


@dataclass(frozen=True, slots=True)
class Field:
    """An AcroForm field that ends a branch: its full name and its widgets."""

    name: str
    number: int
    kind: str
    """Tx, Sig, Btn or Ch."""
    flags: int
    value: str
    dictionary: dict[str, Any]
    widgets: tuple[Widget, ...]
    head: bytes
    """Its object up to where /V goes (a field with widgets of its own)."""


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

    @property
    def kind(self) -> str:
        """Return what it is: "acroform", "flat" or "xfa"."""
        return "xfa" if self.xfa else "acroform" if self.fields else "flat"

    @cached_property
    def trailer(self) -> bytes:
        """Return the entries that every update's trailer repeats: /Root and /Info."""
        kept = {k: v for k, v in self.document.trailer.items() if k in {"Root", "Info"}}
        return write_object(kept)[2:-2]

    @cached_property
    def first_id(self) -> bytes:
        """Return the file's permanent identifier (14.4) as written, empty where it has none."""
        found = self.document.array(self.document.trailer.get("ID"))
        return write_object(found[0]) if found and isinstance(found[0], bytes) else b""

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def active(self) -> ActiveContent:
        """Return the scripts and other active content that the file carries."""
        return active_content(self.document)

    def measure(self, name: str, text: str, widgets: tuple[int, ...] | None = None) -> Fit:
        """Return how a text fits into a field: its tightest widget (of those given) decides.

        Raises:
            KeyError: there is no such field.
        """
        field = self.fields[name]
        chosen = field.widgets if widgets is None else [field.widgets[n] for n in widgets]
        return tightest([measure_in(w.box, text, w.font) for w in chosen])


def tightest(fits: list[Fit]) -> Fit:
    """Return the fit that is worst off: a clipped one first, then the smallest size."""
    return min(fits, key=lambda f: (not f.clipped, not f.missing, f.size))


def measure_in(box: Box, text: str, font: SimpleFont | None) -> Fit:
    """Return how a text fits into a box, written with the form's font or the embedded one."""
    drawn = drawn_form(text)
    if font is not None and font.can_write(drawn):
        return fit(box, drawn, font.width)
    embedded = truetype.fallback()
    if missing := embedded.missing(drawn):
        return Fit(box.best_size, clipped=True, best_size=box.best_size, missing=missing)
    return fit(box, drawn, embedded.width)


def measure_flat(box: Box, text: str) -> Fit:
    """Return how a text fits into a rectangle of a flat page."""
    return measure_in(box, text, core_font())


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
        for n, page in enumerate(pages):
            for annotation in self.document.array(page.dictionary.get("Annots")):
                if isinstance(annotation, Ref):
                    self.page_of.setdefault(annotation.number, n)
        self.of_page = of_page
        self.fields: dict[str, Field] = {}
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
        )

    def _pages(self) -> list[Page]:
        found: list[Page] = []
        seen: set[int] = set()
        inheritable = ("Resources", "MediaBox", "CropBox", "Rotate")

        def walk(ref: Any, inherited: dict[str, Any], depth: int) -> None:  # noqa: ANN401 - any PDF object
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
        box = self._rect(inherited.get("CropBox") or inherited.get("MediaBox")) or (0.0, 0.0, 612.0, 792.0)
        rotate = self.document.get(inherited.get("Rotate")) or 0
        return Page(ref, box, int(rotate) % 360, node, self.document.dictionary(inherited.get("Resources")))

    def _rect(self, value: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401 - any PDF object
        numbers = [self.document.get(n) for n in self.document.array(value)]
        if len(numbers) != 4 or not all(isinstance(n, int | float) for n in numbers):  # noqa: PLR2004 - a rectangle
            return None
        x0, y0, x1, y1 = map(float, numbers)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _walk(self, ref: Any, prefix: str, inherited: dict[str, Any]) -> None:  # noqa: ANN401 - any PDF object
        if not isinstance(ref, Ref) or ref.number in self.seen or len(self.seen) > MAX_FIELDS:
            return
        self.seen.add(ref.number)
        node = self.document.dictionary(ref)
        own = read_text_string(self.document.get(node.get("T")))
        name = f"{prefix}.{own}" if prefix and own else own or prefix
        inherited = inherited | {k: self.document.get(node[k]) for k in ("FT", "Ff", "DA", "Q", "MaxLen", "V", "DR") if k in node}
        kids = [k for k in self.document.array(node.get("Kids")) if isinstance(k, Ref)]
        named = [k for k in kids if "T" in self.document.dictionary(k)]
        for kid in named:
            self._walk(kid, name, inherited)
        if named or not inherited.get("FT"):
            return
        merged = not kids
        widgets = [self._widget(kid, inherited, merged=merged) for kid in kids or [ref]]
        value = self.document.get(inherited.get("V"))
        self.fields[name] = Field(
            name=name,
            number=ref.number,
            kind=str(inherited["FT"]),
            flags=int(inherited.get("Ff") or 0),
            value=read_text_string(value) if isinstance(value, bytes | str) else "",
            dictionary=node,
            widgets=tuple(w for w in widgets if w is not None),
            head=b"%d 0 obj\n" % ref.number + write_object({k: v for k, v in node.items() if k != "V"})[:-2],
        )

    def _widget(self, ref: Ref, inherited: dict[str, Any], *, merged: bool) -> Widget | None:
        node = self.document.dictionary(ref)
        rect = self._rect(node.get("Rect"))
        if rect is None:
            return None
        look = self.document.dictionary(node.get("MK"))
        turn = int(self.document.get(look.get("R")) or 0) % 360
        width, height = rect[2] - rect[0], rect[3] - rect[1]
        across, up = (height, width) if turn in {90, 270} else (width, height)
        kept = {k: self.document.get(node[k]) for k in ("DA", "Q", "DR") if k in node}
        settings = inherited | kept
        style = settings.get("DA") or b"/Helv 0 Tf 0 g"
        match = _DA_FONT.search(style) if isinstance(style, bytes) else None
        font_name, size = (match[1], float(match[2])) if match else (b"Helv", 0.0)
        font_ref = self.form_fonts.get(font_name.decode("latin-1"))
        if font_ref is None:
            font_ref = self.document.dictionary(self.document.dictionary(settings.get("DR")).get("Font")).get(font_name.decode("latin-1"))
        flags = int(inherited.get("Ff") or 0)
        limit = int(inherited.get("MaxLen") or 0)
        flag = int(self.document.get(node.get("F")) or 0)
        fresh = {k: v for k, v in node.items() if k not in {"V", "AP", "AS"}} if merged else {k: v for k, v in node.items() if k != "AP"}
        fresh["F"] = flag | PRINT
        edge = _edge(self.document, node)
        return Widget(
            number=ref.number,
            page=self.page_of.get(ref.number, self.of_page.get(node["P"].number, 0) if isinstance(node.get("P"), Ref) else 0),
            rect=rect,
            box=Box(
                across,
                up,
                size=abs(size),
                align=int(settings.get("Q") or 0),
                multiline=bool(flags & MULTILINE),
                comb=limit if flags & COMB and not flags & (MULTILINE | PASSWORD) else 0,
                limit=limit,
            ),
            dictionary=node,
            head=b"%d 0 obj\n" % ref.number + write_object(fresh)[:-2],
            font=self._font(font_ref),
            resource=b"/%s %s" % (font_name, write_object(font_ref)) if font_ref is not None else b"",
            appearance=_appearance_head(across, up, turn),
            start=_background(self.document, look, across, up, edge) + b"/Tx BMC q 1 1 %.2f %.2f re W n BT " % (across - 2, up - 2),
            font_name=font_name,
            colour=_DA_FONT.sub(b"", style).strip() if match else b"0 g",
            turn=turn,
            flags=flag,
            printed=bool(flag & PRINT),
            merged=merged,
        )

    def _font(self, value: Any) -> SimpleFont | None:  # noqa: ANN401 - any PDF object
        key = value if isinstance(value, Ref) else None
        if key is None or key not in self.fonts:
            self.fonts[key] = read_font(self.document, value) if value is not None else None
        return self.fonts[key]


def _appearance_head(width: float, height: float, turn: int) -> bytes:
    matrix = {90: b"/Matrix[0 1 -1 0 %.4f 0]" % height, 180: b"/Matrix[-1 0 0 -1 %.4f %.4f]" % (width, height), 270: b"/Matrix[0 -1 1 0 0 %.4f]" % width}
    return b"<</Type/XObject/Subtype/Form/BBox[0 0 %.4f %.4f]%s/Resources<</Font<<" % (width, height, matrix.get(turn, b""))


def _edge(document: Document, node: dict[str, Any]) -> float:
    width = document.get(document.dictionary(node.get("BS")).get("W"))
    return float(width) if isinstance(width, int | float) else 1.0


def _background(document: Document, look: dict[str, Any], width: float, height: float, edge: float) -> bytes:
    """Return the operators for the field's own background and border (/MK /BG, /BC)."""
    fill, stroke = (_colour(document.array(look.get(key)), words) for key, words in (("BG", (b"g", b"rg", b"k")), ("BC", (b"G", b"RG", b"K"))))
    drawn = b""
    if fill:
        drawn += b"q %s 0 0 %.2f %.2f re f Q " % (fill, width, height)
    if stroke and edge:
        drawn += b"q %s %.2f w %.2f %.2f %.2f %.2f re S Q " % (stroke, edge, edge / 2, edge / 2, width - edge, height - edge)
    return drawn


def _colour(numbers: list[Any], words: tuple[bytes, bytes, bytes]) -> bytes:
    word = {1: words[0], 3: words[1], 4: words[2]}.get(len(numbers))
    return b" ".join(b"%.4g" % n for n in numbers if isinstance(n, int | float)) + b" " + word if word else b""
