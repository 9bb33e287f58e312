"""Changes of nominees: the people who change and nobody else, as little of them as needed, with the right sections."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from pypdf import PdfReader

from assistant.answers import MODELS, Answers, Nominee, dump
from assistant.cli.main import run
from assistant.documents.nominee_changes import (
    NO_RULE,
    NomineeChange,
    compose_letter,
    nominee_changes_letter,
    nominee_changes_roster,
    nominee_changes_sheet,
)
from assistant.program.nominee_changes import CHANGE_KINDS, change_rules
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path

TODAY, LATER = date(2026, 3, 1), date(2026, 4, 15)
FORMS = {
    "JEM": "moa-jem-rev2025-02-15-flat.pdf",
    "TFM": "moa-tfm-rev2025-03-07-flat.pdf",
    "WSO": "moa-wso-rev2025-02-15-flat.pdf",
}


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def people() -> Answers:
    extra = (
        Nominee(full_name="Robin Example", rank="Sergeant", badge_number="200", models=("WSO",), us_citizen=True),
        Nominee(full_name="Kim O’Sample", rank="Deputy", badge_number="201", models=("TFM", "WSO")),
        Nominee(full_name="Stay Here", badge_number="999", models=("TFM",)),
    )
    answers = complete_answers()
    return replace(answers, nominees=(*answers.nominees, *extra))


@pytest.mark.parametrize("model", FORMS)
def test_each_rule_stands_on_the_page_that_it_cites(official_forms: Path, model: str) -> None:
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(official_forms / FORMS[model]).pages]
    rules = [rule for rule in change_rules() if rule.model == model]
    assert {rule.kind for rule in rules} == set(CHANGE_KINDS)
    for rule in rules:
        assert rule.citation.page
        assert rule.quote in pages[rule.citation.page - 1], (rule.kind, rule.quote)


def test_only_the_people_who_change_are_named_and_nothing_of_their_checks() -> None:
    answers = people()
    alex, robin, kim, stay = answers.nominees
    changes = [
        NomineeChange(kind="revoked", nominee=alex),
        NomineeChange(kind="leaves", nominee=robin),
        NomineeChange(kind="added", nominee=kim),
    ]
    for make in (nominee_changes_letter, nominee_changes_roster):
        text = words_of(make(answers, changes, effective=LATER, today=TODAY))
        for nominee in (alex, robin, kim):
            assert str(nominee.full_name) in text
        assert str(stay.full_name) not in text
        assert not re.search("citizen|background|2018|2025-11|November 3|Nov 3", text)
        assert "April 15, 2026" in text
    book = openpyxl.load_workbook(
        io.BytesIO(nominee_changes_sheet(answers, changes, effective=LATER, today=TODAY))
    ).worksheets[0]
    rows = list(book.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1]) for row in rows] == [
        ("Added", kim.full_name), ("Leaves", robin.full_name), ("Authority to be revoked", alex.full_name),
    ]  # fmt: skip
    assert book.max_column == 6


def test_the_letter_cites_the_agreements_of_the_people_and_no_other() -> None:
    answers = people()
    robin = answers.nominees[1]
    document = compose_letter(answers, [NomineeChange(kind="leaves", nominee=robin)], effective=TODAY, today=TODAY)
    text = repr(document.blocks)
    assert "WSO MOA" in text
    assert "90 days before" in text
    assert "TFM MOA" not in text


@pytest.mark.parametrize("kind", CHANGE_KINDS)
def test_an_agreement_that_is_not_published_has_no_rule(kind: str) -> None:
    answers = replace(people(), models=("TTFM",))
    nominee = replace(answers.nominees[0], models=("TTFM",))
    change = NomineeChange(kind=next(one for one in CHANGE_KINDS if one == kind), nominee=nominee)
    assert NO_RULE in repr(compose_letter(answers, [change], effective=TODAY, today=TODAY).blocks)
    assert not [rule for rule in change_rules() if rule.model == "TTFM"]
    assert {rule.model for rule in change_rules()} < set(MODELS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_name_becomes_a_formula(start: str) -> None:
    answers = people()
    change = NomineeChange(kind="added", nominee=Nominee(full_name=f"{start}1+1", rank=f"{start}x", models=("TFM",)))
    data = nominee_changes_sheet(answers, [change], effective=TODAY, today=TODAY)
    assert data == nominee_changes_sheet(answers, [change], effective=TODAY, today=TODAY)
    for cell in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0][2]:
        assert cell.data_type in {"s", "n"}
        assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t"))


def test_the_command_writes_three_files_or_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "answers.json", tmp_path / "changes"
    file.write_text(dump(people()), "utf-8")
    command = ["application", "nominee-changes", str(file), "--out", str(out)]
    for options, told in (
        ([], "Name at least one"),
        (["--leaves", "Nobody"], "No nominee is named Nobody"),
        (["--leaves", "Robin Example", "--revoked", "robin example"], "named twice"),
        (["--leaves", "Robin Example", "--from", "soon"], "YYYY-MM-DD"),
    ):
        assert run([*command, *options]) == 2
        assert told in capsys.readouterr().err
        assert not out.exists()
    assert run([*command, "--leaves", "robin  EXAMPLE", "--added", "Kim O'Sample", "--from", "2026-04-15"]) == 0
    assert sorted(one.name for one in out.iterdir()) == [
        "nominee-changes-letter.pdf", "nominee-changes-roster.pdf", "nominee-changes-roster.xlsx",
    ]  # fmt: skip
    twins = replace(people(), nominees=(*people().nominees, people().nominees[1]))
    file.write_text(dump(twins), "utf-8")
    assert run([*command, "--leaves", "Robin Example"]) == 2
    assert "2 nominees are named" in capsys.readouterr().err
