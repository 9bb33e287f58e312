"""A filled form: the official bytes first, every text in its blank, ICE's side empty; the proof is red when not."""

from __future__ import annotations

import hashlib
import io
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.answers import with_path
from assistant.editions.catalog import all_editions
from assistant.editions.form_plan import FilledForm, fill_form, plan_blanks
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.errors import FillError
from assistant.pdf.filling.fill import SPLIT, fill
from assistant.pdf.filling.proof import prove, prove_bytes
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.read_back import DrawnPages, same_text
from tests.editions.scenarios import NAMES, scenario

if TYPE_CHECKING:
    from pathlib import Path

HELD = [edition.name for edition in all_editions() if edition.fillable]
TFM = "moa-tfm/2025-02-12"
WSO = "moa-wso/2025-02-14"


@pytest.fixture(scope="module")
def filled(on_hand: dict[str, FormOnHand]) -> dict[str, FilledForm]:
    return {name: fill_form(form, scenario("example")) for name, form in on_hand.items()}


@pytest.mark.parametrize("name", HELD)
def test_the_official_file_is_the_unchanged_beginning(
    name: str, filled: dict[str, FilledForm], blank_forms: dict[str, bytes]
) -> None:
    data, official = filled[name].data, blank_forms[name]
    assert data[: len(official)] == official
    assert hashlib.sha256(data[: len(official)]).hexdigest() == filled[name].form.sha256
    assert len(data) - len(official) < 17_000


@pytest.mark.parametrize("name", HELD)
def test_the_same_answers_give_the_same_bytes(
    name: str, filled: dict[str, FilledForm], on_hand: dict[str, FormOnHand]
) -> None:
    assert fill_form(on_hand[name], scenario("example")).data == filled[name].data


@pytest.mark.parametrize("name", HELD)
def test_qpdf_finds_nothing_wrong(name: str, filled: dict[str, FilledForm], tmp_path: Path) -> None:
    file = tmp_path / "filled.pdf"
    file.write_bytes(filled[name].data)
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", HELD)
def test_ices_side_and_what_is_written_by_hand_stay_empty(name: str, filled: dict[str, FilledForm]) -> None:
    with pikepdf.open(io.BytesIO(filled[name].data)) as pdf:
        fields = {str(f.get("/T", "")): f for f in pdf.Root.AcroForm.Fields} if "/AcroForm" in pdf.Root else {}
    for blank in filled[name].form.edition.left_blank:
        if blank.line is None:
            assert "/V" not in fields[blank.blank]
    written = {row.blank for row in filled[name].proof.rows}
    assert not written & {b.blank for b in filled[name].form.edition.left_blank if b.widgets is None}


def test_the_shared_title_shows_on_the_agencys_side_only(filled: dict[str, FilledForm]) -> None:
    with DrawnPages(filled[TFM].data) as drawn:
        assert drawn.text_in(8, (89, 226, 240, 249)).strip("_ \r\n") == "Sheriff"
        assert not drawn.text_in(8, (337, 227, 526, 254)).replace("Title:", "").strip("_ \r\n")
    with pikepdf.open(io.BytesIO(filled[TFM].data)) as pdf:
        fields = {str(f.T): f for f in pdf.Root.AcroForm.Fields}
    assert str(fields[f"Title{SPLIT}"].V) == "Sheriff"
    assert "/V" not in fields["Title"]
    assert len(fields["Title"].Kids) == 1


def test_signature_fields_survive(filled: dict[str, FilledForm]) -> None:
    template = compile_template(filled[TFM].data)
    assert {f.name for f in template.fields.values() if f.kind == "Sig"} == {"Signature", "Signature_2"}


def test_every_written_field_prints(filled: dict[str, FilledForm]) -> None:
    template = compile_template(filled[WSO].data)
    assert template.fields["Text6"].widgets[0].printed
    assert not template.fields["Text7"].widgets[0].printed  # ICE's: not ours to change


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("scenario_name", ["accents", "example"])
def test_poppler_reads_what_was_meant(
    name: str, scenario_name: str, on_hand: dict[str, FormOnHand], tmp_path: Path
) -> None:
    made = fill_form(on_hand[name], scenario(scenario_name))
    file = tmp_path / "filled.pdf"
    file.write_bytes(made.data)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout.decode(
        "utf-8"
    )
    bare = "".join(text.split()).replace("_", "")
    for row in made.proof.rows:
        assert "".join(row.text.split()) in bare, row.blank


def test_a_text_that_would_be_cut_is_refused_and_left_out_of_a_draft(on_hand: dict[str, FormOnHand]) -> None:
    with pytest.raises(FillError, match="readable size"):
        fill_form(on_hand[TFM], scenario("long-names"))
    made = fill_form(on_hand[TFM], scenario("long-names"), draft=True)
    cut = {w.entry.blank for w in plan_blanks(on_hand[TFM], scenario("long-names")).blanks if w.clipped}
    assert cut
    assert not cut & {row.blank for row in made.proof.rows}


def test_every_page_of_a_draft_is_marked(on_hand: dict[str, FormOnHand]) -> None:
    for name in HELD:
        made = fill_form(on_hand[name], scenario("example"), draft=True)
        with DrawnPages(made.data) as drawn:
            assert all("DRAFT" in "".join(x.text for x in drawn.letters(page)) for page in range(len(drawn)))


def test_a_fixed_size_is_drawn_smaller_down_to_seven_points(on_hand: dict[str, FormOnHand]) -> None:
    form = on_hand[TFM]
    answers = with_path(scenario("example"), "program_contact.email", "sheriff@some-long-county-name.example.gov")
    made = fill_form(form, answers)
    row = next(row for row in made.proof.rows if row.blank == "Text10")
    assert 7 <= row.size < 12
    node = compile_template(made.data).fields["Text10"].dictionary
    assert f"{row.size:.2f}"[:3].encode() in node["DA"]
    assert len(plan_blanks(form, with_path(answers, "program_contact.email", "x" * 60 + "@example.gov")).blanks) > 0
    with pytest.raises(FillError, match="Text10"):
        fill_form(form, with_path(answers, "program_contact.email", "x" * 60 + "@example.gov"))


def test_a_letter_that_no_font_writes_is_refused(on_hand: dict[str, FormOnHand]) -> None:
    answers = with_path(scenario("example"), "program_contact.full_name", "王小明")
    written = {w.entry.blank: w for w in plan_blanks(on_hand[TFM], answers).blanks}
    assert written["Text6"].missing == "王小明"
    with pytest.raises(FillError, match="Text6"):
        fill_form(on_hand[TFM], answers)


def test_of_two_copies_the_upright_one_is_taken(official_forms: Path) -> None:
    upright = (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes()
    turned = (official_forms / "moa-wso-rev2025-02-14-page7-rotated.pdf").read_bytes()
    assert FormLibrary([turned, upright]).choose("WSO").data == upright
    assert FormLibrary([upright, turned]).choose("WSO").data == upright
    only = FormLibrary([turned]).choose("WSO")
    assert len(fill_form(only, scenario("example")).proof.rows) == 18


# What breaks has to be seen: each of these tampers with a filled form, and the proof must be red.


def example(form: FormOnHand) -> tuple[dict[str, str], dict[str, tuple[int, ...]]]:
    written = [w for w in plan_blanks(form, scenario("example")).blanks if w.text]
    return {w.entry.blank: w.text for w in written}, {
        w.entry.blank: w.entry.widgets for w in written if w.entry.widgets
    }


def test_a_changed_official_byte_is_red(on_hand: dict[str, FormOnHand], filled: dict[str, FilledForm]) -> None:
    template = on_hand[TFM].template
    assert template is not None
    data = bytearray(filled[TFM].data)
    data[5000] ^= 1
    with pytest.raises(FillError, match="official form"):
        prove_bytes(template, bytes(data))


def test_the_title_on_both_sides_is_red(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand[TFM].template
    assert template is not None
    values, own = example(on_hand[TFM])
    both = fill(template, values)
    with pytest.raises(FillError):
        prove(template, both, values, agency_widgets=own, never=[("Title", 8, (337, 227, 526, 254))])


def test_a_swapped_blank_is_red(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand[TFM].template
    assert template is not None
    values, own = example(on_hand[TFM])
    swapped = values | {"Text6": values["Text7"], "Text7": values["Text6"]}
    with pytest.raises(FillError, match="Text6"):
        prove(template, fill(template, swapped, agency_widgets=own), values, agency_widgets=own)


def test_a_dropped_accent_is_red(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand[WSO].template
    assert template is not None
    values, own = example(on_hand[WSO])
    data = fill(template, values | {"Public Affairs Officer": "Dana Núñez"}, agency_widgets=own)
    # The value stays right, the letters drawn do not.
    data = data.replace(b"Dana N\xfa\xf1ez", b"Dana Nunez").replace(b"(Dana N\\372\\361ez)", b"(Dana Nunez)")
    with pytest.raises(FillError, match="Public Affairs Officer"):
        prove(template, data, values | {"Public Affairs Officer": "Dana Núñez"}, agency_widgets=own)


def test_a_lost_print_flag_is_red(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand[WSO].template
    assert template is not None
    values, own = example(on_hand[WSO])
    data = fill(template, values, agency_widgets=own)
    widget = template.fields["Text6"].widgets[0]
    head = b"%d 0 obj\n" % widget.number
    at = data.rindex(head)
    end = data.index(b"endobj", at)
    broken = data[:at] + data[at:end].replace(b"/F 4", b"/F 0") + data[end:]
    with pytest.raises(FillError, match="Text6"):
        prove(template, broken, values, agency_widgets=own)


def test_a_letter_on_ices_side_is_red(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand[WSO].template
    assert template is not None
    values, own = example(on_hand[WSO])
    data = fill(template, values | {"Text9": "Director"}, agency_widgets=own)
    with pytest.raises(FillError):
        prove(template, data, values, agency_widgets=own)


def test_same_text_knows_composed_letters() -> None:
    assert same_text("Núñez", "Nu\u0301n\u0303ez")
    assert not same_text("Núñez", "Nunez")


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_drawn_under_six_points_without_a_finding(name: str, on_hand: dict[str, FormOnHand]) -> None:
    for form in on_hand.values():
        small = [w for w in plan_blanks(form, scenario(name)).blanks if w.text and w.prints_at < 6]
        if small:
            with pytest.raises(FillError):
                fill_form(form, scenario(name))
        else:
            assert all(row.size >= 5.9 for row in fill_form(form, scenario(name)).proof.rows)
