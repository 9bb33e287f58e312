"""Pages of a PDF as pictures, through pdfium."""

from __future__ import annotations

import io

import pypdfium2

from assistant.errors import PdfError
from assistant.pdf.syntax import BROKEN

MAX_WIDTH = 2_400


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Return a PDF opened in pdfium, fields included.

    Raises:
        PdfError: it cannot be opened.
    """
    try:
        opened = pypdfium2.PdfDocument(data)
        opened.init_forms()
    except pypdfium2.PdfiumError:
        raise PdfError(BROKEN) from None
    return opened


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has.

    Raises:
        PdfError: it cannot be opened.
    """
    opened = open_pdf(data)
    try:
        return len(opened)
    finally:
        opened.close()


def page_png(data: bytes, page: int, *, width: int) -> bytes:
    """Return a page (from 0) as a PNG of this width in pixels, fields drawn.

    Raises:
        PdfError: it cannot be opened or has no such page.
    """
    opened = open_pdf(data)
    try:
        if not 0 <= page < len(opened):
            raise PdfError(f"The PDF has no page {page + 1}; it has {len(opened)}.")
        sheet = opened[page]
        scale = min(width, MAX_WIDTH) / max(sheet.get_width(), 1)
        picture = sheet.render(scale=scale, may_draw_forms=True).to_pil()
        file = io.BytesIO()
        picture.convert("L" if _is_grey(picture) else "RGB").save(file, "PNG", optimize=False, compress_level=6)
        return file.getvalue()
    finally:
        opened.close()


def _is_grey(picture: object) -> bool:
    extrema = [band.getextrema() for band in picture.resize((64, 64)).split()[:3]]  # type: ignore[attr-defined]
    return len(extrema) < 3 or extrema[0] == extrema[1] == extrema[2]  # noqa: PLR2004
