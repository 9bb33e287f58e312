"""Cut strips out of a file's pages: beside a value that is not sure, a person sees the place that it was read from."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, TypedDict

from assistant.pdf.viewer.viewed_pdf import SCALE, ViewedPdf
from assistant.reading.filled_values import AnswersRead, answers_read, read_filled_form

if TYPE_CHECKING:
    from PIL.Image import Image

    from assistant.geometry import Rect
    from assistant.reading.agreement import SlotReading

DPI = 144
"""Dots to an inch: 8-point letters are 11 pixels high."""
BESIDE, ABOVE = 18.0, 7.0
"""Points of the page shown beside a blank, and above and below it."""
LEAST_WIDTH = 200.0
"""Points: a short blank is shown with more of its line."""
MOST_WIDTH = 330.0
"""Points: lines of a contact may run to the edge of the page, and hardly ever do."""
GREYS = 16
"""Shades of grey: enough to read, and a strip is a few kilobytes."""
JPEG_QUALITY = 60
POINTS_PER_INCH = 72


class PageStrip(TypedDict):
    """A part of a page (from 1) around a blank; ``picture`` is a PNG or JPEG in base64."""

    page: int
    blank: str
    picture: str


class AnswersWithStrips(AnswersRead):
    """The answers that were read, and a strip for each blank in which something is not sure."""

    strips: list[PageStrip]


def read_answers_with_strips(data: bytes) -> AnswersWithStrips:
    """Return what ``read_answers`` returns, with the strips of what a person has to confirm.

    Raises:
        PdfError: the file cannot be opened, or each of its sheets shows two pages.
    """
    finished = read_filled_form(data)
    answers = answers_read(finished)
    doubtful = {(row["page"], row["blank"]) for row in answers["values"] if row["sureness"] != "sure"}
    readings = [item for item in finished.readings.values() if (item.page, item.label) in doubtful]
    return {**answers, "strips": _cut_strips(data, readings)}


def _cut_strips(data: bytes, readings: list[SlotReading]) -> list[PageStrip]:
    by_page: dict[int, list[SlotReading]] = {}
    for reading in readings:
        if reading.source != "nothing" and (reading.place or reading.box):
            by_page.setdefault(reading.page, []).append(reading)
    strips: list[PageStrip] = []
    with ViewedPdf(data) as viewed:
        for number, on_page in sorted(by_page.items()):
            for reading in on_page:
                strip = _cut_strip(viewed, reading)
                if strip is None:
                    continue
                picture = base64.b64encode(_packed(strip)).decode("ascii")
                strips.append({"page": number, "blank": reading.label, "picture": picture})
    return strips


def _cut_strip(viewed: ViewedPdf, reading: SlotReading) -> Image | None:
    """Return the part of its page around a blank; None where no time is left, or the blank is not on the page."""
    if reading.place is not None:
        page = viewed.draw_plain_page(reading.page, DPI)
        if page is None:
            return None
        upright = page.rotate(reading.place.turn, expand=True) if reading.place.turn else page
        left, top, right, bottom = reading.place.box
        box = left * upright.width, top * upright.height, right * upright.width, bottom * upright.height
        return _crop(upright, box, DPI / POINTS_PER_INCH)
    if reading.box is not None and (level := viewed.picture(viewed.page(reading.page))):
        x0, y0, x1, y1 = reading.box
        box = x0 * SCALE, level.height - y1 * SCALE, x1 * SCALE, level.height - y0 * SCALE
        return _crop(level, box, SCALE)
    return None


def _crop(picture: Image, box: Rect, scale: float) -> Image | None:
    """Return a box of a picture (pixels, from the upper left corner) with its margins; ``scale`` is pixels a point."""
    left, top, right, bottom = box
    right = min(right, left + MOST_WIDTH * scale)
    beside, above = max(BESIDE * scale, (LEAST_WIDTH * scale - (right - left)) / 2), ABOVE * scale
    crop = (
        round(max(0.0, left - beside)),
        round(max(0.0, top - above)),
        round(min(picture.width, right + beside)),
        round(min(picture.height, bottom + above)),
    )
    return picture.crop(crop) if crop[0] < crop[2] and crop[1] < crop[3] else None


def _packed(strip: Image) -> bytes:
    """Return a strip as a PNG or, where that is smaller, as a JPEG: the noise of a camera makes a PNG large."""
    png, jpeg = io.BytesIO(), io.BytesIO()
    strip.convert("L").quantize(GREYS).save(png, "PNG", optimize=True)
    strip.convert("L").save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return min(png.getvalue(), jpeg.getvalue(), key=len)
