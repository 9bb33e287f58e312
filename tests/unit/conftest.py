"""A made-up application in which nothing is wrong, and the review of it with something changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, parse, with_path
from assistant.editions.catalog import editions_for, get_edition
from assistant.editions.form_plan import FormPlan, PlannedBlank, plan_blanks
from assistant.editions.library import FormOnHand
from assistant.rules import Case, Finding, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Model

TODAY = date(2026, 2, 1)

READY = """{
  "format": "moa-application/1",
  "agency": {
    "legal_name": "Example County Sheriff’s Office", "short_name": "ECSO", "kind": "county",
    "represents": "Example County, Georgia", "state": "GA", "county": "Fulton",
    "address": {"street": "100 Main Street", "city": "Example City", "state": "GA", "zip": "30301"},
    "phone": "(404) 555-0100", "email": "records@ecso.example.gov",
    "law_enforcement_agency": true, "operates_jail": true, "conducts_patrol": true
  },
  "models": ["JEM", "TFM", "WSO"],
  "signatory": {"full_name": "Jordan Núñez", "title": "Sheriff", "email": "sheriff@ecso.example.gov",
    "phone": "(404) 555-0101", "chief_officer": true},
  "program_contact": {"full_name": "Sam O’Brien", "title": "Captain, Patrol Operations",
    "phone": "(404) 555-0102", "email": "sam@ecso.example.gov"},
  "public_information_contact": {"full_name": "Dana Lee", "title": "Public Information Officer",
    "phone": "(404) 555-0103", "email": "pio@ecso.example.gov"},
  "ice": {"field_office": "Atlanta", "opla_location": "Atlanta"},
  "approvals": {"governing_body": "Example County Board of Commissioners",
    "governing_body_approved_on": "2026-01-12", "counsel_reviewed_on": "2026-01-08"},
  "nominees": [
    {"full_name": "Alex Nguyễn", "rank": "Deputy", "badge_number": "1412", "models": ["JEM", "TFM", "WSO"],
      "us_citizen": true, "background_investigation": "completed", "background_completed_on": "2025-11-03",
      "law_enforcement_since": "2018-06-01", "law_enforcement_years": null, "enforced_laws": true,
      "facility_security_trained": true, "enforced_inmate_rules": true, "inmate_rules_authority": true},
    {"full_name": "Robin Example", "rank": "Sergeant", "badge_number": "1413", "models": ["TFM"],
      "us_citizen": true, "background_investigation": "completed", "background_completed_on": "2025-11-04",
      "law_enforcement_since": "2015-01-01", "enforced_laws": true}
  ]
}"""


@pytest.fixture(scope="session")
def ready() -> Answers:
    """Return the answers in which nothing is wrong."""
    return parse(READY)


def changed(answers: Answers, changes: dict[str, Any]) -> Answers:
    for path, value in changes.items():
        answers = with_path(answers, path, value)
    return answers


def case_of(answers: Answers, *, today: date = TODAY, editions: dict[Model, str] | None = None) -> Case:
    """Return a case with the newest edition of each form, or the one named; every text prints at 9 pt."""
    plans: dict[Model, FormPlan] = {}
    for model in answers.models:
        name = (editions or {}).get(model)
        form = FormOnHand(edition=get_edition(name) if name else editions_for(model)[0])
        plans[model] = replace(plan_blanks(form, answers), form=replace(form, data=b"%PDF-"))
    case = Case(answers=answers, today=today, plans=plans)
    return with_blanks(case, lambda blank: replace(blank, size=9.0, best_size=9.0))


def with_blanks(case: Case, change: Callable[[PlannedBlank], PlannedBlank], *models: Model) -> Case:
    """Return the case with the blanks of its agreements changed, of all or of those named."""
    plans = {
        model: replace(plan, blanks=tuple(map(change, plan.blanks))) if model in (models or case.plans) else plan
        for model, plan in case.plans.items()
    }
    return replace(case, plans=plans)


@pytest.fixture(scope="session")
def make_case(ready: Answers) -> Callable[..., Case]:
    """Return a function: the ready application with answers changed, as a case."""

    def make(changes: dict[str, Any] | None = None, **options: Any) -> Case:
        return case_of(changed(ready, changes or {}), **options)

    return make


def assert_prose(message: str) -> None:
    """Say that a message is whole sentences: each starts large, none shouts, nothing is left over."""
    assert message[0].isupper() or message[0].isdigit() or message[0] == "{", message
    assert message.endswith((".", '."')), message
    # "ext. 5" and "St. Paul" aside, a sentence does not start small.
    assert not re.search(r"[a-z)”]{3,}\. [a-z]", message), message
    assert not re.search(r"\b[A-Z]{4,},? [A-Z]{4,}\b|[A-Z]{2,} [A-Z]{2,} [A-Z]{2,}|XX", message), message
    assert "  " not in message
    assert not {"None", "TRUE", "{", "}"} & set(message.split())


@pytest.fixture(scope="session")
def found(make_case: Callable[..., Case]) -> Callable[..., list[Finding]]:
    """Return a function: the findings of one code after the change."""

    def find(code: str, changes: dict[str, Any] | None = None, **options: Any) -> list[Finding]:
        findings = check(make_case(changes, **options)).findings
        for finding in findings:
            assert_prose(finding.message)
        return [f for f in findings if f.code == code]

    return find


@pytest.fixture(scope="session")
def prose() -> Callable[[str], None]:
    """Return a function that says whether a message is whole sentences."""
    return assert_prose
