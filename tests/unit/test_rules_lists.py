"""Rules about what ICE's lists say of the agency."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.program.agency_listing import AgencyListing, bare_name, written_alike
from assistant.rules import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.rules import Case


def listed(**values: Any) -> AgencyListing:
    made: dict[str, Any] = {
        "agency": "Example County Sheriff's Office", "state": "FL", "county": "Pasco County", "model": "TFM",
        "signed": date(2025, 3, 7), "moa_url": None, "status": "participating", "match": 1.0,
        "as_of": date(2026, 1, 15),
    }  # fmt: skip
    return AgencyListing(**(made | values))


OWN = {
    "agency.legal_name": "Example County Sheriff’s Office", "agency.county": "Pasco", "models": ("TFM", "WSO"),
}  # fmt: skip


def codes(case: Case) -> set[tuple[str, str]]:
    return {(f.code, f.severity) for f in check(case, subjects={"published_lists"}).findings}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"model-already-held"}),
        ({"model": "JEM"}, set()),
        ({"model": None}, set()),
        ({"status": "pending", "signed": None}, {"model-pending"}),
        ({"signed": None}, {"model-already-held"}),
        ({"match": 0.89}, set()),
        ({"county": "Lee"}, set()),
        ({"county": None}, {"model-already-held"}),
        ({"agency": "Example Co. Sheriff’s Office (Addendum)"}, {"model-already-held"}),
        ({"agency": "Example County Sheriff's Department"}, {"model-already-held", "name-vs-list"}),
        ({"agency": "Sheriff of Example County", "model": "JEM", "match": 0.98}, {"name-vs-list"}),
    ],
)
def test_what_the_list_says(make_case: Callable[..., Case], values: dict[str, Any], expected: set[str]) -> None:
    from dataclasses import replace  # noqa: PLC0415

    case = replace(make_case(OWN), listings=(listed(**values),))
    assert codes(case) == {(code, "warning") for code in expected}
    assert all("January 15, 2026" in f.source for f in check(case, subjects={"published_lists"}).findings)


def test_without_a_list_nothing_is_said(make_case: Callable[..., Case]) -> None:
    assert codes(make_case()) == set()


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("Tampa PD", "Tampa Police Department", True),
        ("Pasco Co. Sheriff’s Office", "Pasco County Sheriff's Office", True),
        ("Pasco County Sheriff’s Office (PCSO)", "Pasco County Sheriff's Office", True),
        ("Pasco County Sheriff’s Office, FL", "Pasco County Sheriff's Office", True),
        ("Pasco County Sheriff’s Office, Florida", "PASCO COUNTY SHERIFFS OFFICE", True),
        ("Lee County Sheriff's Office", "Levy County Sheriff's Office", False),
        ("Lee County Sheriff's Office", "Lee County Police Department", False),
    ],
)
def test_names_written_alike(left: str, right: str, *, alike: bool) -> None:
    assert written_alike(left, right) is alike


def test_a_bare_name_keeps_what_belongs_to_it() -> None:
    assert bare_name("Sheriff's Office, Pasco County") == "Sheriff's Office, Pasco County"
    assert bare_name("Example (Old) Police") == "Example (Old) Police"
    assert bare_name("") == ""
