"""Pages of a PDF as pictures, through pdfium."""

from __future__ import annotations

import io
import math
from contextlib import contextmanager
from ctypes import c_int
from threading import RLock
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import BROKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PIL.Image import Image

    from assistant.geometry import Rect


MAX_WIDTH = 2_400
MAX_PIXELS = 12_000_000
"""Pixels of a picture of a page: a letter page at 350 dpi has eleven million."""
MAX_SIDE = 20_000
"""Pixels of a picture's longer side."""
SHARP = 2.0
"""Pixels to a point where ink is looked for: a full stop of six points covers one."""
PROBE_DISTANCE_PX = 10_000
"""Points between those by which pixels are worked out: pdfium gives whole pixels."""
CONTRAST = 40
"""Of 255: what ink has to differ from its ground to count as seen."""
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


def only_pictures(data: bytes) -> bool:
    """Say whether something is drawn on the first page of a PDF and no letter of it is text, as on a scan.

    What stands in the fields of a form does not count.

    Raises:
        PdfError: it cannot be opened.
    """
    with held_pdf(data) as opened:
        page = opened[0] if len(opened) else None
        return (
            page is not None
            and pdfium.FPDFPage_CountObjects(page) > 0
            and not page.get_textpage().get_text_range().strip()
        )


def inked(page: pypdfium2.PdfPage, boxes: Sequence[Rect]) -> list[bool]:
    """Say of each box of a page (points) whether something is drawn there that tells itself from what is around it.

    Only the part of the page that holds the boxes is drawn, in grey, as it prints.
    """
    if not boxes:
        return []
    wide, high = page.get_width(), page.get_height()
    scale = bounded_scale(wide, high, SHARP)
    width, height = round(wide * scale), round(high * scale)
    to_pixel = _to_pixels(page, width, height)
    there = [to_pixel(box) for box in boxes]
    left, top = max(0, min(box[0] for box in there)), max(0, min(box[1] for box in there))
    right, low = min(width, max(box[2] for box in there)), min(height, max(box[3] for box in there))
    if right <= left or low <= top:
        return [False] * len(boxes)
    bitmap = pypdfium2.PdfBitmap.new_native(right - left, low - top, pdfium.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, right - left, low - top)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, -left, -top, width, height, 0, pdfium.FPDF_PRINTING)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    rows = [pixels[at : at + right - left] for at in range(0, len(pixels), stride)]
    return [_tells_itself(rows, (x0 - left, y0 - top, x1 - left, y1 - top)) for x0, y0, x1, y1 in there]


def _tells_itself(rows: Sequence[bytes], box: tuple[int, int, int, int]) -> bool:
    """Say whether a box of a grey picture holds dark and light; the middle of a letter mostly tells at once."""
    x0, y0, x1, y1 = (max(side, 0) for side in box)
    middle = (y0 + y1) // 2
    darkest, lightest = 255, 0
    for line in (*rows[middle:y1], *rows[y0:middle]):
        row = line[x0:x1]
        if row:
            darkest, lightest = min(darkest, *row), max(lightest, *row)
            if lightest - darkest >= CONTRAST:
                return True
    return False


def _to_pixels(page: pypdfium2.PdfPage, width: int, height: int) -> Callable[[Rect], tuple[int, int, int, int]]:
    """Return what gives a box in pixels from the upper left corner of the page as it is shown, a pixel wider around."""
    x, y = c_int(), c_int()
    corners = []
    for across, up in ((0, 0), (PROBE_DISTANCE_PX, 0), (0, PROBE_DISTANCE_PX)):
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1), (x2, y2) = corners
    a, b, c, d = (
        (x1 - x0) / PROBE_DISTANCE_PX,
        (y1 - y0) / PROBE_DISTANCE_PX,
        (x2 - x0) / PROBE_DISTANCE_PX,
        (y2 - y0) / PROBE_DISTANCE_PX,
    )

    def to_pixel(box: Rect) -> tuple[int, int, int, int]:
        left, low, right, high = box
        p, q = a * left + c * low + x0, b * left + d * low + y0
        r, s = a * right + c * high + x0, b * right + d * high + y0
        across, down = (p, r) if p < r else (r, p), (q, s) if q < s else (s, q)
        return int(across[0]) - 1, int(down[0]) - 1, int(across[1]) + 2, int(down[1]) + 2

    return to_pixel


def bounded_scale(width: float, height: float, scale: float) -> float:
    """Return the scale in pixels a point, or less where a page of this size in points would take too many pixels."""
    wide, high = max(width, 1.0), max(height, 1.0)
    return min(scale, math.sqrt(MAX_PIXELS / (wide * high)), MAX_SIDE / max(wide, high))


def picture_size(width: float, height: float, pixels: int) -> tuple[int, int]:
    """Return the size in pixels of the picture of a page that is to be so many pixels wide."""
    scale = _scale_to(width, height, pixels)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _scale_to(width: float, height: float, pixels: int) -> float:
    return bounded_scale(width, height, min(pixels, MAX_WIDTH) / max(width, 1))


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has.

    Raises:
        PdfError: it cannot be opened.
    """
    with held_pdf(data) as opened:
        return len(opened)


def page_png(data: bytes, page: int, *, width: int) -> bytes:
    """Return a page (from 0) as a PNG of this width in pixels, fields drawn; of a page of an odd size it is smaller.

    Raises:
        PdfError: it cannot be opened or has no such page.
    """
    with held_pdf(data) as opened:
        if not 0 <= page < len(opened):
            raise PdfError(f"The PDF has no page {page + 1}; it has {len(opened)}.")
        sheet = opened[page]
        scale = _scale_to(sheet.get_width(), sheet.get_height(), width)
        # A copy: the picture itself lies in memory of pdfium's.
        picture = sheet.render(scale=scale, may_draw_forms=True).to_pil().copy()
    file = io.BytesIO()
    picture.convert("L" if _is_grey(picture) else "RGB").save(file, "PNG", optimize=False, compress_level=6)
    return file.getvalue()


def page_part(data: bytes, page: int, part: Rect, *, width: int) -> Image:
    """Return a part of a page (from 0) as a picture of about this width in pixels, fields drawn.

    ``part`` is in points from the upper left corner of the page as it is shown.

    Raises:
        PdfError: it cannot be opened or has no such page.
    """
    with held_pdf(data) as opened:
        if not 0 <= page < len(opened):
            raise PdfError(f"The PDF has no page {page + 1}; it has {len(opened)}.")
        sheet = opened[page]
        x0, y0, x1, y1 = part
        # What is left out on each side: left, bottom, right, top.
        crop = (x0, sheet.get_height() - y1, sheet.get_width() - x1, y0)
        scale = bounded_scale(x1 - x0, y1 - y0, width / max(x1 - x0, 1.0))
        # A copy: the picture itself lies in memory of pdfium's.
        picture: Image = sheet.render(scale=scale, crop=crop, may_draw_forms=True).to_pil().copy()
        return picture


def _is_grey(picture: Image) -> bool:
    extrema = [band.getextrema() for band in picture.resize((64, 64)).split()[:3]]
    return len(extrema) < 3 or extrema[0] == extrema[1] == extrema[2]
