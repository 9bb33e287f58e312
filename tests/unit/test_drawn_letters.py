"""Letters and words: what saves time changes nothing of what is told."""

from __future__ import annotations

import ctypes
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from reportlab.lib.colors import black, red, white
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.paint_order import read_paint_order
from assistant.pdf.viewer.read_back import DrawnPages, joined
from assistant.reading import tokens
from assistant.reading.tokens import SHIFT, SHIFTED_WORDS, bare, like

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def page() -> Iterator[pypdfium2.PdfPage]:
    file = io.BytesIO()
    drawing = Canvas(file, pagesize=(300, 300))
    texts = ((black, "Seen by all", 20), (white, "white on paper", 60), (black, "beneath a box", 100))
    for colour, text, y in texts:
        drawing.setFillColor(colour)
        drawing.drawString(20, y, text)
    drawing.setFillColor(white)
    drawing.rect(10, 90, 200, 30, stroke=0, fill=1)
    drawing.setFillColor(red)
    drawing.rect(10, 130, 200, 30, stroke=0, fill=1)
    drawing.setFillColor(white)
    drawing.drawString(20, 140, "white on red")
    without_ink = drawing.beginText(20, 200)
    without_ink.setTextRenderMode(3)
    without_ink.textOut("no ink")
    drawing.drawText(without_ink)
    drawing.save()
    opened = pypdfium2.PdfDocument(file.getvalue())
    yield opened[0]
    opened.close()


def test_what_does_not_show_is_told_letter_by_letter(page: pypdfium2.PdfPage) -> None:
    letters = [letter for letter, *_ in letters_of(page, read_paint_order(page)) if not letter.text.isspace()]
    told = {hidden: "".join(x.text for x in letters if x.hidden == hidden) for hidden in (False, True)}
    assert told == {False: "Seenbyallwhiteonred", True: "whiteonpaperbeneathaboxnoink"}


@pytest.mark.parametrize(
    "name", ["moa-wso-rev2025-02-14.pdf", "moa-jem-rev2025-02-15-flat.pdf", "moa-jem-2020-06-flat.pdf"]
)
def test_the_text_of_a_page_is_its_letters_joined(official_forms: Path, name: str) -> None:
    data = (official_forms / name).read_bytes()
    with DrawnPages(data) as pages, DrawnPages(data) as again:
        texts = [pages.text(number) for number in range(len(pages))]
        assert texts == [joined(again.letters(number)) for number in range(len(again))]
        assert all(texts)
        assert texts == [again.text(number) for number in range(len(again))], "after the letters were read as well"


def test_a_text_object_is_asked_once_and_not_for_every_letter(
    page: pypdfium2.PdfPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[int] = Counter()
    real = pdfium.FPDFTextObj_GetTextRenderMode

    def mode(thing: Any) -> int:
        asked[ctypes.addressof(thing.contents)] += 1
        return int(real(thing))

    monkeypatch.setattr(pdfium, "FPDFTextObj_GetTextRenderMode", mode)
    assert len(letters_of(page, read_paint_order(page))) > 40
    assert set(asked.values()) == {1}


def test_letters_stand_where_pdfium_has_them(page: pypdfium2.PdfPage) -> None:
    text = page.get_textpage()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for letter, *_ in letters_of(page):
        assert pdfium.FPDFText_GetCharOrigin(text.raw, letter.index, x, y)
        assert pdfium.FPDFText_GetLooseCharBox(text.raw, letter.index, box)
        assert (letter.x, letter.y) == (x.value, y.value)
        assert (letter.x0, letter.y0, letter.x1, letter.y1) == (box.left, box.bottom, box.right, box.top)
        assert letter.text == chr(pdfium.FPDFText_GetUnicode(text.raw, letter.index))
        assert letter.generated == (pdfium.FPDFText_IsGenerated(text.raw, letter.index) == 1)
    text.close()


NEAR = st.text(st.sampled_from("signaturedte1l"), max_size=14)


@given(text=NEAR, wanted=st.sampled_from(["signature", "title", "agency", "date", "hereinafter"]))
def test_words_are_alike_as_ever(text: str, wanted: str) -> None:
    least = 74 if len(wanted) < 6 else tokens.CLOSE
    assert like(text, wanted) == (text == wanted or (len(text) > 2 and fuzz.ratio(text, wanted) >= least))


def test_words_of_very_different_lengths_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "ratio", None)
    assert not like("interchangeably", "date")
    assert not like("the", "hereinafter")


@given(st.text(max_size=12))
def test_letters_and_digits_alone_are_a_words_key(text: str) -> None:
    assert bare(text) == "".join(c for c in text.casefold() if c.isalnum())


@given(st.text(st.characters(max_codepoint=180), max_size=12) | st.sampled_from(["1DPH", "7LWOH", "'DWH:", "BB", ""]))
def test_only_a_label_that_lost_its_letters_is_decoded(text: str) -> None:
    plain = "".join(chr(ord(c) + SHIFT) for c in text.rstrip(":B"))
    lost = bare(plain) in SHIFTED_WORDS and plain.isascii()
    assert tokens._decoded(text) == (plain + ":" if lost else text)
