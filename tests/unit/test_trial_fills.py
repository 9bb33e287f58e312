"""A form is registered only where a trial fill works, and a fill is compared with the form as it is drawn then."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.cli import main as cli
from assistant.editions.catalog import local_editions_dir
from assistant.editions.library import FormLibrary
from assistant.editions.recognition import recognise
from assistant.errors import FillError, InputError
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.edition_drafts import register
from tests.unit.conftest import TODAY
from tests.unit.made_office_forms import draft_folder, field_of, office_letter

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers

VALUES = {"title": "Sheriff"}


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each test an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.mark.parametrize("mark", ["", "DRAFT – not ready to be signed or sent"])
@pytest.mark.parametrize("redrawn", [True, False])
def test_boxes_that_readers_draw_otherwise_are_no_work_of_the_fill(mark: str, *, redrawn: bool) -> None:
    template = compile_template(office_letter(redrawn=redrawn))
    for text in ("Sheriff", "Núñez ễ"):  # the second fill of a page is compared by the added layer alone
        values = {"title": text}
        data = fill(template, values, mark=mark)
        (row,) = prove(template, data, values, agency_widgets={}, mark=mark).rows
        assert row.drawn_text == text


def test_what_the_fill_itself_adds_elsewhere_is_still_found() -> None:
    template = compile_template(office_letter())
    data = fill(template, {"title": "Sheriff", "name": "Jordan Example"})
    with pytest.raises(FillError, match="there is something where nothing was to be written"):
        prove(template, data, {"title": "Sheriff"}, agency_widgets={})


def with_default(text: str) -> bytes:
    """Return the letter with a default value in its title, drawn where a fill would draw the same text."""
    filled = fill(compile_template(office_letter(redrawn=False)), {"title": text})
    with pikepdf.open(BytesIO(filled)) as pdf:
        look = field_of(pdf, "title").AP.N
        drawn, box = look.read_bytes(), [float(n) for n in look.BBox]

    def change(pdf: pikepdf.Pdf) -> None:
        field = field_of(pdf, "title")
        field.V = field.DV = pikepdf.String(text)
        resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=pdf.Root.AcroForm.DR.Font.Helv))
        form = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": box, "Resources": resources}
        field.AP = pikepdf.Dictionary(N=pdf.make_stream(drawn, **form))

    return office_letter(change, redrawn=False)


@pytest.mark.parametrize("default", ["Sheriff", "Chief of Police"])
def test_an_answer_may_be_the_default_that_the_form_comes_with(default: str) -> None:
    template = compile_template(with_default(default))
    assert template.fields["title"].value == default
    for _ in range(2):
        data = fill(template, VALUES)
        (row,) = prove(template, data, VALUES, agency_widgets={}).rows
        assert row.drawn_text == "Sheriff"


def test_a_registered_office_letter_goes_into_a_bundle(ready: Answers, tmp_path: Path) -> None:
    data = office_letter()
    edition = register(draft_folder(data, tmp_path), data)
    answers = replace(ready, models=("TFM",))
    library = FormLibrary([data])
    letter = library.letter()
    assert letter
    assert letter.edition == edition
    assert make(answers, library, today=TODAY, draft=True).data


def test_the_letter_of_the_case_is_filled(shared: Path) -> None:
    template = compile_template((shared / "cases" / "pdf" / "libreoffice-form-cleared.pdf").read_bytes())
    values = {"City Text Box": "Example City"}
    (row,) = prove(template, fill(template, values), values, agency_widgets={}).rows
    assert row.drawn_text == "Example City"


def hide(pdf: pikepdf.Pdf) -> None:
    field_of(pdf, "title").F = 2


def make_narrow(pdf: pikepdf.Pdf) -> None:
    x0, y0, _, y1 = (float(n) for n in field_of(pdf, "name").Rect)
    field_of(pdf, "name").Rect = [x0, y0, x0 + 9, y1]


def make_short(pdf: pikepdf.Pdf) -> None:
    x0, y0, _, y1 = (float(n) for n in field_of(pdf, "name").Rect)
    field_of(pdf, "name").Rect = [x0, y0, x0 + 40, y1]


def test_registering_refuses_a_blank_that_cannot_be_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = office_letter(hide)
    (tmp_path / "letter.pdf").write_bytes(data)
    folder = draft_folder(data, tmp_path)
    assert cli.run(["setup"]) == 0
    capsys.readouterr()
    assert cli.run(["forms", "register", str(folder), str(tmp_path / "letter.pdf")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "title" in said
    assert "on page 1" in said
    assert "Leave it empty in the map, or get another copy of the form." in said
    assert not list(local_editions_dir().glob("*/*/edition.toml")), "nothing was registered"
    assert recognise(compile_template(data)) is None


def test_registering_refuses_a_blank_too_small_for_any_text(tmp_path: Path) -> None:
    data = office_letter(make_narrow)
    with pytest.raises(InputError, match=r"“.*name.*” on page 1 is too small .* Leave it empty in the map"):
        register(draft_folder(data, tmp_path), data)


def test_a_blank_that_only_short_texts_fit_is_registered(tmp_path: Path) -> None:
    data = office_letter(make_short)
    assert register(draft_folder(data, tmp_path), data).is_letter
