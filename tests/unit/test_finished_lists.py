"""A finished agreement beside ICE's lists: what they say, from which list, how sure, and what stays unchecked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest

from assistant.program.agency_listing import AgencyListing
from assistant.reading.agreement import Signing
from assistant.rules.agreement.lists import CODES, Unchecked, party_of, run_list_rules
from tests.unit.test_finished_rules import document, found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.rules.agreement.lists import PartyDocument
    from assistant.rules.registry import Finding

TODAY = date(2026, 2, 1)
DAYS = {"participating": date(2026, 1, 15), "pending": date(2026, 1, 16)}
NAME = "Pine County Sheriff's Office"


def line(**values: Any) -> AgencyListing:
    made: dict[str, Any] = {
        "agency": NAME, "state": "GA", "county": "Pine County", "model": "WSO", "signed": date(2024, 3, 7),
        "moa_url": None, "status": "participating", "match": 1.0, "as_of": DAYS["participating"],
    }  # fmt: skip
    return AgencyListing(**(made | values))


PENDING: dict[str, Any] = {"status": "pending", "signed": None, "as_of": DAYS["pending"], "model": "TFM"}


def asked(*lines: AgencyListing, days: dict[str, date] = DAYS, **changed: Any) -> tuple[list[Finding], dict[str, str]]:
    """Return what is found, and the code and reason of what is not checked."""
    party = cast("PartyDocument", party_of(document()) | changed)

    def look_up(name: str, state: str) -> Sequence[AgencyListing]:
        assert state == "GA"
        return lines if name == party["name"] else ()

    findings, unchecked = run_list_rules(party, days, look_up, today=TODAY)
    return findings, {one.code: one.why for one in unchecked}


def test_the_party_is_read_off_the_pages() -> None:
    party = party_of(document())
    assert party["where"].startswith("p. 9, agency’s name")
    assert (party["name"], party["sure"], party["model"]) == ("Pine County Sheriff’s Office", True, "TFM")
    assert (party["states"], party["county"]) == (["GA"], "Pine")
    assert (party["signed"], party["signed_on"]) == (True, "2025-03-28")
    assert [other["name"] for other in party["others"]] == ["Pine County Sheriff’s Office"] * 3
    unread = party_of(document(found("agency", source="ink"), found("represents", source="ink")))
    assert (unread["name"], unread["sure"], unread["states"]) == (None, False, [])
    assert party_of(document(found("agency", NAME, source="recognised")))["sure"] is False


@pytest.mark.parametrize(
    ("name", "represents", "states"),
    [
        ("Broward County Sheriff’s Office", "PCSO", ["FL"]),
        ("Lake County Sheriff’s Office", "PCSO", []),
        ("Lake County Sheriff’s Office, Ohio", "PCSO", ["OH"]),
        ("Lake County Sheriff’s Office (LCSO)", "State of Ohio", ["OH"]),
        ("Lake County Sheriff’s Office", "Lake County, Florida.", ["FL"]),
        ("Lake County Sheriff’s Office, OH", "Lake County, FL", ["FL", "OH"]),
        ("Texas Department of Public Safety", "Texas", ["TX"]),
        ("Virginia Beach Police Department", "Virginia Beach, the city", []),
    ],
)
def test_the_state_is_read_where_it_is_named(name: str, represents: str, states: list[str]) -> None:
    elsewhere = [found(slot, source="ink") for slot in ("agency_again", "appendix_b", "lea_agency")]
    assert party_of(document(found("agency", name), found("represents", represents), *elsewhere))["states"] == states


def test_an_address_tells_the_state() -> None:
    lines = ("Sam Sample", "100 Main Street, Example City, Ohio 44001", "sam@pcso.example.gov")
    assert party_of(document(found("contact", *lines), found("represents", source="ink")))["states"] == ["OH"]


def test_a_list_that_agrees_brings_nothing() -> None:
    assert asked(line()) == ([], {})


@pytest.mark.parametrize(
    ("changed", "days", "why"),
    [
        ({}, {}, "This list from ICE is not loaded"),
        ({"name": None}, DAYS, "could not be read"),
        ({"states": []}, DAYS, "agencies of several States share a name"),
        ({"states": ["FL", "GA"]}, DAYS, "More than one State"),
    ],
)
def test_what_cannot_be_asked_is_unchecked_never_passed(
    changed: dict[str, Any], days: dict[str, date], why: str
) -> None:
    findings, unchecked = asked(line(model="TFM"), days=days, **changed)
    assert findings == []
    assert set(unchecked) == set(CODES)
    assert all(why in said for said in unchecked.values())


def test_a_rule_whose_list_is_not_loaded_is_unchecked() -> None:
    _, unchecked = asked(line(), days={"participating": DAYS["participating"]})
    assert set(unchecked) == {"model-pending"}
    _, unchecked = asked(line(**PENDING | {"model": "WSO"}), days={"pending": DAYS["pending"]})
    assert set(unchecked) == {"model-already-held"}


def test_another_spelling_is_told_with_list_day_and_likeness() -> None:
    findings, unchecked = asked(line(agency="Sheriff of Pine County", match=0.96))
    assert [(f.code, f.severity, f.where) for f in findings] == [
        ("name-vs-list", "warning", party_of(document())["where"])
    ]
    assert "“Sheriff of Pine County”" in findings[0].message
    assert findings[0].message.endswith("The names are a 96% match.")
    assert findings[0].source == "ICE's list of participating agencies, as of January 15, 2026"
    assert unchecked == {}


def test_a_name_that_is_on_no_list_is_not_called_right() -> None:
    _, unchecked = asked(line(agency="Pine County Police", match=0.87))
    assert unchecked == {
        "name-vs-list": "No agency on ICE's list of participating agencies as of 01/15/2026 and pending agencies as of "
        "01/16/2026 is certain to be this one; the closest is “Pine County Police”, alike to 87%."
    }
    _, unchecked = asked()
    assert unchecked["name-vs-list"].endswith("is certain to be this one.")
    _, unchecked = asked(line(county="Lee"))
    assert set(unchecked) == {"name-vs-list"}


def test_a_recognised_name_is_not_held_against_the_lists_letter_by_letter() -> None:
    findings, unchecked = asked(line(agency="Sheriff of Pine County", match=0.96), sure=False)
    assert findings == []
    assert set(unchecked) == {"name-vs-list"}


@pytest.mark.parametrize(
    ("values", "signing", "told", "open_"),
    [
        ({"model": "TFM"}, {}, {"model-already-held"}, set()),
        ({"model": "TFM"}, {"signed": False, "signed_on": None}, {"model-already-held"}, set()),
        ({"model": "TFM", "signed": date(2025, 3, 27)}, {}, {"model-already-held"}, set()),
        ({"model": "TFM", "signed": date(2025, 3, 28)}, {}, set(), {"model-already-held"}),
        ({"model": "TFM", "signed": date(2025, 4, 9)}, {}, set(), {"model-already-held"}),
        ({"model": "TFM", "signed": date(2025, 4, 9)}, {"signed": False}, {"model-already-held"}, set()),
        ({"model": "TFM", "signed": None}, {}, set(), {"model-already-held"}),
        ({"model": "TFM"}, {"signed_on": None}, set(), {"model-already-held"}),
        ({"model": "TFM"}, {"signed": None, "signed_on": None}, set(), {"model-already-held"}),
        (PENDING, {}, set(), {"model-pending"}),
        (PENDING, {"signed": False}, {"model-pending"}, set()),
        (PENDING | {"as_of": date(2025, 3, 1)}, {}, {"model-pending"}, set()),
        (PENDING | {"model": "WSO"}, {}, set(), set()),
    ],
)
def test_what_is_held_or_pending_is_told_where_it_is_surely_another_agreement(
    values: dict[str, Any], signing: dict[str, Any], told: set[str], open_: set[str]
) -> None:
    findings, unchecked = asked(line(**values), **signing)
    assert {f.code for f in findings} == told
    assert all(f.severity == "warning" for f in findings)
    assert set(unchecked) == open_
    assert all("may be this same one" in why for why in unchecked.values())


def test_the_line_of_this_agreement_still_tells_how_the_name_is_written() -> None:
    findings, unchecked = asked(line(agency="Sheriff of Pine County", model="TFM", signed=date(2025, 4, 9)))
    assert [f.code for f in findings] == ["name-vs-list"]
    assert set(unchecked) == {"model-already-held"}


def test_another_listed_agency_in_a_blank_was_left_in() -> None:
    maple = line(agency="Mapleton Police Department", county="Maple")
    left = [{"where": "p. 11, Appendix B", "name": "Mapleton PD"}]
    party = cast("PartyDocument", party_of(document()) | {"others": left})
    found_there, _ = run_list_rules(
        party, DAYS, lambda name, _: (maple,) if name == "Mapleton PD" else (line(),), today=TODAY
    )
    assert [(f.code, f.severity, f.where) for f in found_there] == [
        ("other-agency-data", "blocker", "p. 11, Appendix B")
    ]
    assert "“Mapleton Police Department”" in found_there[0].message
    assert "January 15, 2026" in found_there[0].source


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Pine Co. Sheriff's Office", line()),
        ("Mapleton PD", line(agency="Mapleton Police Department", match=0.89)),
        ("Mapleton PD", line(agency="Mapleton Township Police Department")),
    ],
)
def test_what_is_not_surely_another_agency_is_left_alone(name: str, listed: AgencyListing) -> None:
    party = party_of(document()) | {"others": [{"where": "p. 11", "name": name}]}
    findings, _ = run_list_rules(party, DAYS, lambda *_: (line(), listed), today=TODAY)
    assert findings == []
    findings, _ = run_list_rules(party, DAYS, lambda asked_, _: (listed,) if asked_ == name else (line(),), today=TODAY)
    assert findings == []


def test_an_unsigned_agreement_may_be_of_a_model_that_is_not_known() -> None:
    findings, _ = asked(line(model="TFM"), model=None)
    assert findings == []
    assert party_of(document(signing=Signing(signed=False)))["signed"] is False


def test_unchecked_is_a_json_object() -> None:
    assert Unchecked(code="a", why="b").to_document() == {"code": "a", "why": "b", "command": ""}
