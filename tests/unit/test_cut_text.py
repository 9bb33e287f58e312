"""A text is called cut off only where its last letter leaves no ink on paper: thin letters, small print, many fonts."""

from __future__ import annotations

import random
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.marks import PageMark
from assistant.pdf.viewer.viewed_pdf import SCALE, ViewedPdf
from assistant.reading.filling import read_slot
from assistant.reading.label_spots import LabelSpot
from assistant.reading.looks import ink_height, ink_in, is_blank_in
from assistant.reading.tokens import Token, tokens_of

if TYPE_CHECKING:
    from assistant.reading.agreement import SlotReading

FONTS = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Oblique", "Times-Bold")
SIZES = (5.0, 6.0, 7.5, 8.0, 9.0, 10.0, 11.0, 12.0)
THIN = "iltrIj1fJ"
WIDE = "aemnowG8"
ROWS, PITCH = 24, 28.0


def draw(lines: list[tuple[str, str, float, float, float | None]]) -> list[SlotReading]:
    """Return what is found in lines (text, font, size, start, clip's edge or None), each read as a blank of its own."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for n, (text, font, size, x, edge) in enumerate(lines):
        y = 740 - n * PITCH
        canvas.saveState()
        if edge is not None:
            path = canvas.beginPath()
            path.rect(x - 3, y - 8, edge - x + 3, 24)
            canvas.clipPath(path, stroke=0, fill=0)
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)
        canvas.restoreState()
    canvas.save()
    with ViewedPdf(out.getvalue()) as seen:
        page = seen.page(1)
        tokens = tokens_of(page)
        found = []
        for n, (_, _, _, x, _) in enumerate(lines):
            y = 740 - n * PITCH
            own = tuple(t for t in tokens if abs(t.base - y) < 4)
            spot = LabelSpot(slot="opla", page=1, tokens=own, boxes=((x, y + 2, x + 200, y + 9),))
            found.append(read_slot(spot, None, lambda: seen.picture(page), clear=True))
        return found


def lines_ending_in(letters: str, seed: int) -> list[tuple[str, str, float, float]]:
    chance = random.Random(seed)  # noqa: S311 - the same lines every time
    stems = ("Colone", "Miam", "Un", "Detai", "Lieutenan", "100 Main Stree", "Captain of the Patro", "(404) 555-01")
    return [
        (
            chance.choice(stems) + chance.choice(letters),
            chance.choice(FONTS),
            chance.choice(SIZES),
            72 + chance.random() * 3,
        )
        for _ in range(ROWS)
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("letters", [THIN, WIDE], ids=["thin", "wide"])
def test_a_complete_text_is_not_cut_off(letters: str, seed: int) -> None:
    lines = lines_ending_in(letters, seed)
    for line, found in zip(lines, draw([(*line, None) for line in lines]), strict=True):
        assert [one.clipped for one in found.lines] == [False], line


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("letters", [THIN, WIDE], ids=["thin", "wide"])
def test_a_text_whose_end_is_cut_away_is_cut_off(letters: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - as above
    cut = []
    for text, font, size, x in lines_ending_in(letters, seed):
        shown = max(1, len(text) - chance.randint(2, 4))
        cut.append((text, font, size, x, x + stringWidth(text[:shown], font, size) + 0.3))
    for line, found in zip(cut, draw(list(cut)), strict=True):
        assert [one.clipped for one in found.lines] == [True], line


def test_what_is_too_small_to_look_at_is_neither_ink_nor_its_absence() -> None:
    paper = Image.new("L", (200, 200), 255)
    tiny = ink_in(paper, [(10, 10, 11, 40)])
    assert (tiny.looked, tiny.is_present, tiny.is_absent) == (False, False, False)
    white = ink_in(paper, [(10, 10, 60, 40)])
    assert (white.looked, white.is_present, white.is_absent) == (True, False, True)
    barred = Image.new("L", (200, 200), 0)
    assert not ink_in(barred, [(10, 10, 60, 40)]).is_absent


def test_one_dark_pixel_is_ink_and_a_box_beside_the_page_tells_nothing() -> None:
    paper = Image.new("L", (100, 100), 255)
    box = (20.0, 20.0, 21.0, 24.0)
    assert is_blank_in(paper, box) is True
    paper.putpixel((int(20.5 * SCALE), int(100 - 22 * SCALE)), 200)
    assert is_blank_in(paper, box) is False
    assert is_blank_in(paper, (200.0, 20.0, 210.0, 24.0)) is None
    assert is_blank_in(Image.new("L", (100, 100), 0), box) is False


def in_a_field(picture: Image.Image, text: str, size: float, *, look: bool = True) -> SlotReading:
    mark = PageMark(kind="Tx", rect=(20, 100, 120, 114), text=text, size=size, fixed=size, has_appearance=look)
    token = Token(text=text, x0=20, x1=120, base=103, size=size, source="field", mark=mark)
    spot = LabelSpot(slot="opla", page=1, tokens=(token,), boxes=((22, 102, 118, 112),))
    return read_slot(spot, None, lambda: picture, clear=True)


@pytest.mark.parametrize(
    ("ink_ends", "look", "clipped"),
    [(80, True, False), (119, True, True), (80, False, True)],
    ids=["a narrow font ends before the edge", "ink up to the edge", "nothing is drawn yet"],
)
def test_a_field_is_cut_off_only_where_its_ink_reaches_the_edge(ink_ends: float, look: bool, clipped: bool) -> None:  # noqa: FBT001
    picture = Image.new("L", (round(612 * SCALE), round(792 * SCALE)), 255)
    pen = ImageDraw.Draw(picture)
    for x in range(22, int(ink_ends), 4):
        left, top = x * SCALE, picture.height - 110 * SCALE
        pen.rectangle((left, top, left + 2, top + 8), fill=0)
    found = in_a_field(picture, "A text that is wider than the box in Helvetica", 12, look=look)
    assert [line.clipped for line in found.lines] == [clipped]


@pytest.mark.parametrize(("height", "size"), [(3, 4.0), (9, 0.0)], ids=["as small as it says", "drawn larger"])
def test_a_size_that_the_picture_contradicts_is_unknown(height: float, size: float) -> None:
    picture = Image.new("L", (round(612 * SCALE), round(792 * SCALE)), 255)
    pen = ImageDraw.Draw(picture)
    for x in range(22, 60, 4):
        bottom = picture.height - 103 * SCALE
        pen.rectangle((x * SCALE, bottom - height * SCALE, x * SCALE + 2, bottom), fill=0)
    found = in_a_field(picture, "Sheriff", 4.0)
    assert [line.size for line in found.lines] == [size]
    typed = Token(text="Sheriff", x0=22, x1=60, base=103, size=4.0, source="text")
    spot = LabelSpot(slot="opla", page=1, tokens=(typed,), boxes=((22, 103, 60, 112),))
    assert [line.size for line in read_slot(spot, None, lambda: picture, clear=True).lines] == [size]


def test_the_height_of_ink_leaves_lines_to_write_on_out() -> None:
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line((0, 180, 199, 180), fill=0)
    assert ink_height(picture, (0, 0, 140, 140)) == 0
    ImageDraw.Draw(picture).rectangle((50, 100, 53, 113), fill=0)
    assert ink_height(picture, (0, 0, 140, 140)) == pytest.approx(14 / SCALE)
    assert ink_height(picture, (500, 0, 600, 140)) == 0
