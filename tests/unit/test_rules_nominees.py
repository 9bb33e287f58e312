from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import MODELS, Answers, Nominee, years_between
from assistant.program import criteria_for
from assistant.rules import Case, check
from assistant.rules.nominees import standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Model
    from assistant.rules import Finding

TODAY = date(2026, 2, 1)
EVERYTHING: dict[str, Any] = {
    "full_name": "Kim Example",
    "us_citizen": True,
    "background_investigation": "completed",
    "background_completed_on": date(2025, 1, 1),
    "law_enforcement_since": date(2010, 1, 1),
    "enforced_laws": True,
    "facility_security_trained": True,
    "enforced_inmate_rules": True,
    "inmate_rules_authority": True,
}
# code of the criterion, the answer it reads, the models it counts for
CRITERIA: list[tuple[str, str, set[str]]] = [
    ("nominee-citizen", "us_citizen", {"JEM", "TFM", "TTFM", "WSO"}),
    ("nominee-background", "background_investigation", {"JEM", "TFM", "TTFM", "WSO"}),
    ("nominee-enforced-laws", "enforced_laws", {"JEM", "TFM", "TTFM", "WSO"}),
    ("nominee-two-years", "law_enforcement_since", {"TFM"}),
    ("nominee-facility-security", "facility_security_trained", {"JEM", "WSO"}),
    ("nominee-inmate-rules-enforced", "enforced_inmate_rules", {"WSO"}),
    ("nominee-inmate-rules-authority", "inmate_rules_authority", {"JEM"}),
]
UNMET = {"background_investigation": "pending", "law_enforcement_since": date(2025, 1, 1)}
WORDS = {
    "nominee-citizen": ("Say whether Kim Example is a citizen", "must be a citizen"),
    "nominee-background": ("Say whether Kim Example has completed", "after passing it"),
    "nominee-enforced-laws": ("Say whether Kim Example knows", "must have enforced the laws"),
    "nominee-two-years": ("Enter when Kim Example became", "Kim Example has less"),
    "nominee-facility-security": ("Say whether Kim Example has been trained", "has not been trained"),
    "nominee-inmate-rules-enforced": ("Say whether Kim Example has enforced", "has not enforced rules"),
    "nominee-inmate-rules-authority": ("Say whether Kim Example may enforce", "has no authority"),
}


def review(models: tuple[Model, ...], *nominees: Nominee, today: date = TODAY) -> list[Finding]:
    answers = Answers(models=models, nominees=nominees)
    return list(check(Case(answers=answers, today=today), subjects={"nominees", "dates"}).findings)


def nominee(*models: Model, **answers: Any) -> Nominee:
    return Nominee(**{**EVERYTHING, "models": models, **answers})


@pytest.mark.parametrize("model", MODELS)
def test_a_nominee_who_meets_everything_passes(model: Model) -> None:
    assert [f for f in review((model,), nominee(model)) if f.severity != "note"] == []


@pytest.mark.parametrize(
    ("criterion", "model", "answer"),
    list(product(CRITERIA, MODELS, ["unknown", "unmet"])),
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_criterion_blocks_where_it_counts(
    prose: Callable[[str], None], *, criterion: tuple[str, str, set[str]], model: Model, answer: str
) -> None:
    code, field, counts_for = criterion
    value = None if answer == "unknown" else UNMET.get(field, False)
    more = {"background_completed_on": None} if field == "background_investigation" else {}
    findings = [f for f in review((model,), nominee(model), nominee(model, **{field: value}, **more)) if f.code == code]
    if model not in counts_for:
        assert findings == []
        return
    (finding,) = findings
    assert (finding.where, finding.severity) == (f"nominees.1.{field}", "blocker")
    assert WORDS[code][answer == "unmet"] in finding.message
    prose(finding.message)
    assert "Kim Example" in finding.message


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_criterion_is_asked_once_for_several_models(code: str) -> None:
    field = next(row[1] for row in CRITERIA if row[0] == code)
    findings = review(MODELS, nominee(*MODELS, **{field: None}))
    assert [f.code for f in findings if f.severity == "blocker"] == [code]


def test_a_criterion_names_the_agreement_it_is_from() -> None:
    (years,) = review(("TFM",), nominee("TFM", law_enforcement_since=None))
    assert "TFM MOA rev. 03/07/2025, VII. Nomination of Personnel, p. 3" in years.source
    assert "program page" in years.source
    (security,) = review(("WSO",), nominee("WSO", facility_security_trained=None))
    assert "WSO MOA" in security.source
    assert "JEM" not in security.source
    assert "WSO asks" not in security.message
    (security,) = review(("WSO",), nominee("WSO", facility_security_trained=False))
    assert "which WSO requires" in security.message


@pytest.mark.parametrize(
    ("since", "today", "enough"),
    [
        (date(2024, 2, 1), date(2026, 2, 1), True),
        (date(2024, 2, 2), date(2026, 2, 1), False),
        (date(2024, 1, 31), date(2026, 2, 1), True),
        (date(2024, 2, 29), date(2026, 2, 28), False),
        (date(2024, 2, 29), date(2026, 3, 1), True),
        (date(2022, 2, 28), date(2024, 2, 28), True),
        (date(2022, 3, 1), date(2024, 2, 29), False),
        (date(2026, 2, 1), date(2026, 2, 1), False),
        (date(2030, 1, 1), date(2026, 2, 1), False),
    ],
)
def test_two_years_are_counted_to_the_day_of_the_review(since: date, today: date, enough: bool) -> None:  # noqa: FBT001
    findings = review(
        ("TFM",), nominee("TFM", law_enforcement_since=since, background_completed_on=date(2020, 1, 1)), today=today
    )
    assert [f.code for f in findings if f.code == "nominee-two-years"] == ([] if enough else ["nominee-two-years"])


@pytest.mark.parametrize(
    ("years", "since", "enough"),
    [(2, None, True), (2.0, None, True), (1.9, None, False), (0, None, False), (1, date(2000, 1, 1), False),
     (5, date(2025, 6, 1), True), (99, None, True)],
)  # fmt: skip
def test_years_in_total_count_where_service_was_interrupted(years: float, since: date | None, enough: bool) -> None:  # noqa: FBT001
    findings = review(("TFM",), nominee("TFM", law_enforcement_years=years, law_enforcement_since=since))
    assert [f.where for f in findings] == ([] if enough else ["nominees.0.law_enforcement_years"])


@given(since=st.dates(date(1960, 1, 1), date(2040, 1, 1)), today=st.dates(date(2025, 1, 1), date(2040, 1, 1)))
def test_two_years_hold_for_any_two_days(since: date, today: date) -> None:
    criterion = next(c for c in criteria_for("TFM") if c.code == "nominee-two-years")
    met = standing(criterion, Nominee(law_enforcement_since=since), today) == "met"
    assert met == (years_between(since, today) >= 2)
    assert met == ((since.year + 2, since.month, since.day) <= (today.year, today.month, today.day))


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        ("nominee-citizen", {"us_citizen": True}, "met"),
        ("nominee-citizen", {"us_citizen": False}, "not met"),
        ("nominee-citizen", {}, "not known"),
        ("nominee-background", {"background_investigation": "completed"}, "met"),
        ("nominee-background", {"background_investigation": "pending"}, "not met"),
        ("nominee-two-years", {}, "not known"),
        ("nominee-two-years", {"law_enforcement_years": 1.5}, "not met"),
        ("nominee-two-years", {"law_enforcement_years": 3}, "met"),
        ("nominee-ice-approval", {"us_citizen": True}, "not known"),
    ],
)
def test_standing_fills_the_grid(code: str, answers: dict[str, Any], expected: str) -> None:
    criterion = next(c for c in criteria_for("TFM") if c.code == code)
    assert standing(criterion, Nominee(**answers), TODAY) == expected


def test_only_models_that_both_name_count() -> None:
    findings = review(("WSO",), nominee("TFM", law_enforcement_since=None, us_citizen=None))
    assert [(f.code, f.severity, f.where) for f in findings] == [
        ("nominee-model-not-applied", "warning", "nominees.0.models"),
        ("model-without-nominees", "note", "nominees"),
    ]
    assert "nominated for TFM, but you are not applying for it" in findings[0].message
    assert "No one is nominated for WSO yet" in findings[1].message
    assert "after ICE has signed" in findings[1].message


def test_taking_the_nominee_out_unblocks(found: Callable[..., list[Finding]]) -> None:
    assert len(found("nominee-citizen", {"nominees.1.us_citizen": False})) == 1
    assert found("nominee-citizen", {"nominees": []}) == []
    assert len(found("model-without-nominees", {"nominees": []})) == 3
