"""Pictures of a form's pages with the proposed blanks drawn over them, each with its number."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from PIL import Image, ImageDraw, ImageFont

from assistant.editions.catalog import Entry
from assistant.pdf.viewer.render import page_png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.geometry import Rect
    from assistant.mapping.drafts import DraftRow
    from assistant.pdf.form.template import Template

PICTURE_WIDTH_PX = 1000  # px


class ShownPage(Protocol):
    """A page: its visible box in points, and by how many degrees it is shown turned."""

    @property
    def box(self) -> Rect:
        """Return its box."""

    @property
    def rotate(self) -> int:
        """Return its turn."""


_INK = {"filled": (0, 94, 162), "empty": (86, 92, 101), "ice": (181, 9, 9), "unknown": (156, 61, 16)}
_TAG = 15  # px, the height of a number


def page_pictures(template: Template, rows: Sequence[DraftRow]) -> dict[str, bytes]:
    """Return a PNG for each page that has a blank, by file name ("page-01.png").

    Blue is filled, grey stays empty, red is ICE's, brown is not mapped.

    Raises:
        PdfError: the PDF cannot be drawn.
    """
    pages = sorted({page for row in rows for page, _ in row.places})
    return {f"page-{page:02}.png": _picture(template, page, rows) for page in pages}


def _picture(template: Template, page: int, rows: Sequence[DraftRow]) -> bytes:
    picture = Image.open(BytesIO(page_png(template.drawable, page - 1, width=PICTURE_WIDTH_PX))).convert("RGB")
    over = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(over)
    font = ImageFont.load_default(_TAG - 3)
    for row in rows:
        ink = _INK[_kind(row)]
        for there, rect in row.places:
            if there != page:
                continue
            box = pixel_box(template.pages[page - 1], rect, picture.size)
            pen.rectangle(box, fill=(*ink, 40), outline=(*ink, 255), width=2)
            _tag(pen, box, str(row.number), ink, font)
    picture.paste(over, mask=over)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _tag(
    pen: ImageDraw.ImageDraw,
    box: Rect,
    text: str,
    ink: tuple[int, int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Draw a number on a flag at the blank's upper right corner, where no text of it begins."""
    wide = 6 + pen.textlength(text, font=font)
    x, y = box[2] - wide, box[1] - _TAG + 2
    pen.rectangle((x, y, box[2], y + _TAG), fill=(*ink, 255))
    pen.text((x + 3, y), text, fill=(255, 255, 255, 255), font=font)


def _kind(row: DraftRow) -> str:
    if row.sureness == "unknown":
        return "unknown"
    if row.blank.side == "ice":
        return "ice"
    return "filled" if isinstance(row.blank, Entry) else "empty"


def pixel_box(page: ShownPage, rect: Rect, size: tuple[int, int]) -> Rect:
    """Return a box of the page (points, lower left corner) as pixels of its picture (upper left), whatever its turn."""
    left, bottom, right, top = page.box
    width, height = right - left, top - bottom
    turned = {0: _upright, 90: _quarter, 180: _half, 270: _three_quarters}.get(page.rotate, _upright)
    corners = [turned(x - left, y - bottom, width, height) for x, y in ((rect[0], rect[1]), (rect[2], rect[3]))]
    across, down = (height, width) if page.rotate in {90, 270} else (width, height)
    xs = sorted(x * size[0] / across for x, _ in corners)
    ys = sorted(y * size[1] / down for _, y in corners)
    return xs[0], ys[0], xs[1], ys[1]


def _upright(x: float, y: float, _: float, height: float) -> tuple[float, float]:
    return x, height - y


def _quarter(x: float, y: float, _: float, __: float) -> tuple[float, float]:
    return y, x


def _half(x: float, y: float, width: float, _: float) -> tuple[float, float]:
    return width - x, y


def _three_quarters(x: float, y: float, width: float, height: float) -> tuple[float, float]:
    return height - y, width - x
