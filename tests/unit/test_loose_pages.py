"""A copy that comes as pictures of pages is put together in the order of the pages, whatever their files are called."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from assistant.errors import PdfError
from assistant.services.after_export.copy_files import DroppedFile
from assistant.services.after_export.loose_pages import gather_copy
from tests.web import made_copies
from tests.web.made_copies import LETTER, WSO

if TYPE_CHECKING:
    from pathlib import Path


def png_of(width: int, height: int) -> bytes:
    """Return a small file that says it is a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * (width // 8 + 1) * min(height, 2_000))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pictures_come_in_the_order_of_the_pages(official_forms: Path) -> None:
    pages = made_copies.pictures(official_forms, WSO)
    names = {"a.jpg": 2, "b.jpg": 0, "c.jpg": 1}
    files = [DroppedFile(name=name, data=made_copies.as_jpeg(pages[place])) for name, place in names.items()]
    copy = gather_copy(files, made_copies.issued(official_forms)[WSO])
    assert (copy.names, copy.pages) == (("b.jpg", "c.jpg", "a.jpg"), 3)
    assert copy.data.startswith(b"%PDF-")


def test_one_pdf_stays_as_it_is(official_forms: Path) -> None:
    data = made_copies.issued(official_forms)[LETTER]
    assert gather_copy([DroppedFile(name="scan.pdf", data=data)], data).data == data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.txt", b"Dear ICE"),
        ("bomb.png", png_of(60_000, 60_000)),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("empty.pdf", b""),
    ],
)
def test_what_is_no_picture_gets_one_sentence_that_names_it(official_forms: Path, name: str, data: bytes) -> None:
    issued = made_copies.issued(official_forms)[LETTER]
    with pytest.raises(PdfError, match=f"^{name}: [A-Z][^\n]+$"):
        gather_copy([DroppedFile(name=name, data=data)], issued)


def test_a_tiff_of_two_pages_is_two_pages(official_forms: Path) -> None:
    first, second = made_copies.pictures(official_forms, WSO)[:2]
    file = io.BytesIO()
    first.convert("L").save(file, "TIFF", save_all=True, append_images=[second.convert("L")], compression="jpeg")
    copy = gather_copy([DroppedFile(name="fax.tif", data=file.getvalue())], made_copies.issued(official_forms)[WSO])
    assert copy.pages == 2
