"""The text of a page: every official form reads as it is printed, in the order of its lines."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import PdfError
from assistant.pdf.page_text import PageText, read_page_texts
from assistant.pdf.viewer.drawn_letters import letters_of

if TYPE_CHECKING:
    from pathlib import Path

WORD = re.compile(r"[A-Za-z]{3,}")
SEEN_ON_PAPER = {"garrity", "jersey", "gariglio"}
"""Words that stand only in fonts that do not say what their letters are; read off the drawn pages."""


def pages_of(path: Path) -> list[PageText]:
    data = path.read_bytes()
    return read_page_texts(data, range(len(pypdfium2.PdfDocument(data))))


def words_that_fonts_tell(folder: Path) -> set[str]:
    """Return the words of all official forms, of fonts alone that say what their letters are, as pdfium reads them."""
    words = set()
    for path in folder.glob("*.pdf"):
        for page in pypdfium2.PdfDocument(path.read_bytes()):
            text = "".join(" " if letter.coded else letter.text for letter, *_ in letters_of(page))
            words |= {word.lower() for word in WORD.findall(text)}
    return words


@pytest.mark.long
def test_every_page_of_every_official_form_reads_as_it_is_printed(official_forms: Path) -> None:
    known = words_that_fonts_tell(official_forms) | SEEN_ON_PAPER
    poor = {}
    for path in sorted(official_forms.glob("*.pdf")):
        for number, page in enumerate(pages_of(path), 1):
            text = page.text
            strange = [word for word in WORD.findall(text) if word.lower() not in known]
            strange += re.findall(r"[\x00-\x09\x0b-\x1f\ufffd\ue000-\uf8ff]|B{3,}", text)
            if strange:
                poor[path.name, number] = strange
    assert not poor


@pytest.mark.parametrize(
    ("name", "page", "lines"),
    [
        (
            "moa-jem-rev2025-02-15-flat.pdf", 7,
            ["For the LEA:", "For ICE:", "Name: ________", "Title: ________", "Agency: ________", "Signature: ____"],
        ),
        ("moa-tfm-rev2025-03-07-flat.pdf", 1, ["(hereinafter", "“Law Enforcement Agency” (LEA)", "__________"]),
        ("moa-tfm-rev2025-03-07-flat.pdf", 7, ["location at____________________________."]),
        ("moa-tfm-rev2025-03-07-flat.pdf", 8, ["consistent with Garrity v. New\nJersey"]),
        ("moa-tfm-rev2025-03-07-flat.pdf", 9, ["Name: ________", "Title: _______", "Agency: _______"]),
        ("moa-tfm-rev2025-03-07-flat.pdf", 11, ["an agreement between ICE and the", "_________,"]),
        ("moa-tfm-rev2025-03-07-flat.pdf", 2, ["•"]),
        ("moa-tfm-rev2025-02-12.pdf", 6, ["co-\nlocated with ICE"]),
        ("moa-wso-rev2025-02-15-flat.pdf", 7, ["For the LEA:", "For ICE:", "Name:", "Agency:"]),
    ],
)  # fmt: skip
def test_a_font_that_does_not_say_what_its_letters_are_is_read(
    official_forms: Path, name: str, page: int, lines: list[str]
) -> None:
    text = read_page_texts((official_forms / name).read_bytes(), [page - 1])[0].sorted_by_place().text
    for line in lines:
        assert line in text
    assert "BBB" not in text
    assert "1DPH" not in text


def test_a_page_that_is_shown_turned_reads_as_the_upright_one(official_forms: Path) -> None:
    names = ("moa-wso-rev2025-02-14-page7-rotated.pdf", "moa-wso-rev2025-02-14.pdf")
    turned, upright = (
        read_page_texts((official_forms / name).read_bytes(), [6])[0].sorted_by_place() for name in names
    )
    assert turned.turn != upright.turn
    assert "".join(turned.text.split()) == "".join(upright.text.split())
    assert (turned.width, turned.height) == (upright.height, upright.width)


def test_lines_stand_where_they_are_drawn(official_forms: Path) -> None:
    (page,) = read_page_texts((official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), [0])
    (title,) = (line for line in page.lines if line.text == "MEMORANDUM OF AGREEMENT")
    assert (page.width, page.height) == (612, 792)
    assert abs(title.x + title.width / 2 - page.width / 2) < 8, "centered"
    assert title.y < page.height / 3
    assert all(0 <= line.x <= page.width and 0 <= line.y <= page.height for line in page.lines)


def with_other_widths(data: bytes) -> bytes:
    """Return a form in which the letters of fonts that do not say what they are have other widths."""
    pdf = pikepdf.open(io.BytesIO(data))
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/DescendantFonts" in item and "/ToUnicode" not in item:
            item["/DescendantFonts"][0]["/W"] = pikepdf.Array([0, 255, 1234])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_what_no_width_bears_out_is_not_guessed(official_forms: Path) -> None:
    data = (official_forms / "moa-jem-rev2025-02-15-flat.pdf").read_bytes()
    assert "Agency: ___" in read_page_texts(data, [6])[0].text
    text = read_page_texts(with_other_widths(data), [6])[0].text
    assert "Agency: ___" not in text
    assert "\ufffd\ufffd\ufffd" in text
    assert "By signing this MOA, each party" in text, "other fonts say what their letters are"


def test_words_far_apart_are_lines_of_their_own_and_read_side_by_side() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for x, y, text in ((300, 700, "Right"), (72, 700, "Left"), (72, 640, "Below")):
        canvas.drawString(x, y, text)
    canvas.save()
    (page,) = read_page_texts(out.getvalue(), [0])
    assert sorted(line.text for line in page.lines) == ["Below", "Left", "Right"]
    assert page.sorted_by_place().text == "Left  Right\nBelow"


def test_a_page_that_is_not_there_is_told() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "One")
    canvas.save()
    with pytest.raises(PdfError):
        read_page_texts(out.getvalue(), [1])
