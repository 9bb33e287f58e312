"""Fields that are on a page and belong to no form: what is left where pages were copied without the form itself.

Their entries and appearances are in the file. Some readers draw them and others, pdfium among them, draw nothing, so
that what a person sees depends on the program (ISO 32000-2, 12.7.3: the fields of a document are those of /AcroForm).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from assistant.pdf.viewer.drawn_words import rect_turned, turner
from assistant.pdf.viewer.marks import annotation_text, annotations_of, appearance_text, visible_rect
from assistant.pdf.viewer.render import held_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPage

_DRAWS = re.compile(r"(?<![^\s\])>])(?:Tj|TJ|Do|'|\")(?!\S)")
"""What draws letters, or another appearance, in the content of an appearance (ISO 32000-2, 9.4.3 and 8.8)."""


@dataclass(frozen=True, slots=True)
class LooseWidget:
    """A field's widget without a form: its box in points, as ``ViewedPage`` counts them, and whether it is filled."""

    rect: Rect
    filled: bool


def read_loose_widgets(data: bytes, pages: Iterable[ViewedPage]) -> dict[int, list[LooseWidget]]:
    """Return the widgets that belong to no form, by the page's number from 1; none where the file has a form.

    Raises:
        PdfError: pdfium cannot open the file.
    """
    with held_pdf(data) as opened:
        if opened.formenv is not None:
            return {}
        widgets_by_page = {}
        for viewed in pages:
            page = opened[viewed.number - 1]
            turned = turner(page.get_cropbox(fallback_ok=True), (viewed.turn + viewed.sideways) % 360)
            widgets = [widget for annotation in annotations_of(page) if (widget := _read_widget(annotation, turned))]
            if widgets:
                widgets_by_page[viewed.number] = widgets
        return widgets_by_page


def _read_widget(annotation: object, turned: Callable[[float, float], tuple[float, float]]) -> LooseWidget | None:
    if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET:
        return None
    rect = visible_rect(annotation)
    if rect is None:
        return None
    value = annotation_text(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"V", buffer, size))
    filled = bool(value.strip()) or bool(_DRAWS.search(appearance_text(annotation)))
    return LooseWidget(rect_turned(rect, turned), filled)
