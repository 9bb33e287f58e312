"""Whether the chosen ICE field office and OPLA location are those that the lists propose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.program import cite, field_office_for, opla_for, split_counties, state_code, states
from assistant.program.states_and_counties import fold, fold_county
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.program import OfficeProposal
    from assistant.rules.registry import Case

FIELD_OFFICES = str(cite("field-offices"))
OPLA_LIST = str(cite("opla-list"))


@rule("county-unknown", severity="warning", source=FIELD_OFFICES)
def the_county_decides_the_field_office(case: Case) -> Iterator[Problem]:
    """In a state that is divided between field offices, the county is given and known."""
    agency = case.answers.agency
    code = state_code(agency.state)
    counties = split_counties(code) if code else ()
    if not code or not counties:
        return
    if not agency.county:
        yield Problem(
            "agency.county", f"ICE divides {states()[code]} between field offices by county. Enter the county."
        )
    elif fold_county(agency.county) not in {fold_county(county) for county in counties}:
        yield Problem("agency.county", f"{states()[code]} has no county with this name. Correct the spelling.")


@rule("field-office-blank", severity="note", source=FIELD_OFFICES)
def a_field_office_is_chosen(case: Case) -> Iterator[Problem]:
    """An ICE field office is chosen."""
    if not case.answers.ice.field_office:
        yield Problem(
            "ice.field_office",
            f"No ICE field office is chosen. {_offered(_field_office(case))}",
            source=_field_office(case).source,
        )


@rule("field-office-differs", severity="warning", source=FIELD_OFFICES)
def the_field_office_is_the_one_proposed(case: Case) -> Iterator[Problem]:
    """The field office chosen is the one whose area covers the agency."""
    office, proposal = case.answers.ice.field_office, _field_office(case)
    expected = (proposal.office,) if proposal.office else proposal.choices
    if office and state_code(case.answers.agency.state) and not _names_one_of(office, expected):
        yield Problem(
            "ice.field_office",
            f"The lists put this agency in the area of {' or '.join(expected)}, but another field office is "
            "chosen. Correct it, or ask the field office.",
            source=proposal.source,
        )


@rule("field-office-confirm", severity="note", source=FIELD_OFFICES)
def an_unsure_field_office_is_confirmed(case: Case) -> Iterator[Problem]:
    """If the lists are not certain about the field office, the user asks ICE."""
    office, proposal = case.answers.ice.field_office, _field_office(case)
    if office and proposal.office and proposal.confirm and _names_one_of(office, (proposal.office,)):
        yield Problem("ice.field_office", f"The lists are not sure here. {proposal.note}", source=proposal.source)


@rule("opla-differs", severity="warning", source=OPLA_LIST)
def the_opla_location_is_one_proposed(case: Case) -> Iterator[Problem]:
    """The OPLA location is one that serves the agency's state."""
    location, proposal = case.answers.ice.opla_location, _opla(case)
    if not location or not state_code(case.answers.agency.state) or "@" in location:
        return
    if not _names_one_of(location, proposal.choices) and not _same_address(location, proposal):
        yield Problem(
            "ice.opla_location",
            f"The list names {' or '.join(proposal.choices)} for this agency, but another OPLA location is "
            "entered. Correct it, or ask the field office.",
            source=proposal.source,
        )


@rule("opla-confirm", severity="note", source=OPLA_LIST)
def an_unsure_opla_location_is_confirmed(case: Case) -> Iterator[Problem]:
    """If the list is not certain about the OPLA location, the user asks ICE."""
    location, proposal = case.answers.ice.opla_location, _opla(case)
    if (
        location
        and state_code(case.answers.agency.state)
        and proposal.confirm
        and _names_one_of(location, proposal.choices)
    ):
        yield Problem(
            "ice.opla_location",
            "The list is not sure which OPLA location serves this agency. Ask the field office.",
            source=proposal.source,
        )


def _field_office(case: Case) -> OfficeProposal:
    return field_office_for(case.answers.agency.state, case.answers.agency.county)


def _opla(case: Case) -> OfficeProposal:
    return opla_for(case.answers.agency.state, case.answers.agency.county)


def _offered(proposal: OfficeProposal) -> str:
    if proposal.office:
        return f"The lists propose {proposal.office}. Confirm it."
    return proposal.note


def _names_one_of(answer: str, offices: tuple[str, ...]) -> bool:
    """Say whether a text names one of the places: "Miami Field Office" and "OPLA Denver" do."""
    words = f" {fold(answer)} "
    return any(f" {fold(place)} " in words for office in offices for place in _places(office))


def _places(office: str) -> list[str]:
    """Return the places in "Minneapolis-St. Paul (Omaha)": the whole name, and each part separately."""
    parts = [part for part in re.split(r"[()]", office) if part.strip()]
    return [office, *parts, *(["Washington"] if office.startswith("Washington, D.C.") else [])]


def _same_address(answer: str, proposal: OfficeProposal) -> bool:
    return bool(proposal.address) and fold(proposal.address or "").split()[:3] == fold(answer).split()[:3]
