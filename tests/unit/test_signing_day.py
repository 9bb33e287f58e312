"""The signing-day sheet: the right pages, marks on the right lines, codes that a scanner reads; the bundle stays."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from assistant.answers import Answers, dump
from assistant.cli.main import run
from assistant.documents.code_picture import code_picture
from assistant.documents.letter import letter_of_interest
from assistant.documents.letter_picture import letter_to_sign
from assistant.documents.signing_day import code_text
from assistant.documents.signing_picture import page_to_sign, pages_to_sign
from assistant.editions.catalog import all_editions, get_edition
from assistant.editions.library import FormLibrary
from assistant.pdf.viewer.render import page_png
from assistant.services.application.make_bundle import make
from assistant.services.application.signing_day import signing_day_of

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 2, 1)


def codes_on(data: bytes) -> set[str]:
    """Return what the codes of a PDF say, read off its pages as a scanner draws them."""
    read = set()
    for page in range(len(PdfReader(io.BytesIO(data)).pages)):
        picture = np.asarray(Image.open(io.BytesIO(page_png(data, page, width=2550))).convert("L"))
        ok, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(picture)
        read |= set(texts) if ok else set()
    return read


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


def test_each_page_to_sign_has_its_picture_its_boxes_and_its_code(ready: Answers, library: FormLibrary) -> None:
    bundle = make(ready, library, today=TODAY, draft=False)
    data = signing_day_of(bundle.data, reference="A1B2C3D4")
    assert data == signing_day_of(bundle.data, reference="A1B2C3D4")
    text = words_of(data)
    expected = {code_text("A1B2C3D4", "01-letter-of-interest.pdf", 1, 1)}
    for model, form in bundle.forms.items():
        for page in pages_to_sign(form.edition):
            expected.add(code_text("A1B2C3D4", f"02-moa-{model.lower()}.pdf", page, form.edition.pages or 0))
    assert codes_on(data) == expected
    assert all(code in text for code in expected), "the code is there as text, too"
    assert text.count("Sign here") == text.count("Date here") == len(expected)
    assert text.count("Nothing is written on ICE’s side") == len(bundle.forms)
    assert "Jordan Núñez" in text
    assert all(nominee.full_name not in text for nominee in ready.nominees if nominee.full_name)


def test_the_bundle_is_as_it_was(ready: Answers, library: FormLibrary) -> None:
    bundle = make(ready, library, today=TODAY, draft=False)
    before = bundle.sha256
    signing_day_of(bundle.data, reference=before[:8])
    assert bundle.sha256 == before
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as packed:
        assert not any("signing-day" in name for name in packed.namelist())


def test_a_model_without_its_form_is_said_and_not_drawn(ready: Answers, tmp_path: Path) -> None:
    bundle = make(ready, FormLibrary.from_directory(tmp_path), today=TODAY, draft=False)
    data = signing_day_of(bundle.data, reference="A1B2C3D4")
    text = words_of(data)
    assert "the official form is not in this bundle" in text
    assert "entry-sheet" not in text
    assert codes_on(data) == {code_text("A1B2C3D4", "01-letter-of-interest.pdf", 1, 1)}


@pytest.mark.parametrize("edition", [one.name for one in all_editions() if one.signing_page])
def test_every_edition_names_the_pages_to_sign(edition: str) -> None:
    one = get_edition(edition)
    assert one.signing_page in pages_to_sign(one)
    assert all(1 <= page <= (one.pages or page) for page in pages_to_sign(one))


def test_what_cannot_be_drawn_has_no_picture() -> None:
    edition = get_edition("moa-tfm/2025-03-07")
    assert page_to_sign(edition, b"%PDF-", 9, share=0.5) is None
    assert letter_to_sign(b"%PDF-", 1, share=0.5) is None


def test_the_marks_of_the_letter_stand_over_its_lines(ready: Answers) -> None:
    """A name of the word "Signature" in the letter moves no mark."""
    odd = replace(ready, agency=replace(ready.agency, legal_name="Signature Date County Sheriff"))
    for answers in (ready, odd):
        data = letter_of_interest(answers, today=TODAY, draft=False)
        picture = letter_to_sign(data, len(PdfReader(io.BytesIO(data)).pages), share=0.5)
        assert picture
        assert [mark.text for mark in picture.marks] == ["Sign here", "Date here"]
        sign, day = picture.marks
        assert 0.5 < sign.part[1] < sign.part[3] < day.part[1] < day.part[3] < 0.95
        assert sign.part[0] == pytest.approx(64 / 612, abs=0.005)


@pytest.mark.parametrize("text", ["287G A1B2C3D4 02-moa-tfm.pdf 9/14", "x", "287G " + "A" * 60])
def test_a_code_is_read_as_it_was_written(text: str) -> None:
    picture = code_picture(text, share=0.2)
    import zlib  # noqa: PLC0415 - only the picture's bytes are packed

    pixels = np.frombuffer(zlib.decompress(picture.pixels), np.uint8).reshape(picture.size[1], picture.size[0])
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == text


def test_the_command_refuses_what_blocks(
    ready: Answers, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "answers.json", tmp_path / "day.pdf"
    file.write_text(dump(ready), "utf-8")
    options = ["--forms", str(official_forms), "--today", "2026-02-01"]
    assert run(["application", "signing-day", str(file), "--out", str(out), *options]) == 0
    assert "written for bundle" in capsys.readouterr().err
    assert out.read_bytes().startswith(b"%PDF-")
    file.write_text(dump(replace(ready, signatory=replace(ready.signatory, full_name=None))), "utf-8")
    other = tmp_path / "none.pdf"
    assert run(["application", "signing-day", str(file), "--out", str(other), *options]) == 1
    assert not other.exists()


@pytest.mark.parametrize(
    ("edition", "file"),
    [
        ("moa-tfm/2025-02-12", "moa-tfm-rev2025-02-12.pdf"),
        ("moa-jem/2025-02-15", "moa-jem-rev2025-02-15-flat.pdf"),
        ("moa-wso/2025-02-14", "moa-wso-rev2025-02-14-page7-rotated.pdf"),
    ],
)
def test_each_page_stands_upright_with_the_agencys_marks_on_the_left(
    official_forms: Path, edition: str, file: str
) -> None:
    one, data = get_edition(edition), (official_forms / file).read_bytes()
    for page in pages_to_sign(one):
        picture = page_to_sign(one, data, page, share=0.5)
        assert picture
        assert picture.size[1] > picture.size[0], "upright, also where the page lies on its side in the file"
        assert all((mark.part[2] < 0.55) == mark.ours for mark in picture.marks)
        assert sum(mark.text == "Sign here" for mark in picture.marks) == 1
