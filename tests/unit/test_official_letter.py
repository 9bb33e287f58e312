"""ICE's own Letter of Interest, once it is kept: filled in place of the agency's plain letter, everywhere."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from assistant.answers import Answers, with_path
from assistant.cli import main as cli
from assistant.editions.catalog import Entry, LeftBlank, all_editions, get_edition, local_editions_dir
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.errors import BlockedError, EditionError
from assistant.mapping.drafts import Draft, draft_edition
from assistant.mapping.meanings import TICKED
from assistant.mapping.toml import edition_toml
from assistant.pdf.form.template import compile_template
from assistant.services.application.make_bundle import export, make
from assistant.services.application.packets import make_packet
from assistant.services.application.review import review
from assistant.services.form_maps.edition_drafts import register
from tests.unit.made_letters import letter_in_prose, letter_pdf

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 2, 1)
NAME = "01-letter-of-interest.pdf"
EDITION = "letter-of-interest/2026-01-05"
KINDS = pytest.mark.parametrize("fields", [True, False], ids=["with fields", "flat"])


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give each test an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


def proposed(data: bytes) -> Draft:
    return draft_edition(compile_template(data), all_editions())


def keep(data: bytes, tmp_path: Path) -> bytes:
    """Register a letter as it is proposed, and return it."""
    edition = proposed(data).edition
    folder = tmp_path / "drafts" / edition.form_id / edition.edition_id
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text(edition_toml(edition), "utf-8")
    register(folder, data)
    return data


def taken_apart(data: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    with ZipFile(BytesIO(data)) as packed:
        files = {name.split("/")[1]: packed.read(name) for name in packed.namelist()}
    return files, {row["name"]: row for row in json.loads(files["manifest.json"])["files"]}


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


@KINDS
def test_its_blanks_are_proposed_and_the_boxes_left_to_a_person(*, fields: bool) -> None:
    draft = proposed(letter_pdf(fields=fields))
    assert (draft.edition.name, draft.edition.model, draft.edition.signing_page) == (EDITION, None, 1)
    assert [entry.path for entry in draft.edition.entries] == [
        "ice.addressee", "agency.legal_name", "agency.address.one_line", "agency.represents", "models",
        "program_contact.full_name", "program_contact.title", "program_contact.phone", "program_contact.email",
        "signatory.full_name", "signatory.title",
    ]  # fmt: skip
    left = {blank.label: blank.reason for blank in draft.edition.left_blank}
    assert {"date of signing", "signature"} <= left.keys()
    boxes = [label for label, reason in left.items() if reason == TICKED]
    names = ("Jail Enforcement Model", "Task Force Model", "Warrant Service Officer")
    assert boxes == ([f"check box “{name}”" for name in names] if fields else [])
    assert all(row.sureness in {"sure", "likely"} for row in draft.rows)


def test_a_letter_in_sentences_is_read_too_and_ices_part_stays_empty() -> None:
    edition = proposed(letter_in_prose()).edition
    assert edition.form_id == "letter-of-interest"
    assert [entry.path for entry in edition.entries] == [
        "agency.legal_name", "agency.represents", "models", "program_contact.full_name", "program_contact.title",
        "program_contact.phone", "program_contact.email", "signatory.full_name", "signatory.title",
    ]  # fmt: skip
    assert [(blank.side, blank.label) for blank in edition.left_blank] == [
        ("agency", "date of signing"),
        ("agency", "signature"),
        ("ice", "a blank under ICE’s heading"),
        ("ice", "a blank under ICE’s heading"),
    ]


def test_a_flat_print_learns_from_the_one_with_fields_but_its_gaps_are_no_boxes(tmp_path: Path) -> None:
    with_fields = keep(letter_pdf(fields=True), tmp_path)
    forms = {EDITION: compile_template(with_fields)}
    flat = draft_edition(compile_template(letter_pdf(fields=False)), all_editions(), forms)
    assert flat.edition.edition_id == "2026-01-05.flat"
    assert {row.sureness for row in flat.rows} == {"sure"}
    assert not [row for row in flat.rows if isinstance(row.blank, LeftBlank) and row.blank.reason == TICKED]


@KINDS
def test_it_is_filled_in_place_of_the_plain_letter(ready: Answers, tmp_path: Path, *, fields: bool) -> None:
    blank = keep(letter_pdf(fields=fields), tmp_path)
    library = FormLibrary([blank])
    made = make(ready, library, today=TODAY, draft=False)
    files, rows = taken_apart(made.data)
    assert files[NAME].startswith(blank)
    assert len(files[NAME]) > len(blank)
    assert rows[NAME]["edition"] == EDITION
    assert rows[NAME]["official_bytes"] == len(blank)
    assert rows[NAME]["official_sha256"] == hashlib.sha256(blank).hexdigest()
    proof = text_of(files["06-proof.pdf"])
    assert f"Letter of Interest – {NAME}" in proof
    assert "11 places read back" in proof
    assert "Jordan Núñez" in proof
    assert made.letter
    assert made.letter.edition.name == EDITION
    assert export(ready, library, today=TODAY, draft=False) == made.data


def test_the_papers_around_it_speak_of_ices_form(ready: Answers, tmp_path: Path) -> None:
    library = FormLibrary([keep(letter_pdf(fields=True), tmp_path)])
    files, _ = taken_apart(export(ready, library, today=TODAY, draft=False))
    assert "ICE's Letter of Interest form, filled" in files["README.txt"].decode()
    assert "the agency's letter of interest" not in files["README.txt"].decode()
    message = email.message_from_bytes(files["email.eml"], policy=email.policy.default)
    body = message.get_body()
    assert body
    assert "the signed Letter of Interest, on ICE’s form, revision 01/05/2026" in body.get_content()
    signing = text_of(files["05-signing-instructions.pdf"])
    assert f"Letter of Interest, ICE’s form ({NAME}, revision 01/05/2026, 1 page): sign on page 1" in signing
    assert "at the end, on paper" not in signing
    assert "check box “Warrant Service Officer”" in signing
    assert "this program checks no box" in signing
    assert "The agency asks for: Jail Enforcement Model (JEM), Task Force Model (TFM) and Warrant Service" in signing


def test_without_it_the_letter_is_the_agencys_own(ready: Answers) -> None:
    files, rows = taken_apart(export(ready, FormLibrary(), today=TODAY, draft=False))
    assert "edition" not in rows[NAME]
    assert "It is not a form issued by ICE." in text_of(files[NAME])
    assert "the agency's letter of interest, to sign" in files["README.txt"].decode()
    assert f"The letter of interest ({NAME}): sign and date" in text_of(files["05-signing-instructions.pdf"])


def test_a_draft_is_marked_on_it(ready: Answers, tmp_path: Path) -> None:
    library = FormLibrary([keep(letter_pdf(fields=True), tmp_path)])
    files, _ = taken_apart(export(with_path(ready, "signatory.title", None), library, today=TODAY, draft=True))
    assert "DRAFT – not ready to be signed or sent" in text_of(files[NAME])


def test_of_two_the_newest_is_used_and_the_plain_letter_comes_back(ready: Answers, tmp_path: Path) -> None:
    old = keep(letter_pdf(fields=True), tmp_path)
    new = keep(letter_pdf(fields=True, revised="03/09/2026"), tmp_path)
    both = FormLibrary([new, old])
    assert [form.edition.edition_id for form in both.on_hand()] == ["2026-03-09", "2026-01-05"]
    used = both.letter()
    assert used
    assert used.edition.edition_id == "2026-03-09"
    left = FormLibrary([old]).letter()
    assert left
    assert left.edition.edition_id == "2026-01-05"
    assert FormLibrary().letter() is None
    assert export(ready, both, today=TODAY, draft=False) == export(ready, FormLibrary([new]), today=TODAY, draft=False)


def test_a_folder_of_forms_may_hold_it_and_the_blank_packet_does_then(tmp_path: Path) -> None:
    blank = keep(letter_pdf(fields=False), tmp_path)
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "letter.pdf").write_bytes(blank)
    library = FormLibrary.from_directory(folder)
    assert [form.edition.name for form in library.on_hand()] == [EDITION]
    with ZipFile(BytesIO(make_packet(["WSO"], library, today=TODAY))) as packed:
        files = {name.split("/")[1]: packed.read(name) for name in packed.namelist()}
    assert files["blank-letter-of-interest.pdf"] == blank
    assert "Letter of Interest p. 1" in text_of(files["worksheet.pdf"])
    assert "None" not in text_of(files["worksheet.pdf"])


def test_what_the_letter_needs_is_asked_for_with_its_page(ready: Answers, tmp_path: Path) -> None:
    library = FormLibrary([keep(letter_pdf(fields=True), tmp_path)])
    answers = with_path(replace(ready, models=("WSO",)), "agency.address.street", None)
    answers = with_path(answers, "agency.address.city", None)
    answers = with_path(with_path(answers, "agency.address.state", None), "agency.address.zip", None)
    (found,) = [f for f in review(answers, library, today=TODAY).findings if f.where == "agency.address.street"]
    assert (found.code, found.severity) == ("answer-missing", "blocker")
    assert "the letter of interest, p. 1" in found.message
    assert found.source == "Letter of Interest, rev. 01/05/2026"
    # The plain letter has a letterhead with an e-mail address; this one asks for none.
    without = with_path(ready, "agency.represents", None)
    (gap,) = [f for f in review(without, library, today=TODAY).findings if f.where == "agency.represents"]
    assert "Letter of Interest, rev. 01/05/2026" in gap.source
    assert "own letter" not in gap.source


def test_a_text_too_small_in_it_blocks(ready: Answers, tmp_path: Path) -> None:
    library = FormLibrary([keep(letter_pdf(fields=True), tmp_path)])
    answers = with_path(ready, "program_contact.title", "Captain of the Patrol Operations and Special Duties " * 2)
    findings = review(answers, library, today=TODAY).findings
    (tiny,) = [f for f in findings if f.code == "text-tiny" and "the letter of interest, p. 1" in f.message]
    assert (tiny.severity, tiny.where) == ("blocker", "program_contact.title")
    with pytest.raises(BlockedError):
        make(answers, library, today=TODAY, draft=False)


@pytest.mark.parametrize(
    ("models", "width", "text"),
    [
        (("WSO",), 190, "Warrant Service Officer (WSO)"),
        (("TFM", "WSO"), 300, "Task Force Model (TFM) and Warrant Service Officer (WSO)"),
        (("TFM", "WSO"), 60, "TFM and WSO"),
        (("JEM", "TFM", "WSO"), 90, "JEM, TFM and WSO"),
    ],
)
def test_the_models_are_written_as_fully_as_they_can_be_read(
    ready: Answers, models: tuple[Any, ...], width: float, text: str
) -> None:
    draft = proposed(letter_pdf(fields=False))
    (entry,) = [entry for entry in draft.edition.entries if entry.path == "models"]
    place = replace(entry.places[0], line=(100.0, 550.0, 100.0 + width))
    edition = replace(draft.edition, entries=(replace(entry, places=(place,)),))
    form = FormOnHand(edition=edition, data=letter_pdf(fields=False))
    (written,) = plan_blanks(form, replace(ready, models=models)).blanks
    assert written.text == text
    assert (written.size or 0) >= 7


def test_the_agencys_own_plain_letter_is_not_taken_for_ices(ready: Answers) -> None:
    files, _ = taken_apart(export(ready, FormLibrary(), today=TODAY, draft=False))
    assert proposed(files[NAME]).edition.form_id != "letter-of-interest"


def test_the_commands_map_register_and_export_it(
    example_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = tmp_path / "letter.pdf"
    blank.write_bytes(letter_pdf(fields=True))
    assert cli.run(["forms", "map", str(blank), "--out", str(tmp_path / "drafts"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["edition"], found["model"], found["counts"]["unknown"]) == (EDITION, None, 0)
    assert cli.run(["forms", "register", found["folder"], str(blank)]) == 0
    capsys.readouterr()
    assert (local_editions_dir() / EDITION / "edition.toml").is_file()
    assert cli.run(["forms", "list"]) == 0
    listed = capsys.readouterr().out
    assert "the official Letter of Interest form, revised 01/05/2026" in listed
    assert "the letter is the agency’s own" not in listed
    for command in (["forms", "check"], ["forms", "compare", EDITION, EDITION], ["forms", "inspect", str(blank)]):
        assert cli.run(command) == 0
    out = tmp_path / "bundle.zip"
    command = ["application", "export", str(example_path), "--out", str(out), "--today", "2026-02-01", "--draft"]
    assert cli.run(command) == 0
    files, rows = taken_apart(out.read_bytes())
    assert files[NAME].startswith(blank.read_bytes())
    assert rows[NAME]["edition"] == EDITION
    capsys.readouterr()
    assert cli.run(["forms", "remove", hashlib.sha256(blank.read_bytes()).hexdigest()[:12]]) == 0
    assert cli.run(command) == 0
    assert "edition" not in taken_apart(out.read_bytes())[1][NAME]
    capsys.readouterr()
    assert cli.run(["forms", "list"]) == 0
    listed = capsys.readouterr().out
    assert f"{EDITION}: form not added" in listed
    assert "the letter is the agency’s own" in listed


def test_no_text_goes_into_a_check_box(tmp_path: Path) -> None:
    blank = letter_pdf(fields=True)
    edition = proposed(blank).edition
    box = next(one for one in edition.left_blank if one.reason == TICKED)
    entry = replace(edition.entries[0], blank=box.blank)
    changed = replace(
        edition, entries=(*edition.entries, entry), left_blank=tuple(b for b in edition.left_blank if b is not box)
    )
    folder = tmp_path / "drafts" / EDITION
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text(edition_toml(changed), "utf-8")
    with pytest.raises(EditionError, match="cannot hold text"):
        register(folder, blank)
    assert not list(local_editions_dir().glob("*/*/edition.toml"))


def test_a_map_may_leave_any_blank_of_it_to_the_hand(ready: Answers, tmp_path: Path) -> None:
    blank = letter_pdf(fields=True)
    edition = proposed(blank).edition
    entry = next(entry for entry in edition.entries if entry.path == "models")
    left = LeftBlank(blank=entry.blank, page=1, label="models", side="agency", reason="written by hand")
    entries: tuple[Entry, ...] = tuple(one for one in edition.entries if one is not entry)
    changed = replace(edition, entries=entries, left_blank=(*edition.left_blank, left))
    folder = tmp_path / "drafts" / EDITION
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text(edition_toml(changed), "utf-8")
    register(folder, blank)
    assert get_edition(EDITION) == changed
    files, _ = taken_apart(export(ready, FormLibrary([blank]), today=TODAY, draft=False))
    assert "written by hand" in text_of(files["05-signing-instructions.pdf"])
    assert "Task Force Model" not in text_of(files["06-proof.pdf"])
