"""A hostile file, given as the signed copy or as the issued one, is refused with a sentence that names it, or told."""

from __future__ import annotations

import io
import time

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import PdfError
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.services.agreements.verify_signed_copy import LOOK_AT_SIGNED, verify
from tests.hostile.files import HOSTILE

CHOSEN = (
    pytest.param("flate_bomb", marks=pytest.mark.long),
    "page_tree_of_one_page_many_times",
    pytest.param("many_annotations", marks=pytest.mark.long),
    "page_without_size",
    "javascript",
)


def plain(pages: int = 2) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for page in range(pages):
        for n in range(30):
            canvas.drawString(72, 720 - 16 * n, f"Line {n} of page {page} says what the parties agree on that day.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def no_harm(signed: bytes, issued: bytes, named: str) -> None:
    start = time.monotonic()
    said = ""
    try:
        found = verify(signed, issued, signed_name="signed.pdf", issued_name="issued.pdf")
    except PdfError as error:
        said = str(error)
    else:
        assert not found["same_document"]
        assert not found["ready"]
    assert not said or (said.startswith(f"{named}: The PDF") and said.endswith("."))
    # Looking at each file, and one part of the pages.
    assert time.monotonic() - start < 3 * LOOK_AT_SIGNED.most_seconds


@pytest.mark.parametrize("name", CHOSEN)
def test_a_hostile_signed_copy_does_no_harm(name: str) -> None:
    no_harm(HOSTILE[name](), plain(), "signed.pdf")


@pytest.mark.parametrize("name", CHOSEN)
def test_a_hostile_issued_file_does_no_harm(name: str) -> None:
    no_harm(plain(), HOSTILE[name](), "issued.pdf")


def test_too_many_pages_are_refused_on_either_side() -> None:
    for signed, issued, named in ((plain(61), plain(), "signed.pdf"), (plain(), plain(61), "issued.pdf")):
        with pytest.raises(PdfError, match=rf"^{named}: The PDF has more than 60 pages; .*\.$"):
            verify(signed, issued, signed_name="signed.pdf", issued_name="issued.pdf")


def test_a_page_of_any_size_is_drawn_as_a_sheet() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(3, 14_000))
    canvas.rect(0, 0, 3, 9_000, fill=1)
    canvas.showPage()
    canvas.setPageSize((14_400, 14_400))
    canvas.rect(900, 900, 9_000, 9_000, fill=1)
    canvas.showPage()
    canvas.save()
    with ViewedPdf(out.getvalue()) as seen:
        assert all(max(seen.draw_page(page, 100).size) == 1_100 for page in (1, 2))
    no_harm(out.getvalue(), plain(), "signed.pdf")
