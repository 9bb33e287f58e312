"""The picture of where to sign: over the right lines, told in words too, never on the official form itself."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from pypdf import PdfReader

from assistant.documents.signing_instructions import signing_instructions
from assistant.documents.signing_picture import signing_picture
from assistant.editions.catalog import get_edition
from assistant.editions.library import FormLibrary, FormOnHand

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers, Model
    from assistant.documents.blocks import Picture

TODAY = date(2026, 2, 1)
FILES = {
    "moa-tfm/2025-02-12": "moa-tfm-rev2025-02-12.pdf",
    "moa-tfm/2025-03-07": "moa-tfm-rev2025-03-07-flat.pdf",
    "moa-jem/2025-02-15": "moa-jem-rev2025-02-15-flat.pdf",
    "moa-wso/2025-02-14": "moa-wso-rev2025-02-14.pdf",
}


def form(folder: Path, name: str) -> FormOnHand:
    data = (folder / FILES[name]).read_bytes()
    return FormOnHand(edition=get_edition(name), data=data, sha256=hashlib.sha256(data).hexdigest())


def picture_of(folder: Path, name: str) -> Picture:
    held = form(folder, name)
    assert held.data
    found = signing_picture(held.edition, held.data)
    assert found
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_blank_of_the_page_is_marked_once(official_forms: Path, name: str) -> None:
    edition, picture = get_edition(name), picture_of(official_forms, name)
    left = [blank for blank in edition.left_blank if blank.page == edition.signing_page]
    assert len(picture.marks) == len(left)
    assert sorted(mark.text for mark in picture.marks if mark.ours) == ["Date here", "Sign here"]
    assert {mark.text for mark in picture.marks if not mark.ours} == {"ICE’s"}
    assert all(0 <= n <= 1 for mark in picture.marks for n in mark.part)
    assert f"page {edition.signing_page}" in picture.alt
    assert "signature, under “For the LEA”" in picture.alt


@pytest.mark.parametrize("name", FILES)
def test_the_marks_stand_on_the_lines_of_the_form(official_forms: Path, name: str) -> None:
    picture = picture_of(official_forms, name)
    grey = Image.frombytes("L", picture.size, zlib.decompress(picture.pixels))
    wide, high = picture.size
    for mark in picture.marks:
        x0, y0, x1, y1 = mark.part
        lower = grey.crop((int(x0 * wide), int((y0 + y1) / 2 * high), int(x1 * wide), int(y1 * high) + 12))
        rows = [lower.crop((0, y, lower.width, y + 1)).tobytes() for y in range(lower.height)]
        darkest = max(sum(pixel < 128 for pixel in row) for row in rows)
        assert darkest > 0.6 * lower.width, f"{mark.text}: no line to write on below the mark"


def test_the_agencys_marks_stand_left_and_ices_right(official_forms: Path) -> None:
    for name in FILES:
        picture = picture_of(official_forms, name)
        assert all((mark.part[2] < 0.55) == mark.ours for mark in picture.marks)


@pytest.mark.parametrize("name", ["moa-tfm/2025-03-07", "moa-jem/2025-02-15"])
def test_each_of_the_three_lines_for_ices_agency_is_marked(official_forms: Path, name: str) -> None:
    picture = picture_of(official_forms, name)
    tops = sorted(mark.part[1] for mark in picture.marks if not mark.ours)
    assert len(tops) == 7
    assert all(0.05 < below - above < 0.2 for above, below in pairwise(tops)), "one below the other"


def test_the_picture_is_a_figure_with_words(official_forms: Path, ready: Answers) -> None:
    forms = [form(official_forms, name) for name in ("moa-tfm/2025-03-07", "moa-wso/2025-02-14")]
    data = signing_instructions(ready, forms, today=TODAY, draft=False)
    assert data == signing_instructions(ready, forms, today=TODAY, draft=False)
    reader = PdfReader(BytesIO(data))
    figures = [element for element in elements(reader.root_object["/StructTreeRoot"]) if element.get("/S") == "/Figure"]
    assert len(figures) == 2
    for figure, held in zip(figures, forms, strict=True):
        assert f"page {held.edition.signing_page}" in figure["/Alt"]
        assert len(figure["/A"].get_object()["/BBox"]) == 4
    assert sum(len(page.images) for page in reader.pages[:1]) >= 1
    text = "".join(page.extract_text() for page in reader.pages)
    assert text.count("Sign here") == text.count("Date here") == 2


def test_a_signature_field_is_told_of_only_where_the_form_has_one(official_forms: Path, ready: Answers) -> None:
    told = {}
    for name in ("moa-tfm/2025-02-12", "moa-wso/2025-02-14"):
        data = signing_instructions(ready, [form(official_forms, name)], today=TODAY, draft=False)
        told[name] = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())
    with_field, without = told.values()
    assert "first enter that day’s date in the form, then sign in the signature field" in with_field
    assert "typed before you sign in the signature field" in with_field
    assert "Do not print and scan" in with_field
    assert "signature field" not in without
    assert "written by hand on the day of signing" in without


def elements(node: Any) -> list[Any]:
    node = node.get_object()
    kids = node.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    below = [found for kid in kids if hasattr(kid.get_object(), "get") for found in elements(kid)]
    return [node, *below]


def test_the_official_file_stays_as_it_is(official_forms: Path, ready: Answers) -> None:
    held = form(official_forms, "moa-tfm/2025-02-12")
    signing_instructions(ready, [held], today=TODAY, draft=True)
    assert held.data
    assert hashlib.sha256(held.data).hexdigest() == held.sha256


def test_without_a_place_to_sign_or_a_readable_form_there_is_no_picture(official_forms: Path, ready: Answers) -> None:
    held = form(official_forms, "moa-tfm/2025-03-07")
    assert held.data
    assert signing_picture(replace(held.edition, signing_page=None), held.data) is None
    assert signing_picture(replace(held.edition, left_blank=()), held.data) is None
    assert signing_picture(held.edition, b"%PDF-") is None
    text = signing_instructions(ready, [replace(held, data=b"%PDF-")], today=TODAY, draft=False)
    assert "Sign here" not in "".join(page.extract_text() for page in PdfReader(BytesIO(text)).pages)


def test_a_page_that_is_turned_is_shown_upright(official_forms: Path) -> None:
    edition = get_edition("moa-wso/2025-02-14")
    data = (official_forms / "moa-wso-rev2025-02-14-page7-rotated.pdf").read_bytes()
    upright = picture_of(official_forms, edition.name)
    picture = signing_picture(edition, data)
    assert picture
    assert picture.size == pytest.approx(upright.size, abs=1)
    assert picture.share == pytest.approx(upright.share, abs=0.002)
    assert picture.alt == upright.alt
    for mark, same in zip(picture.marks, upright.marks, strict=True):
        assert (mark.text, mark.ours) == (same.text, same.ours)
        assert mark.part == pytest.approx(same.part, abs=0.002)
    turned, straight = (
        Image.frombytes("L", p.size, zlib.decompress(p.pixels)).resize((60, 40)) for p in (picture, upright)
    )
    unlike = sum(abs(a - b) for a, b in zip(turned.tobytes(), straight.tobytes(), strict=True)) / (60 * 40)
    assert unlike < 3, "the same block, the same way up"


@pytest.mark.parametrize("models", [("JEM", "TFM"), ("JEM", "WSO"), ("TFM", "WSO")])
def test_two_models_stand_on_two_pages(ready: Answers, official_forms: Path, models: tuple[Model, ...]) -> None:
    library = FormLibrary.from_directory(official_forms)
    answers = replace(ready, models=models)
    data = signing_instructions(answers, [library.choose(model) for model in models], today=TODAY, draft=False)
    assert len(PdfReader(BytesIO(data)).pages) == 2
