from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, Nominee
from assistant.rules import Case, check

if TYPE_CHECKING:
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
NAMELESS = {"full_name": None, "badge_number": "5"}


def review(models: tuple[Model, ...], *nominees: Nominee, today: date = TODAY) -> list[Finding]:
    answers = Answers(models=models, nominees=nominees)
    return list(check(Case(answers=answers, today=today), subjects={"nominees", "dates"}).findings)


def nominee(*models: Model, **answers: Any) -> Nominee:
    return Nominee(**{**EVERYTHING, "models": models, **answers})


@pytest.mark.parametrize("name", [None, "   "])
def test_a_nominee_has_a_name(name: str | None) -> None:
    (finding,) = review(("TFM",), nominee("TFM"), nominee("TFM", full_name=name))
    assert (finding.code, finding.severity, finding.where) == ("nominee-no-name", "blocker", "nominees.1.full_name")
    assert "nominee 2" in finding.message


def test_a_nameless_nominee_is_called_by_number() -> None:
    findings = review(("TFM",), nominee("TFM", full_name=None, us_citizen=False))
    assert "and Nominee 1 is not" in next(f.message for f in findings if f.code == "nominee-citizen")


def test_a_nameless_nominee_is_called_by_the_number_of_the_row() -> None:
    codes = (
        "nominee-twice",
        "nominee-model-not-applied",
        "nominee-background-date",
        "date-invalid",
        "nominee-no-model",
    )
    rows = (
        nominee("TFM", **NAMELESS),
        nominee("TFM", **NAMELESS),
        nominee("WSO", full_name=None, background_completed_on=None),
        nominee(full_name=None, law_enforcement_since=date(2030, 1, 1), background_investigation=None),
    )
    said = {f.code: f.message for f in review(("TFM",), *rows) if f.code in codes}
    assert said["nominee-twice"].startswith("Nominee 2 has the same badge number as nominee 1. Correct the number, or")
    assert said["nominee-model-not-applied"].startswith("Nominee 3 is nominated for WSO")
    assert "Nominee 4 became a law-enforcement officer" in said["date-invalid"]
    assert "of Nominee 4 has a completion date" in said["nominee-background-date"]
    assert "that Nominee 4 is nominated for" in said["nominee-no-model"]
    (missing,) = [f for f in review(("WSO",), rows[2]) if f.code == "nominee-background-date"]
    assert "investigation of Nominee 1 was completed." in missing.message


def test_every_row_and_every_day_is_looked_at() -> None:
    future = date(2030, 1, 1)
    rows = (
        nominee("WSO", background_completed_on=None, law_enforcement_since=future),
        nominee("WSO", badge_number="7"),
    )
    (finding,) = [f for f in review(("WSO",), *rows) if f.code == "date-invalid"]
    assert finding.where == "nominees.0.law_enforcement_since"


def test_a_nominee_has_a_model() -> None:
    finding = review(("TFM",), nominee("TFM"), nominee(full_name="Max Example"))[0]
    assert (finding.code, finding.severity, finding.where) == ("nominee-no-model", "blocker", "nominees.1.models")
    assert "Max Example" in finding.message


def test_a_person_stands_once() -> None:
    first = nominee("TFM", badge_number="A-12")
    same_badge = nominee("TFM", badge_number="a 12", full_name="Someone Else")
    same_name = nominee("TFM", badge_number="77", full_name="kim  EXAMPLE")
    both = nominee("TFM", badge_number="A-12")
    other = nominee("TFM", badge_number="78", full_name="Third Person")
    findings = review(("TFM",), first, same_badge, same_name, both, other)
    assert [(f.code, f.severity, f.where) for f in findings] == [
        ("nominee-twice", "warning", "nominees.1.badge_number"),
        ("nominee-twice", "warning", "nominees.2.full_name"),
        ("nominee-twice", "warning", "nominees.3.badge_number"),
    ]
    assert "Someone Else has the same badge number as nominee 1" in findings[0].message
    assert "same name as nominee 1" in findings[1].message


def test_nobody_without_name_or_badge_is_taken_for_another() -> None:
    nameless = nominee("TFM", full_name=None, badge_number=None)
    assert {f.code for f in review(("TFM",), nameless, nameless)} == {"nominee-no-name"}


def test_the_day_of_the_background_investigation_fits_the_answer() -> None:
    (missing,) = review(("TFM",), nominee("TFM", background_completed_on=None))
    assert (missing.code, missing.severity) == ("nominee-background-date", "note")
    assert missing.where == "nominees.0.background_completed_on"
    assert "Enter the date" in missing.message
    early = review(("TFM",), nominee("TFM", background_investigation="pending"))
    assert [(f.code, f.severity) for f in early] == [
        ("nominee-background", "blocker"), ("nominee-background-date", "warning"),
    ]  # fmt: skip
    assert "not marked as completed. Correct one of them." in early[1].message
    assert early[1].where == "nominees.0.background_completed_on"
    assert [
        f.code for f in review(("TFM",), nominee("TFM", background_investigation=None, background_completed_on=None))
    ] == ["nominee-background"]


@pytest.mark.parametrize("field", ["background_completed_on", "law_enforcement_since"])
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 1), None),
        (date(2026, 2, 2), "on a date in the future"),
        (date(2028, 2, 28), "on a date in the future"),
        (date(1945, 2, 2), None),
        (date(1945, 2, 1), "over 80 years ago"),
        (date(205, 1, 1), "over 80 years ago"),
    ],
)
def test_a_day_that_cannot_be_blocks(field: str, day: date, words: str | None) -> None:
    person = nominee("WSO", **{field: day})
    found = review(("WSO",), nominee("WSO", full_name="Max Example"), person)
    findings = [finding for finding in found if finding.code != "date-doubtful"]
    assert [(f.code, f.severity, f.where) for f in findings] == (
        [("date-invalid", "blocker", f"nominees.1.{field}")] if words else []
    )
    assert all("Kim Example" in f.message and str(words) in f.message for f in findings)


def test_tribal_nominees_meet_the_general_criteria_only() -> None:
    person = Nominee(
        full_name="Kim Example", models=("TTFM",), us_citizen=True, enforced_laws=True,
        background_investigation="completed", background_completed_on=date(2025, 1, 1),
    )  # fmt: skip
    (note,) = review(("TTFM",), person)
    assert (note.code, note.severity, note.where) == ("nominee-tribal-years", "note", "nominees")
    assert "Ask ICE" in note.message
    assert {f.code for f in review(("TTFM",))} == {"model-without-nominees"}
    assert "nominee-tribal-years" not in {f.code for f in review(("TFM",), person)}
