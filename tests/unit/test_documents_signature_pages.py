"""The pages to sign alone: they look as in the agreement, hold what was written, and change nothing in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from assistant.documents.signature_pages import PLACE, blank_signature_pages, signature_pages
from assistant.editions.form_plan import FilledForm, fill_form
from assistant.editions.library import FormLibrary
from assistant.pdf.viewer.render import page_count, page_png
from assistant.services.application.make_bundle import make
from assistant.web.application.bundle_preview import title_of

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers, Model

TODAY = date(2026, 2, 1)
EDITIONS: dict[str, Model] = {"2025-02-12": "TFM", "2025-03-07": "TFM", "2025-02-15": "JEM", "2025-02-14": "WSO"}


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


def filled_form(library: FormLibrary, answers: Answers, edition: str, *, draft: bool = False) -> FilledForm:
    return fill_form(library.choose(EDITIONS[edition], edition), answers, draft=draft)


def copied(form: FilledForm) -> bytes:
    found = signature_pages([form], agency="Example County Sheriff’s Office", day=TODAY)
    assert found
    return found


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Say whether two pictures differ by no more than the smoothing at the edges of letters."""
    return one.size == other.size and max(ImageChops.difference(one, other).tobytes()) < 40


def picture(data: bytes, page: int) -> Image.Image:
    return Image.open(BytesIO(page_png(data, page, width=900))).convert("L")


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_copy_looks_as_the_page_in_the_agreement(
    library: FormLibrary,
    ready: Answers,
    edition: str,
    draft: bool,  # noqa: FBT001
) -> None:
    form = filled_form(library, ready, edition, draft=draft)
    page = form.form.edition.signing_page
    assert page
    data = copied(form)
    assert data == copied(form)
    assert page_count(data) == 1
    assert alike(picture(data, 0), picture(form.data, page - 1))
    assert not alike(picture(data, 0), picture(form.form.data or b"", page - 1))


def test_a_turned_page_stays_as_its_form_has_it(official_forms: Path, ready: Answers, tmp_path: Path) -> None:
    name = "moa-wso-rev2025-02-14-page7-rotated.pdf"
    (tmp_path / name).write_bytes((official_forms / name).read_bytes())
    form = fill_form(FormLibrary.from_directory(tmp_path).choose("WSO"), ready)
    assert alike(picture(copied(form), 0), picture(form.data, 6))


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_was_written_is_drawn_and_can_no_longer_be_changed(
    library: FormLibrary, ready: Answers, edition: str
) -> None:
    reader = PdfReader(BytesIO(copied(filled_form(library, ready, edition, draft=True))), strict=True)
    text = reader.pages[0].extract_text()
    assert str(ready.signatory.title) in text
    assert "DRAFT – not ready to be signed or sent" in text
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/AcroForm" not in root
    assert "/Annots" not in reader.pages[0]
    assert reader.metadata is not None
    assert reader.metadata.title == "Signature pages – Example County Sheriff’s Office"


def test_nothing_but_the_page_is_carried_along(library: FormLibrary, ready: Answers) -> None:
    form = filled_form(library, ready, "2025-03-07")
    data = copied(form)
    assert len(data) < len(form.data)
    assert data.count(b"/Type /Page/") + data.count(b"/Type /Page ") == 1


def test_the_bundle_holds_one_page_for_each_agreement(library: FormLibrary, ready: Answers) -> None:
    for models in (("WSO",), ("JEM", "TFM", "WSO")):
        answers = replace(ready, models=models)
        made = make(answers, library, today=TODAY, draft=True)
        with ZipFile(BytesIO(made.data)) as bundle:
            files = {name.rpartition("/")[2]: bundle.read(name) for name in bundle.namelist()}
        assert page_count(files[PLACE]) == len(models)
        assert PLACE in files["manifest.json"].decode()
        says = " ".join(files["README.txt"].decode().split())
        assert f"{PLACE} only the signature page of each MOA" in says
        assert "send the whole MOA with it" in says
        told = " ".join(
            " ".join(p.extract_text() for p in PdfReader(BytesIO(files["05-signing-instructions.pdf"])).pages).split()
        )
        assert f"{PLACE} has only the signature page of each MOA" in told


def test_without_an_official_form_there_is_no_such_file(ready: Answers) -> None:
    made = make(ready, FormLibrary(), today=TODAY, draft=True)
    with ZipFile(BytesIO(made.data)) as bundle:
        assert not [name for name in bundle.namelist() if PLACE in name]
        assert PLACE.encode() not in b"".join(bundle.read(name) for name in bundle.namelist() if "README" in name)
    assert signature_pages([], agency="", day=TODAY) is None


def test_a_form_that_does_not_say_where_to_sign_is_left_out(library: FormLibrary, ready: Answers) -> None:
    filled = filled_form(library, ready, "2025-02-14")
    form = replace(filled.form, edition=replace(filled.form.edition, signing_page=None))
    unsaid = replace(filled, plan=replace(filled.plan, form=form))
    assert signature_pages([unsaid], agency="", day=TODAY) is None


def test_blank_pages_are_those_of_the_forms(library: FormLibrary) -> None:
    forms = [library.choose("JEM"), library.choose("TTFM"), library.choose("WSO")]
    data = blank_signature_pages(forms, day=TODAY)
    assert data
    assert page_count(data) == 2
    for number, form in enumerate((forms[0], forms[2])):
        page = form.edition.signing_page
        assert page
        assert alike(picture(data, number), picture(form.data or b"", page - 1))


def test_the_page_of_documents_calls_the_file_by_what_it_is() -> None:
    assert title_of(PLACE) == "Signature pages alone"
