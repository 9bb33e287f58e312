from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.program import (
    field_office_for,
    field_offices,
    opla_for,
    opla_locations,
    split_counties,
    state_code,
    state_laws,
    states,
    stored,
)
from assistant.program.states_and_counties import fold, fold_county
from assistant.program.words import fold_address

if TYPE_CHECKING:
    from pathlib import Path


def test_every_state_has_a_field_office_and_an_opla_location() -> None:
    assert len(states()) == 55
    for code in states():
        office, opla = field_office_for(code), opla_for(code)
        assert office.choices, code
        assert set(office.choices) <= set(field_offices())
        assert opla.choices, code
        assert office.source
        assert opla.source


@pytest.mark.parametrize(("state", "counties", "offices"), [("TX", 254, 5), ("CA", 58, 3), ("NY", 62, 2)])
def test_a_divided_state_is_told_apart_by_county(state: str, counties: int, offices: int) -> None:
    assert len(split_counties(state)) == counties
    found = {field_office_for(state, county).office for county in split_counties(state)}
    assert None not in found
    assert len(found) == offices
    assert found == set(field_office_for(state).choices)
    undecided = field_office_for(state)
    assert undecided.office is None
    assert undecided.confirm
    assert "Give the county" in undecided.note
    assert field_office_for(state, "Nowhere").office is None


def test_other_states_are_not_divided() -> None:
    for code in states().keys() - {"TX", "CA", "NY"}:
        assert split_counties(code) == ()
        assert field_office_for(code).office == field_office_for(code, "Anywhere").office is not None


@pytest.mark.parametrize(
    ("state", "county", "office"),
    [
        ("FL", "Pasco", "Miami"),
        ("fl", None, "Miami"),
        ("Florida", "", "Miami"),
        ("TX", "Terrell", "El Paso"),
        ("TX", "hamilton county", "Houston"),
        ("TX", "De Witt", field_office_for("TX", "DeWitt").office),
        ("TX", "Cameron", "Harlingen"),
        ("CA", "COUNTY OF LOS ANGELES", "Los Angeles"),
        ("NY", "Saint Lawrence", "Buffalo"),
        ("NY", "St. Lawrence County", "Buffalo"),
        ("NY", "Kings", "New York City"),
        ("ID", "Ada", "Salt Lake City"),
        ("PR", None, "Miami"),
        ("MP", None, "San Francisco"),
    ],
)
def test_field_office(state: str, county: str | None, office: str) -> None:
    proposal = field_office_for(state, county)
    assert proposal.office == office
    assert office in proposal.choices
    assert proposal.address is None


def test_texas_is_confirmed_and_georgia_is_not() -> None:
    texas, georgia = field_office_for("TX", "Smith"), field_office_for("GA", "Fulton")
    assert (texas.office, texas.confidence, texas.confirm) == ("Dallas", "medium", True)
    assert "moved in 2024 and 2025" in texas.note
    assert (georgia.office, georgia.confidence, georgia.confirm, georgia.note) == ("Atlanta", "high", False, "")
    assert "deportationdata/ice-offices" in georgia.source


@pytest.mark.parametrize("state", [None, "", "ZZ", "Atlantis"])
def test_without_a_state_everything_is_a_choice(state: str | None) -> None:
    office, opla = field_office_for(state), opla_for(state)
    assert (office.office, office.choices, office.confirm, office.confidence) == (None, field_offices(), True, "low")
    assert (opla.office, opla.confirm, opla.confidence, opla.address) == (None, True, "low", None)
    assert opla.choices == tuple(location.name for location in opla_locations())
    assert office.note == opla.note == "Give the agency's state."


def test_opla_is_proposed_with_its_address() -> None:
    georgia = opla_for("GA")
    assert (georgia.office, georgia.choices, georgia.confirm) == ("Atlanta", ("Atlanta",), False)
    assert georgia.address == "180 Ted Turner Drive SW, Suite 332, Atlanta, GA 30303"
    assert opla_for("TX", "Cameron").office == "San Antonio (Harlingen)"
    assert opla_for("NY", "Kings").office == "New York"
    assert opla_for("ID").office == "Denver (Salt Lake City)"
    assert opla_for("NV").office == "Los Angeles (Las Vegas)"
    kentucky = opla_for("KY")
    assert (kentucky.confidence, kentucky.confirm) == ("medium", True)


@pytest.mark.parametrize(
    ("state", "county", "choices"),
    [
        ("FL", "Pasco", ("Orlando", "Miami")),
        ("VA", None, ("Washington, D.C. (Annandale)", "Washington, D.C. (Sterling)")),
        ("NY", None, ("Buffalo", "New York")),
    ],
)
def test_opla_is_not_decided_where_no_line_is_known(state: str, county: str | None, choices: tuple[str, ...]) -> None:
    proposal = opla_for(state, county)
    assert proposal.office is None
    assert proposal.address is None
    assert proposal.choices == choices
    assert (proposal.confidence, proposal.confirm) == ("medium", True)
    assert f"Choose {choices[0]}" in proposal.note
    assert " or " in proposal.note


def test_florida_is_told_by_area() -> None:
    assert "Orlando (Central and North Florida) or Miami (South Florida)" in opla_for("FL").note


def test_lists_of_offices_are_whole_and_sorted() -> None:
    assert len(field_offices()) == 25
    assert list(field_offices()) == sorted(set(field_offices()))
    names = [location.name for location in opla_locations()]
    assert names == sorted(set(names))
    assert all(any(c.isdigit() for c in location.address) for location in opla_locations())


def test_the_data_are_those_of_the_collection(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "data" / "field_offices_split_counties.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 374
    for row in rows:
        assert field_office_for(row["state"], row["county"]).office == row["field_office"]
    for row in csv.DictReader((shared / "data" / "field_offices.csv").read_text("utf-8").splitlines()):
        state = row["state"].removeprefix("Commonwealth of the ").replace("United States V", "U.S. V")
        county = row["county_rule"].split(";")[0].strip("*")
        assert field_office_for(state, county).office == row["field_office"]
        if "Annandale or" not in row["opla_office"]:
            assert row["opla_office"] in opla_for(state, county).choices
            assert row["opla_address"] in {location.address for location in opla_locations()}


@pytest.mark.parametrize(
    ("state", "leaning"),
    [("FL", "requires"), ("AR", "requires"), ("IL", "bars"), ("NY", "bars"), ("VT", "limits"), ("VA", "limits"),
     ("MN", "limits"), ("LA", "unclear"), ("SC", "unclear"), ("RI", "unclear"), ("CO", "bars"),
     ("PA", "unclear"), ("WI", "unclear")],
)  # fmt: skip
def test_state_laws_lean_one_way(state: str, leaning: str) -> None:
    (law,) = state_laws(state)
    assert law.leaning == leaning
    assert law.state == state
    assert all((law.effect, law.authority, law.summary, law.source, law.as_of, law.confidence))


def test_a_state_that_was_not_examined_has_no_notes() -> None:
    assert state_laws("NV") == state_laws(None) == state_laws("ZZ") == ()
    assert len(stored.rows("state_laws")) == 36
    assert {row["state"] for row in stored.rows("state_laws")} <= states().keys()
    assert state_laws("florida") == state_laws("FL")


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert " " not in fold_county(text)
    assert fold_address(fold_address(text)) == fold_address(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Núñez–O’Brien ", "nunez obrien"), ("St. Lawrence", "st lawrence"), ("Saint Paul", "st paul"),
     ("ʻŌiwi", "oiwi"), ("Sainte Genevieve", "ste genevieve"), ("", "")],
)  # fmt: skip
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Doña Ana County", "donaana"), ("Acadia Parish", "acadia"), ("County of Orange", "orange"), ("County", "county"),
     ("Juneau City and Borough", "juneau"),
     ("Kenai Peninsula Borough", "kenaipeninsula"), ("Parish Hill", "parishhill")],
)  # fmt: skip
def test_fold_county(text: str, folded: str) -> None:
    assert fold_county(text) == folded


@pytest.mark.parametrize(
    ("text", "code"), [("FL", "FL"), ("fl", "FL"), ("new york", "NY"), ("U.S. Virgin Islands", "VI"),
     ("F", None), (None, None)]
)  # fmt: skip
def test_state_code(text: str | None, code: str | None) -> None:
    assert state_code(text) == code
