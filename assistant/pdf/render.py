"""Pages of a PDF as pictures, through pdfium."""

from __future__ import annotations

import io
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

import pypdfium2

from assistant.errors import PdfError
from assistant.pdf.syntax import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WIDTH = 2_400
_PDFIUM = RLock()
"""Held from opening a file to closing it: pdfium keeps state of its own and is not safe for threads."""


def hold_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Return a PDF opened in pdfium, fields included; no other thread gets at pdfium until ``let_go``.

    Raises:
        PdfError: it cannot be opened.
    """
    _PDFIUM.acquire()
    try:
        opened = pypdfium2.PdfDocument(data)
        opened.init_forms()
    except pypdfium2.PdfiumError:
        _PDFIUM.release()
        raise PdfError(BROKEN) from None
    except BaseException:
        _PDFIUM.release()
        raise
    return opened


def let_go(opened: pypdfium2.PdfDocument) -> None:
    """Close a PDF, its pages first, and let other threads at pdfium."""
    try:
        opened.close()
    finally:
        _PDFIUM.release()


@contextmanager
def held_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Yield a PDF opened in pdfium, as ``hold_pdf`` does, and let go of it.

    Raises:
        PdfError: it cannot be opened.
    """
    opened = hold_pdf(data)
    try:
        yield opened
    finally:
        let_go(opened)


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has.

    Raises:
        PdfError: it cannot be opened.
    """
    with held_pdf(data) as opened:
        return len(opened)


def page_png(data: bytes, page: int, *, width: int) -> bytes:
    """Return a page (from 0) as a PNG of this width in pixels, fields drawn.

    Raises:
        PdfError: it cannot be opened or has no such page.
    """
    with held_pdf(data) as opened:
        if not 0 <= page < len(opened):
            raise PdfError(f"The PDF has no page {page + 1}; it has {len(opened)}.")
        sheet = opened[page]
        scale = min(width, MAX_WIDTH) / max(sheet.get_width(), 1)
        # A copy: the picture itself lies in memory of pdfium's.
        picture = sheet.render(scale=scale, may_draw_forms=True).to_pil().copy()
    file = io.BytesIO()
    picture.convert("L" if _is_grey(picture) else "RGB").save(file, "PNG", optimize=False, compress_level=6)
    return file.getvalue()


def _is_grey(picture: object) -> bool:
    extrema = [band.getextrema() for band in picture.resize((64, 64)).split()[:3]]  # type: ignore[attr-defined]
    return len(extrema) < 3 or extrema[0] == extrema[1] == extrema[2]  # noqa: PLR2004
