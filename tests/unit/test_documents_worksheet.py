"""The blank packet: the official forms to the byte, a worksheet that asks for each answer once, nothing filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from assistant.cli import main as cli
from assistant.documents.blocks import Table
from assistant.documents.signing_ahead import BANNER
from assistant.documents.worksheet import NOT_THE_FORM, compose_worksheet, worksheet
from assistant.editions.catalog import LETTER, all_editions, editions_for
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.services.application.packets import make_packet

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model

TODAY = date(2026, 2, 1)


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def files_of(packet: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(packet)) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_the_official_forms_go_in_as_they_are(official_forms: Path) -> None:
    library = FormLibrary.from_directory(official_forms)
    packet = make_packet(["WSO", "TFM"], library, today=TODAY)
    assert packet == make_packet(["TFM", "WSO"], library, today=TODAY)
    files = files_of(packet)
    assert list(files) == [
        "blank-moa-tfm.pdf", "blank-moa-wso.pdf", "signature-pages.pdf", "worksheet.pdf", "signing-instructions.pdf",
        "README.txt",
    ]  # fmt: skip
    assert files["blank-moa-tfm.pdf"] == (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    assert files["blank-moa-wso.pdf"] == (official_forms / "moa-wso-rev2025-02-15-flat.pdf").read_bytes()


def test_the_signing_instructions_name_what_lies_in_the_packet(official_forms: Path) -> None:
    files = files_of(make_packet(["TFM", "TTFM"], FormLibrary.from_directory(official_forms), today=TODAY))
    said = text_of(files["signing-instructions.pdf"])
    assert "blank: blank-moa-tfm.pdf, revision 03/07/2025, 14 pages" in said
    assert "there is no official form in this packet" in said
    assert said.count("Sign here") == 1
    for name in re.findall(r"[\w-]+\.(?:pdf|eml|json|txt|xlsx)", said):
        assert name in files
    for absent in ("bundle", "DRAFT", "not given", "entry-sheet"):
        assert absent not in said
    assert all(BANNER in page.extract_text() for page in PdfReader(BytesIO(files["signing-instructions.pdf"])).pages)


def test_without_a_form_it_says_where_to_get_one() -> None:
    files = files_of(make_packet(["TTFM"], FormLibrary(), today=TODAY))
    assert not [name for name in files if name.startswith("blank-moa")]
    assert "signature-pages.pdf" not in files
    assert "get it from ICE's 287(g) page" in files["README.txt"].decode()


@pytest.mark.parametrize("name", [edition.name for edition in all_editions() if edition.model])
def test_each_answer_of_a_form_is_asked_once(name: str) -> None:
    edition = next(edition for edition in all_editions() if edition.name == name)
    document = compose_worksheet([FormOnHand(edition=edition)], today=TODAY)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    where = [row[2] for table in tables for row in table.rows]
    paths = {entry.path for entry in edition.entries}
    parts = 3 * ("agency.address.one_line" in paths) + (edition.model in {"JEM", "WSO"})
    assert sum(cell.startswith(str(edition.model)) for cell in where) == len(paths) + parts, "4 parts of an address"
    for table in tables:
        assert len({row[0] for row in table.rows}) == len(table.rows)


@pytest.mark.parametrize("model", ["JEM", "TFM", "TTFM", "WSO"])
def test_what_the_letter_waits_for_and_prints_is_asked_whatever_the_model(model: Model) -> None:
    text = text_of(worksheet([FormOnHand(edition=editions_for(model)[0])], today=TODAY))
    agency, rest = text.split("Who signs")
    for asked in ("Street address", "City", "State", "ZIP Code", "Email", "Is it a law-enforcement agency?"):
        assert f"{asked} " in agency
    assert ("Does it operate a jail?" in agency) is (model in {"JEM", "WSO"})
    for section in ("Point of contact for the program", "Point of contact for public information"):
        asked = rest.split(section)[1].split("ICE’s offices")[0]
        assert all(word in asked for word in ("Full name", "Title", "Phone", "Email", "letter"))
    assert "`" not in text


def test_ices_own_letter_is_asked_for_in_place_of_the_agencys() -> None:
    form = FormOnHand(edition=editions_for("WSO")[0])
    letter = replace(form.edition, model=None, form_id=LETTER, edition_id="2026-01-01")
    text = text_of(worksheet([FormOnHand(edition=letter), form], today=TODAY))
    assert "letter" not in text
    assert "Letter of Interest p. 1" in text


def test_every_page_says_what_it_is_not() -> None:
    forms = [FormOnHand(edition=editions_for(model)[0]) for model in ("JEM", "TFM", "WSO")]
    pages = PdfReader(BytesIO(worksheet(forms, today=TODAY))).pages
    assert len(pages) == 2
    assert all(NOT_THE_FORM in page.extract_text() for page in pages)


def test_the_command_writes_it(official_forms: Path, tmp_path: Path) -> None:
    out = tmp_path / "packet.zip"
    command = ["forms", "packet", "--model", "JEM", "--out", str(out), "--forms", str(official_forms)]
    assert cli.run([*command, "--today", "2026-02-01"]) == 0
    assert "blank-moa-jem.pdf" in files_of(out.read_bytes())
    assert cli.run(["forms", "packet", "--out", str(out)]) == 2
