"""Annotations of a page, as pdfium sees them: fields with their values, notes, signatures; and its pictures."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.paint_order import read_paint_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pypdfium2

    from assistant.geometry import Rect
    from assistant.pdf.viewer.drawn_letters import DrawnLetter


MAX_MARKS = 500
MAX_OBJECTS = 20_000
MAX_DEPTH = 6
MARK_SURROUNDINGS_PT = 20.0
"""Points around a field's box in which its letters may begin, whose middle lies inside."""
KINDS = {
    pdfium.FPDF_FORMFIELD_TEXTFIELD: "Tx",
    pdfium.FPDF_FORMFIELD_SIGNATURE: "Sig",
    pdfium.FPDF_FORMFIELD_COMBOBOX: "Ch",
    pdfium.FPDF_FORMFIELD_LISTBOX: "Ch",
    pdfium.FPDF_FORMFIELD_CHECKBOX: "Btn",
    pdfium.FPDF_FORMFIELD_RADIOBUTTON: "Btn",
    pdfium.FPDF_FORMFIELD_PUSHBUTTON: "Btn",
}
NOTES = {
    pdfium.FPDF_ANNOT_TEXT: "Text",
    pdfium.FPDF_ANNOT_FREETEXT: "FreeText",
    pdfium.FPDF_ANNOT_LINE: "Line",
    pdfium.FPDF_ANNOT_SQUARE: "Square",
    pdfium.FPDF_ANNOT_CIRCLE: "Circle",
    pdfium.FPDF_ANNOT_HIGHLIGHT: "Highlight",
    pdfium.FPDF_ANNOT_UNDERLINE: "Underline",
    pdfium.FPDF_ANNOT_SQUIGGLY: "Squiggly",
    pdfium.FPDF_ANNOT_STRIKEOUT: "StrikeOut",
    pdfium.FPDF_ANNOT_STAMP: "Stamp",
    pdfium.FPDF_ANNOT_CARET: "Caret",
    pdfium.FPDF_ANNOT_INK: "Ink",
    pdfium.FPDF_ANNOT_FILEATTACHMENT: "FileAttachment",
}
HIDDEN, PRINTED, NO_VIEW = 2, 4, 32
_SIZE = re.compile(r"/\S+\s+(-?[\d.]+)\s+Tf")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMark:
    """An annotation: a field's widget (kind Tx, Sig, Btn, Ch) or a note (FreeText, Ink, Highlight …)."""

    kind: str
    rect: Rect
    name: str = ""
    text: str = ""
    """A field's value, a note's contents, or what a signature shows."""
    size: float = 0.0
    """The size in points at which its text is drawn, 0 where it is sized to its box and has no appearance yet."""
    fixed: float = 0.0
    """The fixed size that a field asks for, 0 for an auto-sized one."""
    has_appearance: bool = False
    """Whether it has an appearance."""
    printed: bool = True
    multiline: bool = False
    signed: bool = False
    drawn_text: str | None = None
    """What a field's appearance draws, which need not be its value; None where it has none, or it was not looked at."""

    @property
    def is_field(self) -> bool:
        """Say whether this is a field's widget."""
        return self.kind in {"Tx", "Sig", "Btn", "Ch"}


def read_marks(opened: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[PageMark]:
    """Return the annotations of a page that a reader sees, in page coordinates."""
    form = opened.formenv.raw if opened.formenv else None
    return [mark for annotation in annotations_of(page) if (mark := _mark(form, annotation))]


def annotations_of(page: pypdfium2.PdfPage) -> Iterator[Any]:
    """Yield pdfium's handle of each annotation of a page, up to ``MAX_MARKS``; it is closed when the next is asked."""
    for n in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MAX_MARKS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, n)
        if not annotation:
            continue
        try:
            yield annotation
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def visible_rect(annotation: Any) -> Rect | None:
    """Return an annotation's box with its lower left corner first; None where a reader does not show it."""
    box = pdfium.FS_RECTF()
    if pdfium.FPDFAnnot_GetFlags(annotation) & (HIDDEN | NO_VIEW) or not pdfium.FPDFAnnot_GetRect(annotation, box):
        return None
    return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top)


def appearance_text(annotation: Any) -> str:
    """Return what draws an annotation: its normal appearance, as PDF operators; empty where it has none."""
    mode = pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    return annotation_text(lambda buffer, size: pdfium.FPDFAnnot_GetAP(annotation, mode, buffer, size))


def _mark(form: Any, annotation: Any) -> PageMark | None:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    flags = pdfium.FPDFAnnot_GetFlags(annotation)
    rect = visible_rect(annotation)
    if rect is None:
        return None
    appearance = appearance_text(annotation)
    sizes = sorted(abs(float(size_text)) for size_text in _SIZE.findall(appearance))
    least = sizes[0] if sizes else 0.0
    if kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
        field_flags = pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation)
        style = _SIZE.search(annotation_text(lambda b, s: pdfium.FPDFAnnot_GetStringValue(annotation, b"DA", b, s)))
        size = ctypes.c_float()
        pdfium.FPDFAnnot_GetFontSize(form, annotation, size)
        return PageMark(
            kind=KINDS.get(pdfium.FPDFAnnot_GetFormFieldType(form, annotation), "Btn"),
            rect=rect,
            name=annotation_text(lambda b, s: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, b, s)),
            text=annotation_text(lambda b, s: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, b, s)),
            size=least,
            fixed=abs(float(style[1])) if style else abs(size.value),
            has_appearance=bool(appearance.strip()),
            printed=bool(flags & PRINTED),
            multiline=bool(field_flags & (1 << 12)),
            signed=bool(pdfium.FPDFAnnot_HasKey(annotation, b"V")),
        )
    if kind not in NOTES:
        return None
    text = annotation_text(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    return PageMark(
        kind=NOTES[kind],
        rect=rect,
        text=text,
        size=min(sizes, default=0.0),
        has_appearance=bool(appearance),
        printed=bool(flags & PRINTED),
    )


def with_drawn_text(
    opened: pypdfium2.PdfDocument, page: int, page_marks: Sequence[PageMark], numbers: Sequence[int]
) -> list[PageMark]:
    """Return the marks, the chosen ones with the text that their appearance draws (a signature has no other)."""
    sheet = opened[page]
    pdfium.FPDFPage_Flatten(sheet.raw, pdfium.FLAT_NORMALDISPLAY)
    sheet.close()
    text = opened[page].get_textpage()
    marks = list(page_marks)
    for n in numbers:
        left, bottom, right, top = page_marks[n].rect
        drawn_text = text.get_text_bounded(left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1)
        marks[n] = replace(page_marks[n], text=" ".join(drawn_text.replace("_", " ").split()))
    text.close()
    return marks


def with_drawn_values(
    opened: pypdfium2.PdfDocument, page: int, page_marks: Sequence[PageMark], letters: Iterable[DrawnLetter]
) -> list[PageMark]:
    """Return the marks, the text fields with what their appearance draws: that alone stands on paper.

    The page's annotations become part of it, in memory only; what is drawn in a field's box then, and is none of the
    letters that the page has without them, is the field's.
    """
    numbers = [n for n, mark in enumerate(page_marks) if mark.kind in {"Tx", "Ch"} and mark.has_appearance]
    if not numbers:
        return list(page_marks)
    sheet = opened[page]
    before = {_place(letter) for letter in letters}
    flat = pdfium.FPDFPage_Flatten(sheet.raw, pdfium.FLAT_NORMALDISPLAY)
    sheet.close()
    if flat != pdfium.FLATTEN_SUCCESS:
        return list(page_marks)
    sheet = opened[page]
    boxes = [
        (x0 - MARK_SURROUNDINGS_PT, y0 - MARK_SURROUNDINGS_PT, x1 + MARK_SURROUNDINGS_PT, y1 + MARK_SURROUNDINGS_PT)
        for x0, y0, x1, y1 in (page_marks[n].rect for n in numbers)
    ]
    text = [x for x, *_ in letters_of(sheet, read_paint_order(sheet), boxes) if _place(x) not in before]
    marks = list(page_marks)
    for n in numbers:
        left, bottom, right, top = page_marks[n].rect
        inside = [
            letter.text if letter.text.isprintable() else " "
            for letter in text
            if left - 1 <= (letter.x0 + letter.x1) / 2 <= right + 1
            and bottom - 1 <= (letter.y0 + letter.y1) / 2 <= top + 1
            and not letter.hidden
        ]
        marks[n] = replace(page_marks[n], drawn_text=" ".join("".join(inside).split()))
    return marks


def _place(letter: DrawnLetter) -> tuple[str, int, int]:
    return letter.text, round(letter.x * 10), round(letter.y * 10)


def covered(page: pypdfium2.PdfPage) -> tuple[float, list[Rect]]:
    """Return which part of a page its pictures cover, 0 to 1, and their boxes."""
    left, bottom, right, top = page.get_cropbox(fallback_ok=True)
    area = max((right - left) * (top - bottom), 1.0)
    pictures = list(_pictures(page))
    total = 0.0
    for x0, y0, x1, y1 in pictures:
        total += max(min(x1, right) - max(x0, left), 0.0) * max(min(y1, top) - max(y0, bottom), 0.0)
    return min(total / area, 1.0), pictures


def _pictures(page: pypdfium2.PdfPage) -> Iterator[Rect]:
    """Yield the box of each picture."""
    for n, item in enumerate(page.get_objects(max_depth=MAX_DEPTH)):
        if n > MAX_OBJECTS:
            return
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            yield item.get_bounds()


def annotation_text(call: Callable[[Any, int], int]) -> str:
    """Return a text that pdfium hands over in two calls: how long, then the UTF-16 itself."""
    length = call(None, 0)
    if not 2 < length < 1_000_000:  # two bytes are the zero at the end
        return ""
    buffer = ctypes.create_string_buffer(length)
    call(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
