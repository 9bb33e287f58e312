"""Pages of a stranger's PDF as pictures, drawn in the sandbox. One that cannot be drawn is a picture that says so."""

from __future__ import annotations

import base64
import io
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from assistant.cache import LruCache, content_key
from assistant.errors import PdfError
from assistant.pdf.form.template import compile_template
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.pdf.viewer.render import page_png

NOT_DRAWN = "This page could not be drawn."
DRAW: Task[str] = define_task("assistant.pdf.drawing", "draw_page", seconds=4)
"""Somebody waits for the picture: pages of real forms take half a second, the start of the child included."""
_TEXT_SIZE = 28  # px
_GROUND, _FRAME, _INK = "white", "#71767a", "#1b1b1b"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A PNG of a page; where ``is_drawn`` is false it holds the words of ``NOT_DRAWN`` instead."""

    png: bytes
    is_drawn: bool


_pictures: LruCache[bytes, PagePicture] = LruCache(48, max_bytes=24_000_000, size_of=lambda picture: len(picture.png))
_undrawable: LruCache[bytes, str] = LruCache(512)
"""Pages that could not be drawn: none of them is tried again, at another size either."""


def page_picture(data: bytes, page: int, *, size: tuple[int, int]) -> PagePicture:
    """Return a page (from 0) of a stranger's PDF as a picture of about this size in pixels.

    Raises:
        BusyError: this computer has no time to draw it now.
    """
    key = content_key(data, page, size)
    return _pictures.get_or_make(key, lambda: _draw(data, page, size))


def _draw(data: bytes, page: int, size: tuple[int, int]) -> PagePicture:
    key = content_key(data, page)
    if not _undrawable.get(key):
        try:
            return PagePicture(png=base64.b64decode(run_in_sandbox(DRAW, data, page, size[0])), is_drawn=True)
        except PdfError:
            _undrawable.put(key, NOT_DRAWN)
    return PagePicture(png=picture_of_words(NOT_DRAWN, size), is_drawn=False)


def draw_page(data: bytes, page: int, width: int) -> str:
    """Return a page (from 0) as a PNG in base64: what the sandbox runs in a child process.

    Raises:
        PdfError: as ``page_png``.
    """
    with suppress(PdfError):  # what this program cannot read may still be drawn
        data = compile_template(data).drawable
    return base64.b64encode(page_png(data, page, width=width)).decode()


def picture_of_words(words: str, size: tuple[int, int]) -> bytes:
    """Return a PNG of this size in pixels with a frame and one line of words."""
    picture = Image.new("RGB", size, _GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_FRAME, width=2)
    font = ImageFont.load_default(_TEXT_SIZE)
    pen.text((max(8.0, (size[0] - pen.textlength(words, font=font)) / 2), size[1] / 3), words, fill=_INK, font=font)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
