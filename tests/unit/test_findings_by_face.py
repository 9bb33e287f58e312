"""A finding says the same to everybody, names the model, and only commands say what to do at the command line."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers
from assistant.editions.catalog import get_edition
from assistant.editions.form_plan import FormPlan
from assistant.editions.library import FormOnHand
from assistant.rules import Case, check
from assistant.rules.agreement import NOT_COMPARED, check_agreement
from assistant.rules.agreement.lists import LOAD_LIST, NO_LIST, Unchecked
from tests.unit.conftest import TODAY, with_blanks
from tests.unit.test_rules_golden import of_answers, of_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.rules import Finding

AT_A_TERMINAL = re.compile(r"`|\bmoa \w|answers file|short_wordings|\bJSON\b|instance/|\[left_blank\]|--\w")
FORMS = {"TFM": "moa-tfm/2025-02-12", "WSO": "moa-wso/2025-02-14", "JEM": "moa-jem/2025-02-15"}


def every_finding() -> Iterator[Finding]:
    for case in of_answers().values():
        yield from check(case).findings
    for document in of_documents().values():
        yield from check_agreement(document, today=TODAY).findings
    dated_alone = replace(get_edition("moa-wso/2025-02-15"), recognise=None)
    for edition in (*map(get_edition, FORMS.values()), dated_alone, get_edition("moa-ttfm/unpublished")):
        assert edition.model
        plans = {edition.model: FormPlan(form=FormOnHand(edition=edition), blanks=())}
        yield from check(Case(answers=Answers(models=(edition.model,)), today=TODAY, plans=plans)).findings
    case = Case(answers=Answers(models=("TFM",)), today=TODAY, missing_editions={"TFM": "2024-01-01"})
    yield from check(case).findings


def test_no_message_speaks_of_commands_or_of_a_files_keys() -> None:
    found = list(every_finding())
    assert len({finding.code for finding in found}) > 60
    assert not [finding.message for finding in found if AT_A_TERMINAL.search(finding.message)]
    for unchecked in (NOT_COMPARED, Unchecked(code="name-vs-list", why=NO_LIST, command=LOAD_LIST)):
        assert not AT_A_TERMINAL.search(unchecked.why)
        assert AT_A_TERMINAL.search(unchecked.command)


def test_commands_are_told_what_they_can_do() -> None:
    told = {finding.code: finding for finding in every_finding() if finding.command}
    assert {"text-clipped", "text-tiny", "form-outdated", "official-form-not-on-hand", "edition-missing"} <= told.keys()
    for finding in told.values():
        assert finding.with_command().message == f"{finding.message} {finding.command}"
        keys = {"code", "severity", "where", "message", "source"}
        assert keys <= finding.to_document().keys() <= keys | {"check_words"}


def test_every_finding_about_a_blank_names_its_model() -> None:
    about = [f for f in every_finding() if f.code in {"text-clipped", "text-tiny", "text-shortened", "form-outdated"}]
    about = [f for f in about if not f.where.startswith("p. ")]
    assert len(about) > 50
    assert all(re.search(r"\b(?:JEM|TFM|TTFM|WSO)\b|the letter of interest", finding.message) for finding in about)


def tiny(make_case: Callable[..., Case], size: float) -> list[Finding]:
    case = make_case()
    small = with_blanks(case, lambda blank: replace(blank, size=size, best_size=9.0))
    return [f for f in check(small).findings if f.code == "text-tiny"]


def test_one_least_size_is_named_for_a_blank(make_case: Callable[..., Case]) -> None:
    blocking, warning = tiny(make_case, 5.5), tiny(make_case, 6.5)
    assert blocking
    assert len(blocking) == len(warning)
    assert {f.severity for f in blocking} == {"blocker"}
    assert {f.severity for f in warning} == {"warning"}
    for finding in (*blocking, *warning):
        assert re.findall(r"(\d+) pt or more", finding.message) == ["7"]
        assert "6 pt" not in finding.message
    assert not tiny(make_case, 7.0)


def outdated(ready: Answers, name: str, *, pinned: bool = False) -> Finding | None:
    edition = get_edition(name)
    assert edition.model
    pins: MappingProxyType[str, str] = MappingProxyType({edition.model: edition.edition_id} if pinned else {})
    answers = replace(ready, models=(edition.model,), editions=pins)
    plans = {edition.model: FormPlan(form=FormOnHand(edition=edition, data=b"%PDF-"), blanks=())}
    found = check(Case(answers=answers, today=TODAY, plans=plans)).findings
    return next((finding for finding in found if finding.code == "form-outdated"), None)


@pytest.mark.parametrize("pinned", [True, False])
def test_nobody_is_sent_to_an_edition_that_cannot_be_filled(
    ready: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pinned: bool
) -> None:
    # A revision that is known by its date alone, newer than all with a blank form.
    monkeypatch.setattr("assistant.editions.catalog.local_editions_dir", lambda: tmp_path)
    file = tmp_path / "moa-jem" / "2025-06-01" / "edition.toml"
    file.parent.mkdir(parents=True)
    file.write_text('model = "JEM"\ntitle = "Memorandum of Agreement"\nstamp = "06/01/2025"\n', "utf-8")
    finding = outdated(ready, FORMS["JEM"], pinned=pinned)
    assert finding
    assert finding.message.startswith(
        "The JEM form is the revision of 02/15/2025, and there is a newer one of 06/01/2025."
    )
    assert "knows no blank copy of the newer one" in finding.message
    assert "Ask ICE" in finding.message
    assert "Switch" not in finding.message
    assert "application move" not in finding.command


def test_of_two_newer_editions_the_one_that_can_be_filled_is_named(
    ready: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.editions.catalog.local_editions_dir", lambda: tmp_path)
    file = tmp_path / "moa-tfm" / "2025-09-01" / "edition.toml"
    file.parent.mkdir(parents=True)
    file.write_text('model = "TFM"\ntitle = "Memorandum of Agreement"\nstamp = "09/01/2025"\n', "utf-8")
    finding = outdated(ready, FORMS["TFM"], pinned=True)
    assert finding
    assert "there is a newer one of 03/07/2025. Switch the application to it" in finding.message
    assert "--to 2025-03-07" in finding.command


def test_an_application_is_moved_to_one_that_can_be(ready: Answers) -> None:
    finding = outdated(ready, FORMS["TFM"], pinned=True)
    assert finding
    assert "Switch the application to it under “Editions of the forms”" in finding.message
    assert "--model TFM --to 2025-03-07" in finding.command
    loose = outdated(ready, FORMS["TFM"])
    assert loose
    assert "add it under “Official forms”" in loose.message
    assert outdated(ready, FORMS["JEM"]) is None
