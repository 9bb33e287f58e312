"""The traps of a form: each says what is true of this very field, and a form's own default is nobody's entry."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from assistant.editions.library import FormLibrary
from assistant.editions.recognition import filled_blanks, inspect
from assistant.mapping.drafts import draft_edition
from assistant.pdf.form.template import compile_template
from assistant.services.form_maps.filled_copies import refuse_filled
from tests.unit.made_forms import pictured, printed, with_fields
from tests.unit.made_office_forms import office_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LEFT, RIGHT, LEFT_BELOW = (72, 600, 250, 616), (330, 600, 520, 616), (72, 560, 250, 576)
HEADINGS = [(72, 700, "For the LEA:"), (330, 700, "For ICE:")]


def messages(data: bytes) -> dict[str, str]:
    return {trap.code: trap.message for trap in inspect(data).traps}


def form(
    folder: Path, lines: Sequence[tuple[float, float, str]], boxes: Sequence[Sequence[float]], **keys: Any
) -> bytes:
    """Return a form with one field in several places; ``keys`` are set on each of them."""
    paper = printed(folder / "paper.pdf", lines or [(72, 740, "A form")])
    data = with_fields(paper, folder / "form.pdf", [("Title", 1, box) for box in boxes])
    return changed(data, **keys)


def changed(data: bytes, **keys: Any) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            for key, value in keys.items():
                field[f"/{key}"] = value
        pdf.save(out, static_id=True)
    return out.getvalue()


def test_a_field_under_both_headings_stands_on_both_sides(tmp_path: Path) -> None:
    found = messages(form(tmp_path, HEADINGS, [LEFT, RIGHT]))
    assert "both the agency’s and ICE’s side" in found["shared-across-sides"]
    assert "shared-field" not in found


@pytest.mark.parametrize(
    ("lines", "boxes"),
    [
        pytest.param([], [LEFT, RIGHT], id="side by side without headings"),
        pytest.param(HEADINGS, [LEFT, LEFT_BELOW], id="both under one heading"),
        pytest.param([HEADINGS[0]], [LEFT, RIGHT], id="one heading over both"),
    ],
)
def test_a_field_in_two_places_is_on_both_sides_only_where_the_form_says_so(
    tmp_path: Path, lines: list[tuple[float, float, str]], boxes: list[tuple[float, ...]]
) -> None:
    found = messages(form(tmp_path, lines, boxes))
    assert "shared-across-sides" not in found
    assert found["shared-field"] == "One field shows its value in 2 places."


def test_boxes_to_tick_show_no_value(tmp_path: Path) -> None:
    found = messages(form(tmp_path, [], [LEFT, RIGHT], FT=pikepdf.Name.Btn, V=pikepdf.Name.Off))
    assert found == {"shared-field": "One field has 2 boxes to check; this program checks none of them."}


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        pytest.param({"V": "Dana"}, "prefilled", "already holds a text", id="a text"),
        pytest.param({"V": "Dana", "DV": "Name"}, "prefilled", "already holds a text", id="another than the default"),
        pytest.param({"V": "Name", "DV": "Name"}, "default-value", "comes with text", id="the default"),
        pytest.param({"V": " ", "DV": ""}, None, "", id="a space"),
        pytest.param({"DV": "Name"}, None, "", id="a default that is not set"),
        pytest.param({"FT": "/Btn", "V": "/Off"}, None, "", id="a box not ticked"),
        pytest.param({"FT": "/Btn", "V": "/Yes"}, "prefilled", "already checked", id="a ticked box"),
        pytest.param({"FT": "/Btn", "V": "/Yes", "DV": "/Yes"}, "default-value", "box checked", id="ticked by default"),
        pytest.param({"FT": "/Ch", "V": "Red"}, "prefilled", "choice is already made", id="a choice"),
        pytest.param({"FT": "/Ch", "V": "Red", "DV": "Red"}, "default-value", "choice made", id="the default choice"),
    ],
)
def test_what_a_field_holds_is_called_what_it_is(
    tmp_path: Path, keys: dict[str, str], code: str | None, said: str
) -> None:
    values = {key: pikepdf.Name(value) if value.startswith("/") else value for key, value in keys.items()}
    found = messages(form(tmp_path, [], [LEFT], **values))
    told = {"prefilled", "default-value"} & found.keys()
    assert told == ({code} if code else set())
    if code:
        assert said in found[code]


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize(
    ("look", "is_lost"), [(b"/Tx BMC\nEMC\n", True), (b"/Tx BMC BT /Helv 9 Tf (Red) Tj ET EMC", False)]
)
def test_a_default_that_only_readers_draw_is_told(tmp_path: Path, look: bytes, *, is_lost: bool, asks: bool) -> None:
    data = form(tmp_path, [], [LEFT], FT=pikepdf.Name("/Ch"), V="Red", DV="Red")
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root.AcroForm.NeedAppearances = asks
        (field,) = pdf.Root.AcroForm.Fields
        field.AP = pikepdf.Dictionary(N=pdf.make_stream(look, Type=pikepdf.Name.XObject, BBox=[0, 0, 9, 9]))
        pdf.save(out, static_id=True)
    said = messages(out.getvalue())["default-value"]
    assert ("it is no longer shown" in said) is (is_lost and asks)


def test_a_box_that_only_fits_short_texts_is_narrow_and_one_with_lines_is_not(tmp_path: Path) -> None:
    style = {"DA": "/Helv 10 Tf 0 g"}
    narrow = messages(form(tmp_path, [], [(72, 600, 130, 616)], **style))
    assert "A long text, such as an agency’s full name, does not fit there" in narrow["fixed-small"]
    lines = messages(form(tmp_path, [], [(72, 540, 150, 616)], Ff=1 << 12, **style))
    assert "fixed-small" not in lines


def test_a_default_is_no_filling() -> None:
    def with_title(value: str, default: str) -> bytes:
        def change(pdf: pikepdf.Pdf) -> None:
            field = next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "title")
            field.V, field.DV = value, default

        return office_letter(change, redrawn=False)

    for value, default, filled in (("Title", "Title", ()), ("Chief", "Title", ("title",))):
        data = with_title(value, default)
        template = compile_template(data)
        edition = draft_edition(template, ()).edition
        assert filled_blanks(template, edition) == filled
        if not filled:
            refuse_filled(edition, template, FormLibrary())


def test_a_form_of_pictures_is_called_a_scan(tmp_path: Path) -> None:
    upright = pictured(tmp_path / "a.pdf", pages=2)
    assert messages(upright.read_bytes()) == {
        "only-pictures": "The pages are pictures without text, as a scanner makes them. Get the form as ICE publishes "
        "it, not a scan."
    }
    with pikepdf.open(upright) as pdf:
        for page in pdf.pages:
            page.Rotate = 90
        pdf.save(tmp_path / "b.pdf")
    assert "may show two pages each" in messages((tmp_path / "b.pdf").read_bytes())["only-pictures"]
    assert not messages(printed(tmp_path / "c.pdf", [(72, 700, "Words")]).read_bytes())
