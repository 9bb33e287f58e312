"""Which State and which county the blanks of an agreement name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import counties, fold, fold_county, state_code, states
from assistant.reading.contacts import city_and_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading.agreement import ReadAgreement

NAMES = ("agency", "agency_again", "represents", "appendix_b", "lea_agency", "contact_vii")
COUNTY = re.compile(r"\b((?:[A-Z][\w.’'-]+ ){1,3}?)(?:County|Parish)\b")
AFTER_COMMA = re.compile(r",\s*([A-Za-z. ]{2,25}?)\.?\s*(?:\(|$)")


def named_states(document: ReadAgreement) -> dict[str, str]:
    """Return the States that names and addresses tell, by postal code, each with the first place that tells it.

    Where none is named, a county that lies in one State alone tells it.
    """
    found: dict[str, str] = {}
    for where, state in _told(document):
        found.setdefault(state, where)
    if not found and (county := county_told(document)):
        lying = [code for code, names in counties().items() if fold_county(county) in names]
        found = dict.fromkeys(lying, "county") if len(lying) == 1 else {}
    return found


def county_told(document: ReadAgreement) -> str | None:
    """Return the county in the agency's name, else in whom it represents: "Pine", without "County"."""
    for slot in ("agency", "represents"):
        found = document.get(slot)
        match = COUNTY.search(found.text) if found and found.read else None
        if match:
            return match[1].strip()
    return None


def _told(document: ReadAgreement) -> Iterator[tuple[str, str]]:
    for slot in NAMES:
        found = document.get(slot)
        if found and found.read and (state := state_in(found.text) or _alone(found.text)):
            yield found.where, state
    for slot in ("contact", "public"):
        found = document.get(slot)
        for line in found.lines if found and found.read else ():
            end = city_and_state(line.text)
            if found and end and (state := state_code(end.state)):
                yield found.where, state


def state_in(name: str) -> str | None:
    """Return the postal code of the State that a name ends with, or that it is a part of: "…, GA", "State of Ohio".

    A State's name alone is a county's or a town's too ("Washington"), and tells none.
    """
    match = AFTER_COMMA.search(name)
    if match and (code := state_code(match[1])):
        return code
    said = f" {fold(name)} "
    return next((code for code, full in states().items() if f" state of {fold(full)} " in said), None)


def _alone(name: str) -> str | None:
    """Return the State whose name is all that stands in a blank."""
    return next((code for code, full in states().items() if fold(name) == fold(full)), None)
