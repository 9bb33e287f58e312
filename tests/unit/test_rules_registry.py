from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, dump, has_path, parse
from assistant.rules import SEVERITIES, SUBJECTS, Case, Finding, Review, RuleCard, all_rules, check, registry
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Callable

CASE = Case(answers=Answers(), today=date(2026, 2, 1))

# The codes that the review of published agreements names, and that answers alone can show.
NAMED = {
    "represents-self", "represents-person", "pubinfo-no-contact", "poc-a-no-contact", "text-tiny", "opla-blank",
    "text-clipped", "opla-not-opla", "abbrev-undefined", "pubinfo-no-person", "poc-a-no-person", "signer-not-chief",
    "party-not-lea", "pubinfo-blank", "poc-vii-blank", "appb-blank", "abbrev-blank", "title-blank", "placeholder-left",
    "form-outdated", "typo", "title-shared-with-ice", "opla-address-typo", "contact-mismatch", "contact-format",
    "date-invalid", "nominee-two-years",
}  # fmt: skip


def test_every_rule_says_what_it_asks_and_who_says_so() -> None:
    cards = all_rules()
    assert {card.code for card in cards} >= NAMED
    assert [card.code for card in cards if not card.requirement.endswith(".") or not card.source] == []
    assert {card.severity for card in cards} <= set(SEVERITIES)
    assert {card.subject for card in cards} == set(SUBJECTS)


def test_subjects_are_asked_in_their_order() -> None:
    places = [SUBJECTS.index(card.subject) for card in all_rules()]
    assert places == sorted(places)


def test_nothing_is_wrong_with_the_ready_application(make_case: Callable[..., Case]) -> None:
    review = check(make_case(editions={"WSO": "moa-wso/2025-02-15"}))
    assert review.ready
    assert [(f.code, f.severity) for f in review.findings] == [("state-law", "note")]


def test_review_counts_and_says_whether_it_is_ready(make_case: Callable[..., Case]) -> None:
    review = check(make_case({"nominees.0.us_citizen": False, "approvals.governing_body_approved_on": None}))
    assert not review.ready
    assert review.counts == Counter({"blocker": 1, "warning": 1, "note": 1})
    document = review.to_document()
    assert document["ready"] is False
    assert document["counts"] == {"blocker": 1, "warning": 1, "note": 1}
    assert json.loads(json.dumps(document)) == document
    assert list(document["findings"][0]) == ["code", "severity", "where", "message", "source", "check_words"]
    assert document["findings"][0]["code"] == "nominee-citizen"


def test_a_review_without_findings_is_ready() -> None:
    assert Review(findings=()).to_document() == {
        "ready": True, "findings": [], "counts": {"blocker": 0, "warning": 0, "note": 0},
    }  # fmt: skip


def test_warnings_do_not_block() -> None:
    finding = Finding(code="c", severity="warning", where="w", message="m", source="s")
    assert Review(findings=(finding,)).ready


def test_subjects_can_be_limited(make_case: Callable[..., Case]) -> None:
    case = make_case({"nominees.0.us_citizen": False, "agency.law_enforcement_agency": False})
    assert [f.code for f in check(case, subjects={"nominees"}).findings] == ["nominee-citizen"]
    assert check(case, subjects=()).findings == ()


def test_an_empty_application_can_be_reviewed() -> None:
    review = check(Case(answers=Answers(), today=date(2026, 2, 1)))
    assert {f.code for f in review.findings if f.severity == "blocker"} == {"agency-not-lea", "no-model"}


def test_the_same_case_gives_the_same_findings(make_case: Callable[..., Case]) -> None:
    case = make_case({"agency.short_name": None, "nominees.1.us_citizen": None})
    assert check(case) == check(case)


@pytest.mark.parametrize("models", [["JEM"], ["TFM"], ["TTFM"], ["WSO"], ["JEM", "TFM", "TTFM", "WSO"]])
def test_every_finding_leads_to_an_answer(
    make_case: Callable[..., Case], prose: Callable[[str], None], models: list[str]
) -> None:
    empty: dict[str, Any] = {
        "models": models, "agency": {}, "signatory": {}, "program_contact": {}, "public_information_contact": {},
        "ice": {}, "approvals": {}, "nominees": [{}, {"models": models}],
    }  # fmt: skip
    findings = check(make_case(empty)).findings
    assert len(findings) > 20
    for finding in findings:
        assert has_path(finding.where), finding
        assert finding.source
        prose(finding.message)


def test_no_finding_shows_more_of_a_nominee_than_the_name(make_case: Callable[..., Case]) -> None:
    private = "ZZ-PRIVATE-77"
    answers = parse(dump(make_case({"nominees.0.badge_number": private, "nominees.1.badge_number": private}).answers))
    review = check(Case(answers=answers, today=date(2026, 2, 1)))
    assert "nominee-twice" in {f.code for f in review.findings}
    assert private not in json.dumps(review.to_document())


def test_a_code_stands_once() -> None:
    with pytest.raises(ValueError, match="Two rules have the code no-model"):

        @rule("no-model", source="a test")
        def again(case: Case) -> Any:
            """Say something."""
            return iter([Problem("models", str(case))])


def test_a_rule_is_told_by_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registry", {})

    @rule("first", source="a test")
    def one(case: Case) -> Any:
        """Ask for one thing.

        And say why.
        """
        return iter([Problem("models", str(case.today)), Problem("nominees", "No.", severity="note", source="b")])

    @rule("second", source="another", severity="warning")
    def two(case: Case) -> Any:
        """Ask for two things."""
        return iter([Problem("agency.state", str(case.today))])

    subject = __name__.rpartition(".")[2]
    assert all_rules() == (
        RuleCard(code="first", severity="blocker", source="a test", requirement="Ask for one thing.", subject=subject),
        RuleCard(
            code="second", severity="warning", source="another", requirement="Ask for two things.", subject=subject
        ),
    )
    assert one.__name__ == "one"
    assert two.__name__ == "two"
    assert [(f.code, f.severity, f.where, f.message, f.source) for f in check(CASE).findings] == [
        ("first", "blocker", "models", "2026-02-01", "a test"),
        ("first", "note", "nominees", "No.", "b"),
        ("second", "warning", "agency.state", "2026-02-01", "another"),
    ]


def test_a_rule_says_its_requirement() -> None:
    with pytest.raises(ValueError, match="has no requirement"):

        @rule("a-rule-of-this-test", source="a test")
        def wordless(case: Case) -> Any:
            return iter([Problem("models", str(case))])

    assert "a-rule-of-this-test" not in {card.code for card in all_rules()}
