"""Scans made for a test: the pages of a PDF as pictures, two of them on each sheet."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

LETTER = (612.0, 792.0)
DPI = 150


def two_to_a_sheet(
    data: bytes, *, sheet: tuple[float, float] = (792, 612), turned: bool = False, pages: int = 6
) -> bytes:
    """Return a scan whose sheets (points) show two pages side by side; ``turned``: each lies on its side."""
    opened = pypdfium2.PdfDocument(data)
    opened.init_forms()
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    wide, high = (round(side / 72 * DPI) for side in sheet)
    scale = DPI / 72 * min(sheet[0] / 2 / LETTER[0], sheet[1] / LETTER[1])
    for first in range(0, min(pages, len(opened)), 2):
        picture = Image.new("L", (wide, high), 255)
        for n in range(first, min(first + 2, len(opened))):
            page = opened[n].render(scale=scale, grayscale=True, may_draw_forms=True).to_pil()
            left = (n - first) * wide // 2 + (wide // 2 - page.width) // 2
            picture.paste(page, (left, (high - page.height) // 2))
        if turned:
            picture = picture.rotate(90, expand=True)
        paper = sheet[::-1] if turned else sheet
        canvas.setPageSize(paper)
        canvas.drawImage(ImageReader(picture), 0, 0, *paper)
        canvas.showPage()
    opened.close()
    canvas.save()
    return out.getvalue()
