"""Pictures of a page of a signed copy: as issued, as signed, and what differs between the two."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.cache import LruCache, content_key
from assistant.errors import PdfError
from assistant.pdf.drawing import page_picture, picture_of_words
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.pdf.viewer.render import page_png
from assistant.services.agreements.verify_signed_copy import LOOK_AT_ISSUED

if TYPE_CHECKING:
    from assistant.verifying.document import SigningBlanks

DRAW_DIFFERENCE: Task[str] = define_task("assistant.verifying.difference_picture", "draw_difference", seconds=25)
WIDTH, HEIGHT = 900, 1165
"""Pixels of a picture of letter paper."""
NO_DIFFERENCE = "These two pages cannot be laid over each other."

_pictures: LruCache[bytes, bytes] = LruCache(48, max_bytes=32_000_000, size_of=len, personal=True)
_blanks: LruCache[bytes, dict[str, SigningBlanks]] = LruCache(16, personal=True)


def draw_issued(issued: bytes, page: int) -> bytes:
    """Return a page (from 1) of an issued document as a PNG.

    Raises:
        PdfError: it has no such page.
    """
    key = content_key(b"issued", issued, page)
    return _pictures.get_or_make(key, lambda: page_png(issued, page - 1, width=WIDTH))


def draw_signed(data: bytes, page: int) -> bytes:
    """Return a page (from 1) of a signed copy as a PNG; one that cannot be drawn says so.

    Raises:
        BusyError: this computer has no time for it now.
    """
    return page_picture(data, page - 1, size=(WIDTH, HEIGHT)).png


def draw_difference(data: bytes, signed_page: int, issued: bytes, page: int) -> bytes:
    """Return a PNG of what differs between a page of a signed copy and one of the issued document.

    Raises:
        BusyError: this computer has no time for it now.
    """
    key = content_key(b"difference", data, signed_page, issued, page)
    return _pictures.get_or_make(key, lambda: _draw_difference(data, signed_page, issued, page))


def _draw_difference(data: bytes, signed_page: int, issued: bytes, page: int) -> bytes:
    with TemporaryDirectory(prefix="moa-issued-") as folder:
        path = Path(folder) / "issued.pdf"
        path.write_bytes(issued)
        try:
            blanks = _blanks.get_or_make(content_key(issued), lambda: run_in_sandbox(LOOK_AT_ISSUED, issued)["blanks"])
            arguments = (str(path), json.dumps(blanks), page, signed_page)
            return base64.b64decode(run_in_sandbox(DRAW_DIFFERENCE, data, *arguments))
        except PdfError:
            return picture_of_words(NO_DIFFERENCE, (WIDTH, HEIGHT))
