"""Which State and which county the blanks of an agreement name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import counties, fold, fold_county, state_code, states
from assistant.reading.contacts import city_and_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading.agreement import ReadAgreement

NAMES = ("agency", "agency_again", "agency_enters", "represents", "appendix_b", "lea_agency", "contact_vii")
COUNTY = re.compile(r"\b((?:[A-Z][\w.’'-]+ ){1,3}?)(?:County|Parish)\b")
AFTER_COMMA = re.compile(r",\s*([A-Za-z. ]{2,25}?)\.?\s*(?:\(|$)")


def named_states(document: ReadAgreement) -> dict[str, str]:
    """Return the States that names and addresses tell, by postal code, each with the first place that tells it.

    Where none is named, a county that lies in one State alone tells it.
    """
    states_found: dict[str, str] = {}
    for where, state in _states_in_names(document):
        states_found.setdefault(state, where)
    if not states_found and (county := named_county(document)):
        lying = [code for code, names in counties().items() if fold_county(county) in names]
        states_found = dict.fromkeys(lying, "county") if len(lying) == 1 else {}
    return states_found


def named_county(document: ReadAgreement) -> str | None:
    """Return the county in the agency's name, else in whom it represents: "Pine", without "County"."""
    for slot in ("agency", "represents"):
        reading = document.get(slot)
        match = COUNTY.search(reading.text) if reading and reading.read else None
        if match:
            return match[1].strip()
    return None


def _states_in_names(document: ReadAgreement) -> Iterator[tuple[str, str]]:
    for slot in NAMES:
        reading = document.get(slot)
        if reading and reading.read and (state := state_in(reading.text) or _alone(reading.text)):
            yield reading.where, state
    for slot in ("contact", "public"):
        reading = document.get(slot)
        for line in reading.lines if reading and reading.read else ():
            end = city_and_state(line.text)
            if reading and end and (state := state_code(end.state)):
                yield reading.where, state


def state_in(name: str) -> str | None:
    """Return the postal code of the State that a name ends with, or that it is a part of: "…, GA", "State of Ohio".

    A State's name alone is a county's or a town's too ("Washington"), and tells none.
    """
    match = AFTER_COMMA.search(name)
    if match and (code := state_code(match[1])):
        return code
    folded = f" {fold(name)} "
    return next((code for code, full in states().items() if f" state of {fold(full)} " in folded), None)


def _alone(name: str) -> str | None:
    """Return the State whose name is all that stands in a blank."""
    return next((code for code, full in states().items() if fold(name) == fold(full)), None)
