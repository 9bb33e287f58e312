"""Letters read back belong to the place they were written to: turned lines, boxes that overlap, low boxes."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from assistant.errors import FillError
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.read_back import ReadLetter, in_lines, joined

MULTILINE = 1 << 12
LINES = "Sheriff’s Office\r\nof Example County\r\n100 Main Street"


def form(fields: dict[str, dict[str, Any]], rotate: int = 0) -> bytes:
    """A page with these fields; each is given by its own entries."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.obj.Rotate = rotate
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    listed = Array()
    for name, entries in fields.items():
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(name), F=4, P=page.obj)
        field.DA = String("/Helv 0 Tf 0 g")
        for key, value in entries.items():
            field[f"/{key}"] = value
        listed.append(pdf.make_indirect(field))
    page.obj.Annots = listed
    pdf.Root.AcroForm = Dictionary(
        Fields=listed, DR=Dictionary(Font=Dictionary(Helv=font)), DA=String("/Helv 0 Tf 0 g")
    )
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("align", [0, 1, 2])
def test_lines_of_a_turned_box_are_read_as_they_were_meant(rotate: int, turn: int, align: int) -> None:
    tall = turn in {90, 270}
    rect = Array([300, 300, 380, 520] if tall else [300, 300, 520, 380])
    data = form({"name": {"Rect": rect, "Ff": MULTILINE, "MK": Dictionary(R=turn), "Q": align}}, rotate)
    template = compile_template(data)
    filled = fill(template, {"name": LINES})
    assert "".join(prove(template, filled, {"name": LINES}, agency_widgets={}).rows[0].drawn_text.split()) == "".join(
        LINES.split()
    )


def test_words_in_another_order_are_red() -> None:
    template = compile_template(
        form({"name": {"Rect": Array([300, 300, 380, 520]), "Ff": MULTILINE, "MK": Dictionary(R=90)}})
    )
    filled = fill(template, {"name": LINES})
    swapped = "of Example County\r\nSheriff’s Office\r\n100 Main Street"
    other = fill(template, {"name": swapped})
    value = b"/V " + filled.partition(b"/V ")[2].partition(b"/AP")[0]
    wrong = other.replace(b"/V " + other.partition(b"/V ")[2].partition(b"/AP")[0], value)
    assert wrong != filled
    with pytest.raises(FillError, match="does not show the intended text"):
        prove(template, wrong, {"name": LINES}, agency_widgets={})


def test_letters_of_boxes_that_overlap_belong_where_they_stand_deepest() -> None:
    upper, lower = Array([100, 494, 400, 530]), Array([100, 470, 400, 500])
    data = form({"upper": {"Rect": upper, "Ff": MULTILINE}, "lower": {"Rect": lower, "Ff": MULTILINE}})
    template = compile_template(data)
    values = {"upper": "one line\r\nand another", "lower": "a first line\r\nand a second"}
    rows = prove(template, fill(template, values), values, agency_widgets={}).rows
    assert {row.blank: "".join(row.drawn_text.split()) for row in rows} == {
        k: "".join(v.split()) for k, v in values.items()
    }


def test_nothing_fits_a_low_box_always() -> None:
    template = compile_template(form({"name": {"Rect": Array([100, 300, 300, 304])}}))
    assert prove(template, fill(template, {"name": ""}), {"name": ""}, agency_widgets={}).rows[0].drawn_text == ""


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_letters_are_put_in_lines(turn: int) -> None:
    """Letters at their places, turned by hand around the origin."""
    sides = {0: lambda x, y: (x, y), 90: lambda x, y: (-y, x), 180: lambda x, y: (-x, -y), 270: lambda x, y: (y, -x)}
    letters = []
    for line, text in enumerate(("ab", "cd")):
        for n, letter in enumerate(text):
            x, y = sides[turn](10 * n, -12 * line)
            letters.append(ReadLetter(letter, (x - 3, y - 3, x + 3, y + 3), 10.0))
    assert joined(in_lines(letters[::-1], turn)) == "abcd"
