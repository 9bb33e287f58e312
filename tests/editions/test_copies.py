"""Copies of an official form: changed words, actions, fonts and protections are told, and known prints come first."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from assistant.cli import main as cli
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.editions.recognition import altered, inspect, recognise, unfit
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.label import label_fields
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from tests.editions.scenarios import scenario
from tests.editions.synthetic import synthetic_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TFM, WSO = "moa-tfm/2025-02-12", "moa-wso/2025-02-14"


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def one_more_sentence(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[1]
    page.Resources.Font.Hx = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.contents_add(b"q BT /Hx 11 Tf 72 60 Td (The LEA shall pay ICE one million dollars.) Tj ET Q")


def test_a_copy_with_other_words_is_refused(
    blank_forms: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    data = changed(blank_forms[WSO], one_more_sentence)
    edition = recognise(compile_template(data))
    assert edition
    assert altered(compile_template(data), edition)
    assert FormLibrary([data]).on_hand() == ()
    (tmp_path / "a.pdf").write_bytes(data)
    assert cli.run(["forms", "add", str(tmp_path / "a.pdf")]) == 2
    assert "The text on this copy" in capsys.readouterr().err


def test_the_same_words_saved_anew_or_turned_are_the_form(blank_forms: dict[str, bytes]) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[2].rotate(90, relative=True)

    for name, data in blank_forms.items():
        for copy in (changed(data, lambda _: None), changed(data, turn)):
            template = compile_template(copy)
            edition = recognise(template)
            assert edition
            assert edition.name == name
            assert not altered(template, edition)


@pytest.mark.parametrize("known_first", [True, False])
def test_a_known_print_is_taken_before_any_other_copy(blank_forms: dict[str, bytes], *, known_first: bool) -> None:
    copy = changed(blank_forms[WSO], lambda _: None)
    both = [blank_forms[WSO], copy] if known_first else [copy, blank_forms[WSO]]
    (form,) = FormLibrary(both).on_hand()
    assert form.data == blank_forms[WSO]


@pytest.mark.parametrize(
    "action",
    [
        Dictionary(S=Name.ResetForm),
        Dictionary(S=Name.Hide, T="Title"),
        Dictionary(S=Name.Named, N=Name.Print),
        Dictionary(S=Name.URI, URI="https://example.gov/"),
    ],
    ids=lambda action: str(action.S),
)
@pytest.mark.parametrize("where", ["OpenAction", "AA"])
def test_an_action_that_runs_by_itself_is_active_content(
    blank_forms: dict[str, bytes], action: Dictionary, where: str
) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.Root[f"/{where}"] = action if where == "OpenAction" else Dictionary(WC=action)

    found = inspect(changed(blank_forms[TFM], add))
    assert found.edition is None
    assert "active-content" in {trap.code for trap in found.traps}


def test_a_font_of_which_only_some_letters_are_embedded_writes_nothing(blank_forms: dict[str, bytes]) -> None:
    def subset(pdf: pikepdf.Pdf) -> None:
        program = pdf.make_stream(b"no font at all")
        descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name("/ABCDEF+ArialMT"), FontFile2=program)
        font = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ABCDEF+ArialMT"), FirstChar=32, LastChar=126,
            Widths=Array([556] * 95), Encoding=Name.WinAnsiEncoding, FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip
        pdf.Root.AcroForm.DR.Font.Helv = pdf.make_indirect(font)

    template = compile_template(changed(blank_forms[TFM], subset))
    values = {"Text6": "Sam O'Brien"}
    assert {widget.font for widget in template.fields["Text6"].widgets} == {None}
    out = fill(template, values)
    assert b"F287" in out[len(template.data) :]
    assert prove(template, out, values, agency_widgets={}).rows[0].drawn_text == "Sam O'Brien"


def test_letters_without_a_width_are_written_with_another_font(blank_forms: dict[str, bytes]) -> None:
    def flat(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.ArialMT, FirstChar=32, LastChar=126,
            Widths=Array([0] * 95), Encoding=Name.WinAnsiEncoding,
        )  # fmt: skip
        pdf.Root.AcroForm.DR.Font.Helv = pdf.make_indirect(font)

    template = compile_template(changed(blank_forms[TFM], flat))
    out = fill(template, {"Text6": "Sam"})
    assert b"F287" in out[len(template.data) :]


@pytest.mark.parametrize("turn", [45, -45, 100])
def test_a_page_turned_by_no_whole_quarter_is_filled_and_labelled(blank_forms: dict[str, bytes], turn: int) -> None:
    def turned(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].obj.Rotate = turn

    data = changed(blank_forms[TFM], turned)
    edition = inspect(data).edition
    assert edition
    made = fill_form(FormOnHand(edition=edition, data=data), scenario("example"), draft=True)
    assert made.data.startswith(data)
    assert label_fields(compile_template(data))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_form_all_of_whose_pages_are_turned_is_known_and_filled(blank_forms: dict[str, bytes], turn: int) -> None:
    def turned(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.rotate(turn, relative=True)

    for name, blank in blank_forms.items():
        data = changed(blank, turned)
        edition = inspect(data).edition
        assert edition
        assert edition.name == name
        for draft in (True, False):
            made = fill_form(FormOnHand(edition=edition, data=data), scenario("accents"), draft=draft)
            assert made.data.startswith(data)
            assert made.proof.rows


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("edition", [TFM, WSO])
def test_a_copy_whose_fields_readers_draw_anew_is_filled(
    blank_forms: dict[str, bytes], edition: str, *, direct: bool
) -> None:
    def needing(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.NeedAppearances = True
        if direct:
            pdf.Root.AcroForm = Dictionary(dict(pdf.Root.AcroForm.items()))

    data = changed(blank_forms[edition], needing)
    found = inspect(data).edition
    assert found
    made = fill_form(FormOnHand(edition=found, data=data), scenario("accents"))
    assert made.data.startswith(data)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert not pdf.Root.AcroForm.NeedAppearances


def test_a_copy_with_a_value_that_only_some_readers_draw_is_refused(blank_forms: dict[str, bytes]) -> None:
    def needing(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.NeedAppearances = True
        opla = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Local OPLA Location")
        opla.V = pikepdf.String("El Paso")

    library = FormLibrary([changed(blank_forms[TFM], needing)])
    assert library.on_hand() == ()
    template = compile_template(changed(blank_forms[TFM], needing))
    edition = recognise(template)
    assert edition
    assert "only some readers show" in unfit(template, edition)


def test_what_a_shared_field_has_goes_along_when_it_is_split(blank_forms: dict[str, bytes]) -> None:
    def with_default(pdf: pikepdf.Pdf) -> None:
        title = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Title")
        title.DV = pikepdf.String("")
        title.TM = pikepdf.String("title")

    data = changed(blank_forms[TFM], with_default)
    edition = inspect(data).edition
    assert edition
    made = fill_form(FormOnHand(edition=edition, data=data), scenario("accents"))
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        title = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Title (agency)")
        assert (str(title.DV), str(title.TM)) == ("", "title")


def xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def certified(pdf: pikepdf.Pdf) -> None:
    rights = Dictionary(Type=Name.TransformParams, P=1, V=Name("/1.2"))
    reference = Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP, TransformParams=rights)
    value = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 10, 20, 10]), Contents=b"0" * 20,
        Reference=Array([reference]),
    )  # fmt: skip
    signature = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Signature_2")
    signature.V = pdf.make_indirect(value)
    pdf.Root.Perms = Dictionary(DocMDP=signature.V)


@pytest.mark.parametrize(("change", "why"), [(xfa, "XFA form"), (certified, "certificate allows no changes")])
def test_a_form_that_cannot_be_filled_is_not_kept(
    *,
    blank_forms: dict[str, bytes],
    change: Callable[[pikepdf.Pdf], None],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    file = tmp_path / "forms" / "a.pdf"
    file.parent.mkdir()
    file.write_bytes(changed(blank_forms[TFM], change))
    commands: list[list[str]] = [["forms", "add", str(file)]]
    if change is xfa:
        commands.append(["forms", "map", str(file), "--out", str(tmp_path / "drafts"), "--form", "TFM"])
    for command in commands:
        assert cli.run(command) == 2
        said = capfd.readouterr().err
        assert why in said
        assert said.count("\n") == 1
    assert not (tmp_path / "drafts").exists()
    (told,) = FormLibrary.from_directory(file.parent).passed_over.values()
    assert why in told


def test_letters_stay_inside_a_border_that_is_drawn(tmp_path: Path) -> None:
    def thick(pdf: pikepdf.Pdf) -> None:
        for field in pdf.Root.AcroForm.Fields:
            if field.T == "fixed":
                field.MK, field.BS = Dictionary(BC=Array([0])), Dictionary(W=3, S=Name.S)

    template = compile_template(changed(synthetic_form(), thick))
    (widget,) = template.fields["fixed"].widgets
    text = "Judge Quigley"
    found = template.measure("fixed", text)
    base = widget.box.baseline(found.size)
    assert not found.clipped
    assert base - 0.212 * found.size >= 3
    assert base + 0.729 * found.size <= widget.box.height - 3
    out = fill(template, {"fixed": text})
    assert prove(template, out, {"fixed": text}, agency_widgets={}).rows[0].size == pytest.approx(found.size, abs=0.01)
    (tmp_path / "filled.pdf").write_bytes(out)


def test_an_old_value_as_rich_text_goes_with_the_old_value(blank_forms: dict[str, bytes]) -> None:
    def rich(pdf: pikepdf.Pdf) -> None:
        field = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Text6")
        field.Ff, field.V, field.RV = 1 << 25, "Old", "<body><p>Old</p></body>"

    template = compile_template(changed(blank_forms[TFM], rich))
    out = fill(template, {"Text6": "New"})
    prove(template, out, {"Text6": "New"}, agency_widgets={})
    with pikepdf.open(io.BytesIO(out)) as pdf:
        field = next(f for f in pdf.Root.AcroForm.Fields if f.T == "Text6")
        assert (str(field.V), "/RV" in field) == ("New", False)


def from_another_corner(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.contents_add(b"q 1 0 0 1 100 50 cm", prepend=True)
        page.contents_add(b"Q")
        page.MediaBox = Array([100, 50, 712, 842])
        if "/CropBox" in page.obj:
            del page.obj["/CropBox"]


def test_a_blank_copy_at_other_places_is_not_called_filled_alone(blank_forms: dict[str, bytes]) -> None:
    data = changed(blank_forms["moa-jem/2025-02-15"], from_another_corner)
    library = FormLibrary()
    assert "or its text is not where it is" in library._take(data)
    assert library.on_hand() == ()


def test_a_field_that_holds_a_space_is_blank(blank_forms: dict[str, bytes]) -> None:
    def spaced(pdf: pikepdf.Pdf) -> None:
        for field in pdf.Root.AcroForm.Fields:
            if field.get("/FT") == Name.Tx:
                field.V = pikepdf.String(" ")

    assert [form.edition.name for form in FormLibrary([changed(blank_forms[TFM], spaced)]).on_hand()] == [TFM]
