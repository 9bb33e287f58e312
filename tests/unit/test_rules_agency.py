from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.rules import Finding

TRIBAL = {"agency.kind": "tribal", "models": ["TTFM"]}

# code, changes, where, severity, words of the message
WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("agency-not-lea", {"agency.law_enforcement_agency": False}, "agency.law_enforcement_agency", "blocker",
     "Apply in the name of the law-enforcement agency itself"),
    ("agency-not-lea", {"agency.law_enforcement_agency": None}, "agency.law_enforcement_agency", "blocker",
     "Say whether"),
    ("no-model", {"models": []}, "models", "blocker", "Choose at least one model"),
    ("agency-kind-missing", {"agency.kind": None}, "agency.kind", "warning", "Choose the kind of agency"),
    ("state-unknown", {"agency.state": "ZZ"}, "agency.state", "warning", "two letters"),
    ("model-needs-jail", {"agency.operates_jail": False, "models": ["JEM"]}, "agency.operates_jail", "blocker",
     "Remove JEM from the application"),
    ("model-needs-jail", {"agency.operates_jail": None, "models": ["WSO"]}, "agency.operates_jail", "blocker",
     "Say whether the agency operates a jail. WSO"),
    ("model-needs-jail", {"agency.operates_jail": None, "models": ["JEM"]}, "agency.operates_jail", "blocker",
     "Say whether the agency operates a jail. JEM"),
    ("model-needs-jail", {"agency.operates_jail": False, "models": ["WSO"]}, "agency.operates_jail", "blocker",
     "or correct the answer."),
    ("tfm-without-patrol", {"agency.conducts_patrol": False}, "agency.conducts_patrol", "warning", "whether TFM fits"),
    ("tfm-without-patrol", {"agency.conducts_patrol": False, **TRIBAL}, "agency.conducts_patrol", "warning",
     "TTFM is for"),
    ("ttfm-tribal-only", {"models": ["TTFM"]}, "models", "blocker", "Remove TTFM"),
    ("ttfm-tribal-only", {"models": ["TTFM"], "agency.kind": None}, "agency.kind", "warning", "Choose the kind"),
    ("tribal-agency-287g", {"agency.kind": "tribal", "models": ["TTFM", "JEM", "TFM"]}, "models", "note",
     "agreement for JEM and TFM is based on section 287(g)"),
    ("tribal-council-unnamed", {"agency.kind": "tribal", "approvals.governing_body": None}, "approvals.governing_body",
     "warning", "tribal council"),
    ("governing-body-unnamed", {"approvals.governing_body": None}, "approvals.governing_body", "note", "Ask counsel"),
    ("governing-body-not-approved", {"approvals.governing_body_approved_on": None},
     "approvals.governing_body_approved_on", "warning", "Do not sign before"),
    ("counsel-not-reviewed", {"approvals.counsel_reviewed_on": None}, "approvals.counsel_reviewed_on", "note",
     "Give counsel the unsigned agreement"),
    ("approval-in-future", {"approvals.counsel_reviewed_on": date(2026, 2, 2)}, "approvals.counsel_reviewed_on",
     "warning", "The review by counsel is in the future"),
    ("approval-in-future", {"approvals.governing_body_approved_on": date(2026, 2, 2)},
     "approvals.governing_body_approved_on", "warning", "The approval of the governing body is in the future"),
    ("date-doubtful", {"approvals.counsel_reviewed_on": date(1, 1, 1)}, "approvals.counsel_reviewed_on", "warning",
     "Check that the year is right."),
    ("date-doubtful", {"approvals.governing_body_approved_on": date(1989, 12, 31)},
     "approvals.governing_body_approved_on", "warning", "the governing body’s approval was before 1990"),
    ("date-doubtful", {"nominees.0.background_completed_on": date(1975, 1, 1)}, "nominees.0.background_completed_on",
     "warning", "the background investigation of Alex Nguyễn was before 1990"),
    ("signer-not-chief", {"signatory.chief_officer": False}, "signatory.chief_officer", "warning",
     "Keep the resolution"),
    ("signer-not-chief", {"signatory.chief_officer": None, "signatory.title": "County Manager"},
     "signatory.chief_officer", "warning", "Say whether"),
    ("signer-not-chief", {"signatory.chief_officer": None, "agency.kind": "municipality"}, "signatory.chief_officer",
     "warning", "Say whether"),
    ("title-shared-with-ice", {"signatory.title": "Acting  Director"}, "signatory.title", "blocker",
     "title under which ICE"),
    ("title-shared-with-ice", {"signatory.title": "deputy director"}, "signatory.title", "blocker",
     "title under which ICE"),
    ("county-unknown", {"agency.state": "TX", "agency.county": None}, "agency.county", "warning",
     "ICE divides Texas between field offices by county. Enter the county"),
    ("county-unknown", {"agency.state": "CA", "agency.county": "Fultonia"}, "agency.county", "warning",
     "California has no"),
    ("field-office-blank", {"ice.field_office": None}, "ice.field_office", "note",
     "The lists propose Atlanta. Confirm it."),
    ("field-office-blank", {"ice.field_office": None, "agency.state": "NY", "agency.county": None}, "ice.field_office",
     "note", "New York is divided"),
    ("field-office-differs", {"ice.field_office": "Miami"}, "ice.field_office", "warning", "in the area of Atlanta"),
    ("field-office-differs", {"agency.state": "NY", "agency.county": None}, "ice.field_office", "warning",
     "Buffalo or New York City"),
    ("field-office-confirm", {"agency.state": "TX", "agency.county": "Smith", "ice.field_office": "Dallas"},
     "ice.field_office", "note", "not sure here. The lines between these field offices moved"),
    ("opla-differs", {"ice.opla_location": "Orlando"}, "ice.opla_location", "warning", "names Atlanta for this agency"),
    ("field-office-differs", {"agency.state": "TX", "agency.county": "Smith", "ice.field_office": "Houston"},
     "ice.field_office", "warning", "in the area of Dallas, but"),
    ("opla-differs", {"agency.state": "TX", "agency.county": "Smith", "ice.opla_location": "Houston"},
     "ice.opla_location", "warning", "The list names Dallas for"),
    ("opla-differs", {"agency.state": "FL", "ice.opla_location": "Atlanta"}, "ice.opla_location", "warning",
     "names Orlando or Miami for"),
    ("opla-differs", {"agency.state": "GA", "ice.opla_location": "Washington"}, "ice.opla_location", "warning",
     "ask the field office."),
    ("opla-differs", {"ice.opla_location": "180 Ted Street, Atlantis"}, "ice.opla_location", "warning", "Correct it"),
    ("opla-confirm", {"agency.state": "FL", "ice.opla_location": "Miami"}, "ice.opla_location", "note",
     "Ask the field office"),
    ("state-law", {"agency.state": "IL"}, "agency.state", "warning", "State law may bar this agreement. Ask counsel"),
    ("state-law", {"agency.state": "MN"}, "agency.state", "warning", "set conditions"),
    ("state-law", {"agency.state": "FL"}, "agency.state", "note", "may require"),
    ("state-law", {"agency.state": "WV"}, "agency.state", "note", "how is not known"),
    ("state-law-not-examined", {"agency.state": "NV"}, "agency.state", "note", "law of Nevada"),
]  # fmt: skip

RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("state-unknown", {"agency.state": None}),
    ("state-unknown", {"agency.state": "pr"}),
    ("model-needs-jail", {"agency.operates_jail": False, "models": ["TFM"]}),
    ("model-needs-jail", {"agency.operates_jail": None, **TRIBAL}),
    ("tfm-without-patrol", {"agency.conducts_patrol": None}),
    ("tfm-without-patrol", {"agency.conducts_patrol": False, "models": ["JEM", "WSO"]}),
    ("ttfm-tribal-only", TRIBAL),
    ("tribal-agency-287g", TRIBAL),
    ("tribal-council-unnamed", {"agency.kind": "tribal"}),
    ("tribal-council-unnamed", {"approvals.governing_body": None}),
    ("governing-body-not-approved", {"approvals.governing_body": None, "approvals.governing_body_approved_on": None}),
    ("approval-in-future", {"approvals.counsel_reviewed_on": date(2026, 2, 1)}),
    ("date-doubtful", {"approvals.counsel_reviewed_on": date(1990, 1, 1)}),
    ("date-doubtful", {"nominees.0.law_enforcement_since": date(1985, 1, 1)}),
    ("signer-not-chief", {"signatory.chief_officer": True, "signatory.title": "County Manager"}),
    ("signer-not-chief", {"signatory.chief_officer": None}),
    ("signer-not-chief", {"signatory.chief_officer": None, "agency.kind": "other", "signatory.title": "Colonel"}),
    ("signer-not-chief", {"signatory.chief_officer": None, "signatory.title": None}),
    ("signer-not-chief",
     {"signatory.chief_officer": None, "agency.kind": "municipality", "signatory.title": "Chief of Police"}),
    ("title-shared-with-ice", {"signatory.title": "Director"}),
    ("title-shared-with-ice", {"signatory.title": None}),
    ("county-unknown", {"agency.county": None}),
    ("county-unknown", {"agency.state": "TX", "agency.county": "DE WITT COUNTY"}),
    ("county-unknown", {"agency.state": None}),
    ("field-office-differs", {"ice.field_office": None}),
    ("field-office-differs", {"ice.field_office": "Miami", "agency.state": None}),
    ("field-office-differs", {"ice.field_office": "ICE Atlanta Field Office"}),
    ("field-office-differs", {"agency.state": "NY", "agency.county": None, "ice.field_office": "Buffalo"}),
    ("field-office-differs", {"agency.state": "MN", "ice.field_office": "Saint Paul"}),
    ("field-office-confirm", {}),
    ("field-office-confirm", {"agency.state": "TX", "agency.county": "Smith", "ice.field_office": "Houston"}),
    ("field-office-confirm", {"agency.state": "TX", "agency.county": None, "ice.field_office": "Houston"}),
    ("opla-differs", {"ice.opla_location": None}),
    ("opla-differs", {"ice.opla_location": "OPLA-DCLD-TortClaims@ice.dhs.gov"}),
    ("opla-differs", {"ice.opla_location": "180 Ted Turner Dr. SW, Suite 332"}),
    ("opla-differs", {"agency.state": "FL", "ice.opla_location": "Orlando, Florida"}),
    ("opla-differs", {"agency.state": "ID", "ice.opla_location": "Salt Lake City"}),
    ("opla-differs", {"agency.state": "ID", "ice.opla_location": "Denver"}),
    ("opla-differs", {"agency.state": "DC", "ice.opla_location": "Washington"}),
    ("opla-differs", {"agency.state": None, "ice.opla_location": "Orlando"}),
    ("opla-confirm", {}),
    ("opla-confirm", {"agency.state": "FL", "ice.opla_location": "Denver"}),
    ("opla-confirm", {"agency.state": "FL", "ice.opla_location": None}),
    ("state-law", {"agency.state": "NV"}),
    ("state-law-not-examined", {}),
    ("state-law-not-examined", {"agency.state": None}),
    ("state-law-not-examined", {"agency.state": "ZZ"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "where", "severity", "words"), WRONG)
def test_what_is_wrong_is_found(
    found: Callable[..., list[Finding]], *, code: str, changes: dict[str, Any], where: str, severity: str, words: str
) -> None:
    (finding,) = found(code, changes)
    assert (finding.where, finding.severity) == (where, severity)
    assert words in finding.message


@pytest.mark.parametrize(("code", "changes"), RIGHT)
def test_what_is_right_is_left_alone(found: Callable[..., list[Finding]], code: str, changes: dict[str, Any]) -> None:
    assert found(code, changes) == []


@pytest.mark.parametrize("code", sorted({row[0] for row in WRONG} - {"state-law"}))
def test_the_ready_application_passes(found: Callable[..., list[Finding]], code: str) -> None:
    assert found(code) == []


def test_each_jail_model_is_named_with_its_own_source(found: Callable[..., list[Finding]]) -> None:
    jail, warrant = found("model-needs-jail", {"agency.operates_jail": False})
    assert "JEM" in jail.message
    assert "JEM MOA rev. 02/15/2025, II. Purpose, p. 1" in jail.source
    assert "WSO" in warrant.message
    assert "WSO MOA rev. 02/14/2025, II. Purpose, p. 1" in warrant.source


def test_an_open_question_names_the_source_of_its_model(found: Callable[..., list[Finding]]) -> None:
    jail, warrant = found("model-needs-jail", {"agency.operates_jail": None})
    assert jail.source.startswith("JEM MOA")
    assert warrant.source.startswith("WSO MOA")
    assert "WSO" not in jail.source
    jail, warrant = found("model-needs-jail", {"agency.operates_jail": False})
    assert "WSO" not in jail.source
    assert "JEM" not in warrant.source


def test_state_law_says_what_was_found_when_and_how_sure(found: Callable[..., list[Finding]]) -> None:
    (law,) = found("state-law", {"agency.state": "DE"})
    assert "11 Del. C. 8402B" in law.message
    assert "as of 2025-08. Confidence: high" in law.message
    assert "Ask counsel" in law.message
    assert law.source.startswith("11 Del. C. 8402B")
    assert "self-law.org" in law.source
