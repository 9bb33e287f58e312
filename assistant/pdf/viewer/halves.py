"""Sheets cut in two: a scan may show two pages of a document side by side on each sheet of paper."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.render import held_pdf

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

SHORT, LONG = 612.0, 792.0
"""Points: the sides of a letter page."""
PIXELS = 1_275
"""The short side of the picture of each half: 150 to an inch of a letter page."""
HALF = (0.6, 0.95)
"""The short side of half a sheet by its long one: 0.65 for half a letter page, 0.71 for A4, 0.77 for a letter page."""


def halve_sheets(data: bytes, *, most: int) -> bytes | None:
    """Return a PDF with a picture of each half of the first ``most`` sheets, at the size of a letter page.

    Pages printed two to a sheet fill the short side of their half and stand in the middle of the long one. None where
    the halves of a sheet have not the shape of a page, so that it cannot show two of them.

    Raises:
        PdfError: it cannot be opened.
    """
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    with held_pdf(data) as opened:
        for number in range(min(most, len(opened))):
            halves = _halves(opened[number])
            if not halves:
                return None
            for half in halves:
                upright = half.height >= half.width
                paper = (SHORT, LONG) if upright else (LONG, SHORT)
                scale = SHORT / min(half.size)
                wide, high = half.width * scale, half.height * scale
                canvas.setPageSize(paper)
                canvas.drawImage(ImageReader(half), (paper[0] - wide) / 2, (paper[1] - high) / 2, wide, high)
                canvas.showPage()
    canvas.save()
    return out.getvalue()


def _halves(page: pypdfium2.PdfPage) -> tuple[Image, ...]:
    """Return both halves of a sheet as it is shown, cut across its long side; none where they are no pages."""
    wide, high = page.get_width(), page.get_height()
    across, down = (wide / 2, high) if wide >= high else (wide, high / 2)
    if not HALF[0] <= min(across, down) / max(across, down, 1.0) <= HALF[1]:
        return ()
    scale = PIXELS / min(across, down)
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil().convert("L")
    right, low = picture.width, picture.height
    if wide >= high:
        return picture.crop((0, 0, right // 2, low)), picture.crop((right // 2, 0, right, low))
    return picture.crop((0, 0, right, low // 2)), picture.crop((0, low // 2, right, low))
