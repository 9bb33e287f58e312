"""Agencies are found by what people call them, on ICE's own lists of July 2025; what is not listed is never sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.agencies import read_list
from assistant.agencies.search import parse_query, search_score

if TYPE_CHECKING:
    from pathlib import Path

LISTED = (
    ("FDLE", "Florida Department of Law Enforcement"),
    ("FHP", "Florida Department of Highway Safety and Motor Vehicles, Division of Highway Patrol"),
    ("Florida Hwy Patrol", "Florida Department of Highway Safety and Motor Vehicles, Division of Highway Patrol"),
    ("JSO", "Jacksonville Sheriff's Office"),
    ("TDOC", "Tennessee Department of Corrections"),
    ("UF Police", "University of Florida Police Department"),
    ("UFPD", "University of Florida Police Department"),
    ("Georgia DPS", "Georgia Department of Public Safety"),
    ("GDPS", "Georgia Department of Public Safety"),
    ("Collier County Sherifs Ofice", "Collier County Sheriff's Office"),
    ("FWC", "Florida Fish and Wildlife Conservation Commission"),
    ("KBI", "Kansas Bureau of Investigation"),
    ("OBN", "Oklahoma Bureau of Narcotics"),
    ("SLED", "South Carolina Law Enforcement Division"),
    ("SCLED", "South Carolina Law Enforcement Division"),
    ("SDHP", "South Dakota Highway Patrol"),
    ("South Dakota Hiway Patrol", "South Dakota Highway Patrol"),
    ("UCF Police", "University of Central Florida Board of Trustees"),
    ("UCF", "University of Central Florida Board of Trustees"),
    ("FGCU Police", "Florida Gulf Coast University Police Department"),
    ("FAMU", "Florida A&M University Board of Trustees"),
    ("FDEP", "Florida Department of Environmental Protection"),
    ("FL Dept of Corrections", "Florida Department of Corrections"),
    ("FDC", "Florida Department of Corrections"),
    ("Florida DOC", "Florida Department of Corrections"),
    ("Missouri Hwy Patrol", "Missouri Highway Patrol"),
    ("MHP", "Missouri Highway Patrol"),
    ("NH State Police", "New Hampshire State Police"),
    ("NHSP", "New Hampshire State Police"),
    ("Virginia State Police", "Virginia Department of State Police"),
    ("VSP", "Virginia Department of State Police"),
    ("VA DOC", "Virginia Department of Corrections"),
    ("TPD Tallahassee", "Tallahassee Police Department"),
    ("Tallahasee PD", "Tallahassee Police Department"),
    ("Pasco SO", "Pasco County Sheriff's Office"),
    ("Pasco Sheriff", "Pasco County Sheriff's Office"),
    ("PCSO Pasco", "Pasco County Sheriff's Office"),
    ("Lee Cnty Sherrif", "Lee County Sheriff's Office"),
    ("Broward Sheriffs Ofice", "Broward County Sheriff's Office"),
    ("Okla. DPS", "Oklahoma Department of Public Safety"),
    ("Oklahoma Dept Public Saftey", "Oklahoma Department of Public Safety"),
    ("Idaho State Police", "Idaho State Police"),
    ("ISP", "Idaho State Police"),
    ("Arkansas State Troopers", "Arkansas State Police"),
    ("ASP", "Arkansas State Police"),
    ("Ft Myers Police", "Ft. Myers Police Department"),
    ("Fort Myers PD", "Ft. Myers Police Department"),
    ("UNF Police", "University of North Florida Police Department"),
    ("University North Florida Police", "University of North Florida Police Department"),
    ("Fla Gaming Commission", "Florida Gaming Control Commission"),
)
NOT_LISTED = (
    "Los Angeles Police Department",
    "Chicago PD",
    "NYPD",
    "Texas DPS",
    "California Highway Patrol",
    "CHP",
    "Nevada Highway Patrol",
    "King County Sheriff",
    "Cook County Sheriff",
    "LAPD",
    "Police",
    "Sheriff",
    "County Sheriff",
    "Washington State Patrol",
    "Oregon State Police",
    "Houston Police",
    "HPD",
    "Lake Wobegon Police",
    "Travis County Sheriff",
    "FBI",
    "New York State Police",
    "SFPD",
)
LEAST, SURE = 0.75, 0.9
FOUND_OF_FIFTY = 46


@pytest.fixture(scope="module")
def names(program_sheets: Path) -> set[tuple[str, str]]:
    files = ("participatingAgencies07012025pm", "pendingAgencies07032025pm")
    lists = [read_list((program_sheets / f"{name}.xlsx").read_bytes()) for name in files]
    return {(row.state, row.agency) for one in lists for row in one.listings}


def best(names: set[tuple[str, str]], text: str) -> tuple[float, set[str]]:
    """Return the best score, and the names that have it."""
    query = parse_query(text)
    scores = [(search_score(query, agency, state), agency) for state, agency in names]
    top = max(score for score, _ in scores)
    return top, {agency for score, agency in scores if score == top}


def test_everyday_names_find_the_agency(names: set[tuple[str, str]]) -> None:
    results = {text: (name, *best(names, text)) for text, name in LISTED}
    right = [text for text, (name, score, tops) in results.items() if score >= LEAST and name in tops]
    assert len(LISTED) == 50
    assert len(right) >= FOUND_OF_FIFTY, {text: result for text, result in results.items() if text not in right}
    wrong = {text for text, (name, score, tops) in results.items() if score >= SURE and name not in tops}
    assert not wrong, "none is confidently wrong"


@pytest.mark.parametrize("text", NOT_LISTED)
def test_what_is_not_listed_is_never_sure(names: set[tuple[str, str]], text: str) -> None:
    assert best(names, text)[0] < SURE


@pytest.mark.parametrize(
    ("text", "listed", "state", "fits"),
    [
        ("FHP", "Florida Department of Highway Safety, Division of Highway Patrol", "FL", True),
        ("FHP", "Georgia Department of Highway Safety, Division of Highway Patrol", "GA", False),
        ("UF Police", "University of Florida Police Department", "FL", True),
        ("UF Police", "University of North Florida Police Department", "FL", False),
        ("Texas DPS", "Texas Department of Public Safety", "TX", True),
        ("Texas DPS", "Georgia Department of Public Safety", "GA", False),
        ("Florida Hwy Patrol", "Missouri Highway Patrol", "MO", False),
        ("Houston Police", "Houston County Sheriff's Office", "TX", False),
        ("Collier County Sherifs Ofice", "Collier County Sheriff's Office", "FL", True),
    ],
)
def test_a_name_and_its_neighbor_that_nearly_fits(text: str, listed: str, state: str, *, fits: bool) -> None:
    assert (search_score(parse_query(text), listed, state) >= LEAST) == fits
