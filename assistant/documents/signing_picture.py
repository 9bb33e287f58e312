"""The picture of where to sign: the signature block of the blank official form, what is whose marked on it.

A picture in our own document; the official form itself is never marked.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from assistant.cache import LruCache, content_key
from assistant.documents.blocks import Picture, StructureMark
from assistant.errors import PdfError
from assistant.mapping.known_blanks import places_of
from assistant.mapping.pictures import pixel_box
from assistant.pdf.form.template import compile_anew, compile_template
from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.drawn_words import direction
from assistant.pdf.viewer.render import held_pdf, page_png

if TYPE_CHECKING:
    from assistant.editions.catalog import Edition, LeftBlank
    from assistant.geometry import Rect
    from assistant.pdf.form.fields import Page

PIXELS = 1400
"""Of the whole page's width: what is shown of it prints at 200 dpi or better."""
THUMBNAIL_PIXELS = 800
"""Of a whole page's width, drawn at half the width of our text or less: over 200 dpi."""
FOOTER_TOP_PT = 50.0
"""Points: what stands lower on the page is its footer, no part of the signature block."""
PX_PER_FULL_WIDTH = 700.0
"""Points of the form that the width of our text shows: smaller than it is, so that two models stand on two pages."""
TALLEST = 0.6
"""Of the text's width: how tall a picture may be."""
MIN_MARK_WIDTH_PT = 20.0
"""Points: no word fits into a narrower box."""
ABOVE, BELOW, BESIDE = 44.0, 16.0, 44.0
"""Points shown around the blanks, so that the headings "For the LEA" and "For ICE" are in the picture."""


_pictures: LruCache[bytes, Picture | None] = LruCache(
    16, max_bytes=8_000_000, size_of=lambda picture: len(picture.pixels) if picture else 0
)


def signing_picture(edition: Edition, data: bytes) -> Picture | None:
    """Return the signature block of a blank form; None where the edition does not say where to sign."""
    return _pictures.get_or_make(content_key(edition, data), lambda: _draw_signing_picture(edition, data))


def _draw_signing_picture(edition: Edition, data: bytes) -> Picture | None:
    page = edition.signing_page
    left = [blank for blank in edition.left_blank if blank.page == page]
    if page is None or not any(blank.side == "agency" for blank in left):
        return None
    try:
        template = compile_template(data)
        picture, sheet = _draw_upright(data, page - 1, template.pages[page - 1], PIXELS)
    except PdfError:
        return None  # the words say it all; the person who fills the form sees what is wrong with it
    marked = [(blank, rect) for blank in left for there, rect in places_of(blank, template) if there == page]
    others = [rect for entry in edition.entries for there, rect in places_of(entry, template) if there == page]
    around = _around([rect for _, rect in marked] + [rect for rect in others if rect[1] > FOOTER_TOP_PT], sheet.box)
    x0, y0, x1, y1 = map(round, pixel_box(sheet, around, picture.size))
    block = picture.crop((x0, y0, x1, y1))
    marks = []
    for blank, rect in marked:
        box = pixel_box(sheet, rect, picture.size)
        marks.append(_mark_of(blank, rect, (box[0] - x0, box[1] - y0, box[2] - x0, box[3] - y0), block.size))
    return Picture(
        pixels=zlib.compress(block.tobytes(), 9),
        size=block.size,
        share=_share(block.size, PIXELS / _across(sheet)),
        alt=f"The signature block on page {page} of the form. {_in_words(edition, page)}",
        marks=tuple(marks),
    )


def pages_to_sign(edition: Edition) -> list[int]:
    """Return the pages (from 1) on which the agency writes by hand on the day of signing."""
    by_hand = {blank.page for blank in edition.left_blank if blank.side == "agency" and blank.on_paper and blank.page}
    return sorted(by_hand | ({edition.signing_page} if edition.signing_page else set()))


def page_to_sign(edition: Edition, data: bytes, page: int, *, share: float) -> Picture | None:
    """Return a whole page (from 1) of a filled form, what is whose marked on it; None where it cannot be drawn.

    ``share``: the part of our text's width that it takes. Nothing is remembered: the page names people.
    """
    try:
        template = compile_anew(data)
        picture, sheet = _draw_upright(data, page - 1, template.pages[page - 1], THUMBNAIL_PIXELS)
    except (PdfError, IndexError):
        return None
    left = [blank for blank in edition.left_blank if blank.page == page and (blank.side == "ice" or blank.on_paper)]
    marks = [
        _mark_of(blank, rect, pixel_box(sheet, rect, picture.size), picture.size)
        for blank in left
        for there, rect in places_of(blank, template)
        if there == page
    ]
    return Picture(
        pixels=zlib.compress(picture.tobytes(), 9),
        size=picture.size,
        share=share,
        alt=f"Page {page} of the filled form. {_in_words(edition, page)}",
        marks=tuple(marks),
    )


def _draw_upright(data: bytes, page: int, sheet: Page, pixels: int) -> tuple[Image.Image, Page]:
    """Return a page (from 0) in grey as its text is read, ``pixels`` wide, and the sheet turned likewise.

    Raises:
        PdfError: it cannot be drawn.
    """
    turn = _turn_of_text(data, page, sheet)
    width = pixels * _across(sheet) / _across(replace(sheet, rotate=turn))
    picture: Image.Image = Image.open(BytesIO(page_png(data, page, width=round(width)))).convert("L")
    if turn == sheet.rotate:
        return picture, sheet
    return picture.rotate(sheet.rotate - turn, expand=True), replace(sheet, rotate=turn)


def _mark_of(blank: LeftBlank, rect: Rect, box: Rect, size: tuple[int, int]) -> StructureMark:
    """Return the mark of a blank: ``rect`` in points of the form, ``box`` in pixels of a picture of this size."""
    part = (box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1])
    return StructureMark(part=part, text=_says(blank, rect), ours=blank.side == "agency")


def _turn_of_text(data: bytes, page: int, sheet: Page) -> int:
    """Return the /Rotate under which the text of a page (from 0) reads upright; the page's own where it has no text."""
    with held_pdf(data) as opened:
        letters = letters_of(opened[page])
    return direction(letters) if letters else sheet.rotate


def _across(sheet: Page) -> float:
    """Return how wide a page is as it is shown (pt)."""
    x0, y0, x1, y1 = sheet.box
    return y1 - y0 if sheet.rotate in {90, 270} else x1 - x0


def _around(rects: list[Rect], page: Rect) -> Rect:
    x0, y0 = min(r[0] for r in rects) - BESIDE, min(r[1] for r in rects) - BELOW
    x1, y1 = max(r[2] for r in rects) + BELOW, max(r[3] for r in rects) + ABOVE
    return max(x0, page[0]), max(y0, page[1]), min(x1, page[2]), min(y1, page[3])


def _share(size: tuple[int, int], pixels: float) -> float:
    """Return the part of our text's width for a picture with so many pixels a point."""
    wide, high = size
    return min(1.0, wide / pixels / PX_PER_FULL_WIDTH, TALLEST * wide / high)


def _says(blank: LeftBlank, rect: Rect) -> str:
    if rect[2] - rect[0] < MIN_MARK_WIDTH_PT:
        return ""  # a check box: words would hide what stands beside it
    if blank.side == "ice":
        return "ICE’s"
    if "date" in blank.label:
        return "Date here"
    return "Sign here" if "sign" in blank.label else "By hand"


def _in_words(edition: Edition, page: int) -> str:
    ours = [blank.label for blank in edition.left_blank if blank.page == page and blank.side == "agency"]
    return f"Marked for the agency: {'; '.join(ours)}. Everything under “For ICE” is marked as ICE’s."
