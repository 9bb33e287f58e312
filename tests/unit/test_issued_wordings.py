"""Our own copies are the agency's, whatever shorter wording was chosen; what others wrote into them is still found."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, dump, from_document
from assistant.cli.main import run
from assistant.editions.form_plan import fill_form, plan_blanks
from assistant.editions.library import FormLibrary
from assistant.services.agreements.agreement_check import CheckResult, check, texts_issued
from assistant.services.agreements.signed_copies import package
from assistant.services.application.plan import chosen_forms
from tests.finished import made

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model

TODAY = date(2026, 2, 1)
NAME = "Example County Sheriff’s Office and Department of Corrections"
LONG = f"{NAME} and Court Services and Public Safety Academy of the North"
SHORT = "Sample Jail Division"


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


def answers_of(name: str = NAME, short: str = SHORT, **editions: str) -> Answers:
    document = json.loads(made.ANSWERS)
    document["agency"] |= {"legal_name": name, "represents": "Example County, Georgia"}
    return from_document(document | {"short_wordings": {"agency.legal_name": short}, "editions": editions})


def issue(answers: Answers, library: FormLibrary, *models: Model) -> dict[str, bytes]:
    """Return the agreements that these answers make, by file name, without any mark."""
    forms = chosen_forms(answers, library)
    return {f"{model}.pdf": fill_form(forms[model], answers).data for model in models}


def codes(found: Any) -> set[tuple[str, str]]:
    return {(one.code, one.severity) for one in found.findings}


def about_wordings(found: CheckResult) -> set[str]:
    return {one.code for one in found.findings} & {"name-inconsistent", "other-agency-data", "abbrev-undefined"}


def test_a_copy_under_a_shorter_name_is_the_agencys_own(library: FormLibrary) -> None:
    answers = answers_of(LONG)
    copies = issue(answers, library, "TFM", "JEM", "WSO")
    found = package(answers, copies, today=TODAY, library=library)
    assert [copy.model for copy in found.copies] == ["JEM", "TFM", "WSO"]
    assert ("signature-absent", "blocker") in codes(found.review), "they were read as agreements"
    assert ("other-agency", "blocker") not in codes(found.review)
    assert not {code for code, _ in codes(found.review)} & {"name-inconsistent", "other-agency-data"}


def test_another_agencys_copy_is_still_another_agencys(library: FormLibrary) -> None:
    ours, others = answers_of(LONG), answers_of(LONG, "Maple Police Department")
    found = package(ours, issue(others, library, "JEM"), today=TODAY, library=library)
    assert ("other-agency", "blocker") in codes(found.review)
    stranger = answers_of("Maple County Sheriff’s Office")
    found = package(ours, issue(stranger, library, "JEM"), today=TODAY, library=library)
    assert ("other-agency", "blocker") in codes(found.review)


def test_full_and_shorter_name_side_by_side_are_no_finding(library: FormLibrary) -> None:
    answers = answers_of()
    form = chosen_forms(answers, library)["JEM"]
    kinds = {blank.wording for blank in plan_blanks(form, answers).blanks if blank.entry.path == "agency.legal_name"}
    assert kinds == {"full", "short"}, "this name fits into some blanks only"
    (data,) = issue(answers, library, "JEM").values()
    assert about_wordings(check(data, today=TODAY, library=library)) == {"name-inconsistent"}
    assert about_wordings(check(data, today=TODAY, library=library, answers=answers)) == set()


def test_a_name_that_was_not_issued_is_still_found_beside_one_that_was(library: FormLibrary) -> None:
    answers, other = answers_of(), answers_of(short="Pine Harbor Patrol")
    (data,) = issue(other, library, "JEM").values()
    found = check(data, today=TODAY, library=library, answers=answers)
    (finding,) = [one for one in found.findings if one.code == "name-inconsistent"]
    assert "under “For the LEA”" in finding.where
    found = package(answers, {"jem.pdf": data}, today=TODAY, library=library).review  # type: ignore[assignment]
    assert ("name-inconsistent", "warning") in codes(found)


def test_an_edition_that_is_pinned_counts_too(library: FormLibrary) -> None:
    name = "Example County Sheriff’s Office"
    pinned = answers_of(name, TFM="2025-02-12")
    assert {name, SHORT} <= texts_issued(pinned, FormLibrary()).names, "the full name and the chosen wording"
    (data,) = issue(pinned, library, "TFM").values()
    assert about_wordings(check(data, today=TODAY, library=library, answers=pinned)) == set()


def test_what_was_issued_says_which_texts_are_names(library: FormLibrary) -> None:
    issued = texts_issued(answers_of(), library)
    assert {NAME, SHORT} <= issued.names <= issued.texts
    assert "Sheriff" in issued.texts
    assert not issued.names & {"Sheriff", "Sam O’Brien"}
    gone = texts_issued(answers_of(TFM="1999-01-01"), library)
    assert {NAME, SHORT} <= gone.names, "an edition that is known no more stops nothing"
    assert {NAME, SHORT} <= texts_issued(answers_of(), FormLibrary()).names, "without any form, too"


def test_the_command_takes_the_answers(
    library: FormLibrary, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = answers_of()
    (data,) = issue(answers, library, "JEM").values()
    (tmp_path / "jem.pdf").write_bytes(data)
    (tmp_path / "answers.json").write_text(dump(answers), "utf-8")
    base = ["document", "check", str(tmp_path / "jem.pdf"), "--forms", str(official_forms), "--json", "--no-lists"]
    for more, expected in (([], True), (["--answers", str(tmp_path / "answers.json")], False)):
        run([*base, *more])
        found = json.loads(capsys.readouterr().out)
        assert ("name-inconsistent" in {one["code"] for one in found["findings"]}) is expected
