"""The picture of one blank of an official form: the part of its page around it, with the text in it as it will print.

The text is filled in as for an export, and the page drawn from the filled file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

from assistant.cache import LruCache, content_key
from assistant.editions.form_plan import flat_texts_of, is_prefilled
from assistant.mapping.pictures import pixel_box
from assistant.pdf.filling.fill import fill
from assistant.pdf.viewer.render import page_part

if TYPE_CHECKING:
    from assistant.editions.catalog import Entry
    from assistant.editions.library import FormOnHand
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

WIDTH_PX = 960
LEAST_WIDTH_PT = 310.0
"""A blank is shown with what is printed beside it, however short it is."""
BESIDE_PT, ABOVE_PT = 16.0, 30.0
"""What is shown at least on each side of a blank, and above and below it."""
LEFT_SHARE = 0.65
"""Of what is shown beside a blank, the part to its left."""
MARK_COLOR = (255, 243, 176)
COLORS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankPart:
    """A part of a page (from 0), in points from the upper left corner of the page as it is shown."""

    page: int
    part: Rect
    blank: Rect

    @property
    def size(self) -> tuple[int, int]:
        """Return the size in pixels of its picture."""
        x0, y0, x1, y1 = self.part
        return WIDTH_PX, round(WIDTH_PX * (y1 - y0) / (x1 - x0))


_pictures: LruCache[bytes, bytes] = LruCache(64, max_bytes=8_000_000, size_of=len, personal=True)


def part_around(template: Template, entry: Entry, text: str) -> BlankPart:
    """Return the part of the form around the place of a blank that has the least room for a text."""
    page_number, rect = _tightest_place(template, entry, text)
    page = template.pages[page_number]
    width, height = page.box[2] - page.box[0], page.box[3] - page.box[1]
    if page.rotate in {90, 270}:
        width, height = height, width
    x0, y0, x1, y1 = pixel_box(page, rect, (round(width), round(height)))
    wide = min(width, max(LEAST_WIDTH_PT, x1 - x0 + 2 * BESIDE_PT))
    high = min(height, y1 - y0 + 2 * ABOVE_PT)
    # What a blank is for is mostly printed to its left.
    left = min(max(0.0, x0 - LEFT_SHARE * (wide - (x1 - x0))), width - wide)
    top = min(max(0.0, (y0 + y1 - high) / 2), height - high)
    return BlankPart(page=page_number, part=(left, top, left + wide, top + high), blank=(x0, y0, x1, y1))


def _tightest_place(template: Template, entry: Entry, text: str) -> tuple[int, Rect]:
    if entry.places:
        flat = min(flat_texts_of(entry, text), key=lambda item: item.line[2] - item.line[0])
        return flat.page, flat.rect
    field = template.fields[entry.blank]
    numbers = entry.widgets if entry.widgets is not None else range(len(field.widgets))
    number = min(numbers, key=lambda n: template.measure(entry.blank, text or "x", (n,)).size)
    widget = field.widgets[number]
    return widget.page, widget.rect


def draw_blank(form: FormOnHand, entry: Entry, text: str) -> bytes:
    """Return a PNG of the part of the official form around a blank with a text in it, which must not be cut off there.

    Raises:
        FillError: it would be cut off, or has letters that no font here can write.
        ValueError: the official form is not available.
    """
    template = form.template
    if template is None:
        raise ValueError(f"{form.edition.name} is not available.")
    key = content_key(form.fingerprint, entry.blank, text)
    return _pictures.get_or_make(key, lambda: _draw(template, entry, text))


def _draw(template: Template, entry: Entry, text: str) -> bytes:
    part = part_around(template, entry, text)
    data = template.drawable
    if text and not is_prefilled(template, entry):
        in_fields = {} if entry.places else {entry.blank: text}
        widgets = {entry.blank: entry.widgets} if in_fields and entry.widgets is not None else {}
        data = fill(template, in_fields, agency_widgets=widgets, flat_texts=flat_texts_of(entry, text))
    picture = page_part(data, part.page, part.part, width=WIDTH_PX)
    marked = Image.new("RGB", picture.size, "white")
    scale = picture.width / (part.part[2] - part.part[0])
    x0, y0, x1, y1 = part.blank
    left, top = part.part[:2]
    box = ((x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale)
    ImageDraw.Draw(marked).rectangle(box, fill=MARK_COLOR)
    # What is printed stays over the mark, as over a highlighter's.
    marked = ImageChops.multiply(marked, picture.convert("RGB"))
    file = io.BytesIO()
    marked.quantize(COLORS).save(file, "PNG", optimize=False, compress_level=6)
    return file.getvalue()
