"""The bundle: its names, its manifest, the same bytes twice, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import answers as answers_file
from assistant.answers import Agency, Answers, with_path
from assistant.bundle import bundle
from assistant.bundle.file_names import RESERVED, safe_name, slug
from assistant.editions.catalog import editions_for
from assistant.editions.form_plan import FormPlan, plan_blanks
from assistant.editions.library import FormOnHand
from assistant.errors import BlockedError, FillError
from assistant.rules import Finding, Review

if TYPE_CHECKING:
    from assistant.answers import Model

TODAY = date(2026, 2, 1)
OFFICIAL = b"%PDF-1.7 official"
FILLED = OFFICIAL + b" and filled"
CLEAR = Review(findings=())
BLOCKED = Review(
    findings=(Finding(code="date-blank", severity="blocker", where="agency", message="Enter it.", source="MOA"),)
)


@dataclass(frozen=True)
class Made:
    """A bundle, taken apart."""

    folder: str
    files: dict[str, bytes]
    manifest: dict[str, Any]


def plans_of(answers: Answers, *on_hand: Model) -> dict[Model, FormPlan]:
    forms = {model: FormOnHand(edition=editions_for(model)[0]) for model in answers.models}
    held = hashlib.sha256(OFFICIAL).hexdigest()
    plans = {model: plan_blanks(form, answers) for model, form in forms.items()}
    filled = {model: replace(forms[model], data=OFFICIAL, sha256=held) for model in on_hand}
    return plans | {model: replace(plans[model], form=form) for model, form in filled.items()}


def build(answers: Answers, *on_hand: Model, review: Review = CLEAR, draft: bool = False, **more: Any) -> bytes:
    moas = dict.fromkeys(on_hand, FILLED)
    plans = plans_of(answers, *on_hand)
    return bundle.build(answers, plans, review, today=TODAY, draft=draft, moas=moas, **more)


def taken_apart(data: bytes) -> Made:
    with ZipFile(BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert {entry.compress_type for entry in packed.infolist()} == {ZIP_STORED}
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 2, 1, 0, 0, 0)}
        folders = {name.split("/")[0] for name in packed.namelist()}
        files = {name.split("/", 1)[1]: packed.read(name) for name in packed.namelist()}
    assert len(folders) == 1
    return Made(folder=folders.pop(), files=files, manifest=json.loads(files["manifest.json"]))


def test_bundle_holds_what_the_interface_lists(ready: Answers) -> None:
    made = taken_apart(build(ready, "TFM", "WSO"))
    assert made.folder == "example-county-sheriffs-office-287g-2026-02-01"
    assert set(made.files) == {
        "01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-moa-wso.pdf", "02-entry-sheet-jem.pdf",
        "03-nominee-roster.pdf", "03-nominee-roster.xlsx", "04-checklist.pdf", "05-signing-instructions.pdf",
        "email.eml", "answers.json", "manifest.json", "README.txt",
    }  # fmt: skip
    assert answers_file.parse(made.files["answers.json"]) == ready
    assert made.files["answers.json"].decode() == answers_file.dump(ready)
    readme = made.files["README.txt"].decode()
    assert all(name in readme for name in made.files)


def test_manifest_tells_every_other_file_and_the_official_form(ready: Answers) -> None:
    made = taken_apart(build(ready, "TFM"))
    rows = {row["name"]: row for row in made.manifest["files"]}
    assert set(rows) == set(made.files) - {"manifest.json"}
    for name, row in rows.items():
        assert row["bytes"] == len(made.files[name])
        assert row["sha256"] == hashlib.sha256(made.files[name]).hexdigest()
        assert ("edition" in row) is (name == "02-moa-tfm.pdf")
    moa = rows["02-moa-tfm.pdf"]
    assert moa["edition"] == editions_for("TFM")[0].name
    start = made.files["02-moa-tfm.pdf"][: moa["official_bytes"]]
    assert hashlib.sha256(start).hexdigest() == moa["official_sha256"]
    assert made.manifest["made"] == "2026-02-01"
    assert made.manifest["draft"] is False


def test_same_bytes_for_same_input_and_other_bytes_on_another_day(ready: Answers) -> None:
    assert build(ready, "TFM") == build(ready, "TFM")
    other = bundle.build(ready, plans_of(ready), CLEAR, today=date(2026, 2, 2), draft=False, moas={})
    assert other != bundle.build(ready, plans_of(ready), CLEAR, today=TODAY, draft=False, moas={})


def test_a_blocker_is_refused_unless_it_is_a_draft(ready: Answers) -> None:
    with pytest.raises(BlockedError):
        build(ready, "TFM", review=BLOCKED)
    made = taken_apart(build(ready, "TFM", review=BLOCKED, draft=True))
    assert made.manifest["draft"] is True
    assert "DRAFT" in made.files["README.txt"].decode()
    assert message_from_bytes(made.files["email.eml"], policy=default)["Subject"].startswith("DRAFT – ")


def test_readme_speaks_of_an_entry_sheet_only_where_there_is_one(ready: Answers) -> None:
    alone = taken_apart(build(replace(ready, models=("TFM",)), "TFM")).files["README.txt"].decode()
    assert "entry-sheet" not in alone
    assert "1. Read all of every agreement" in alone
    assert (
        "1. Get the official form for each 02-entry-sheet"
        in taken_apart(build(ready, "TFM")).files["README.txt"].decode()
    )


def test_nothing_answered_still_makes_a_draft() -> None:
    made = taken_apart(build(Answers(), review=BLOCKED, draft=True))
    assert made.folder == "agency-287g-2026-02-01"
    assert "03-nominee-roster.pdf" in made.files


def test_a_letter_that_cannot_be_printed_names_the_answer(ready: Answers) -> None:
    with pytest.raises(FillError, match=r"^nominees\.1\.full_name: .*U\+674E") as caught:
        build(with_path(ready, "nominees.1.full_name", "李 Wei"), "TFM")
    assert "Wei" not in str(caught.value)


def test_a_further_document_is_packed_and_listed(ready: Answers) -> None:
    made = taken_apart(build(ready, "TFM", extra={"06-proof.pdf": b"%PDF-", "../06-PROOF.pdf": b"x"}))
    assert made.files["06-proof.pdf"] == b"%PDF-"
    assert made.files["06-proof-2.pdf"] == b"x"
    assert {"06-proof.pdf", "06-proof-2.pdf"} <= {row["name"] for row in made.manifest["files"]}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Example County Sheriff’s Office", "example-county-sheriffs-office"),
        ("Łódź & Núñez Police", "lodz-nunez-police"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-file"),
        ("李", "agency"),
        ("", "agency"),
    ],
)
def test_slug(text: str, made: str) -> None:
    assert slug(text) == made


HOSTILE = st.text(max_size=300) | st.sampled_from(
    ["..", "../../x", "C:\\x", 'a"b', "a\r\nSet-Cookie: b", "\u202egpj.exe", "nul", "COM1", "İ", "aux.pdf", " . "]
)


@settings(max_examples=500)
@given(HOSTILE)
def test_a_folder_name_is_safe_everywhere(name: str) -> None:
    made = bundle.folder_name(Answers(agency=Agency(legal_name=name)), TODAY)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-287g-2026-02-01", made)
    assert len(made) < 90


@settings(max_examples=500)
@given(st.lists(HOSTILE, max_size=6))
def test_file_names_are_safe_and_unlike_each_other(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(safe_name(name, taken))
    for made in taken:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]{1,8})?", made)
        assert made.split(".")[0] not in RESERVED
        assert PureWindowsPath(made).name == made
    assert len({made.lower() for made in taken}) == len(names)
