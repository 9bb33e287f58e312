"""Whether anything was left in from someone else's agreement: another county, State or agency's e-mail address.

A blank for the agency's own name or place blocks if it certainly names another. A contact may belong to another agency,
so that is only a question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from assistant.program.states_and_counties import counties, county_names, fold, fold_county, state_code, states
from assistant.program.words import words
from assistant.reading import SlotReading
from assistant.reading.agreement import ReadLine
from assistant.reading.contacts import EMAIL, STREET, city_and_state
from assistant.reading.named_states import COUNTY, named_county, state_in
from assistant.reading.slots import CONTACTS, NAMED
from assistant.rules.agreement.believed import is_well_read
from assistant.rules.agreement.certainty import cap_severity
from assistant.rules.agreement.misread import likeness
from assistant.rules.agreement.party_name import party_name
from assistant.rules.agreement.registry import Problem, document_rule
from assistant.rules.wording import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import ReadAgreement
    from assistant.rules.agreement.party_name import PartyName
    from assistant.rules.agreement.registry import DocumentCase

OWN = ("represents", "contact_vii", "lea_title")
"""Where the agency's own county may appear, and no other."""
AGENCY_KINDS = {
    "sheriff": re.compile(r"\bsheriff(?:['’]?s)?\b", re.IGNORECASE),
    "police": re.compile(r"\bpolice\s+(?:department|dept)\b|\b(?:chief|department) of police\b", re.IGNORECASE),
}
"""Two kinds of agencies of which one is never the other."""
ANOTHER = 60
FIRST_DIGITS = {
    "0": "CT MA ME NH NJ NY PR RI VI VT", "1": "DE NY PA", "2": "DC MD NC SC VA WV", "3": "AL FL GA MS TN",
    "4": "IN KY MI OH", "5": "DC IA MN MT ND SD WI", "6": "IL KS MO NE", "7": "AR LA OK TX",
    "8": "AZ CO ID NM NV TX UT WY", "9": "AK AS CA GU HI MP OR WA",
}  # fmt: skip
"""The States in which a ZIP Code may begin so, the few parts outside the rule among them (USPS, ZIP Code areas)."""
DIRECTIONS = frozenset({"north", "south", "east", "west", "new", "san", "santa", "st", "st.", "saint", "the", "of"})
"""Words that the names of many counties begin with."""
MIN_COUNTY_NAME_LETTERS = 4
"""A county's name of fewer letters stands in many words by chance."""


@document_rule("other-agency-data")
def no_other_agency_is_named(case: DocumentCase) -> Iterator[Problem]:
    """No other county's agency is named: nothing was left in from somebody else's agreement."""
    party = party_name(case.document)
    if party is None:
        return
    yield from _another_county(case.document, party)
    yield from _another_kind(case.document, party)
    yield from _in_the_printed_text(case.document, party)
    yield from _another_state(case.document)
    yield from _address(case.document)
    yield from _mail(case.document)


def _another_county(document: ReadAgreement, party: PartyName) -> Iterator[Problem]:
    first = document.get("agency")
    blanks = [reading for slot in OWN if (reading := document.get(slot)) and reading.read]
    for reading in (*([first] if first and first.read else []), *names_of(document), *blanks):
        if reading is party.reading or (reading.source == "recognised" and not is_well_read(document, reading)):
            continue
        if of_another(party, reading):
            yield Problem(
                reading.where,
                "Another county is named here than in the agency's name. Write this agency's name, and look for other "
                "texts that were left in.",
                severity=cap_severity(party.reading, reading),
            )
    for slot in CONTACTS:
        contact = document.get(slot)
        lines = [line.text for line in contact.lines if not STREET.search(line.text)] if contact else []
        if contact and contact.source == "recognised" and not is_well_read(document, contact):
            continue
        if contact and any(of_another(party, contact, text) and _is_county(text) for text in lines):
            yield Problem(
                contact.where,
                "The county named here is not the one in the agency's name. Make sure that this contact is the "
                "agency's own.",
                severity="warning",
            )


def _another_kind(document: ReadAgreement, party: PartyName) -> Iterator[Problem]:
    """Yield where a police department's agreement names a sheriff, or a sheriff's a police department."""
    own = _kind_of_agency(party.text)
    if own is None or (party.reading.source == "recognised" and not party.is_agreed):
        return
    for slot in (*CONTACTS, "contact_vii", "lea_title"):
        reading = document.get(slot)
        if reading is None or not reading.read:
            continue
        if reading.source == "recognised" and not is_well_read(document, reading):
            continue
        other = _kind_of_agency(reading.text)
        if other not in {None, own}:
            yield Problem(
                reading.where,
                f"The agreement is with {'a police department' if own == 'police' else 'a sheriff’s office'}, but "
                f"{'a sheriff' if other == 'sheriff' else 'a police department'} is named here. Make sure that nothing "
                "was left in from another agency’s agreement.",
                severity="warning",
            )


def _kind_of_agency(text: str) -> str | None:
    """Return "sheriff" or "police" where a text names one of the two, and None where neither or both."""
    without_mail = EMAIL.sub(" ", text)
    kinds = {kind for kind, pattern in AGENCY_KINDS.items() if pattern.search(without_mail)}
    return kinds.pop() if len(kinds) == 1 else None


def _another_state(document: ReadAgreement) -> Iterator[Problem]:
    """Yield the places whose name gives a different State than the first name that gives one."""
    states_named = [
        (reading, state)
        for slot in ("agency", "represents", *NAMED, "contact_vii")
        if (reading := document.get(slot)) and _is_typed(reading) and (state := state_in(reading.text))
    ]
    if not states_named:
        return
    first, first_state = states_named[0]
    for reading, state in states_named[1:]:
        if state != first_state:
            yield Problem(
                reading.where,
                f"{states()[state]} is named here, but {states()[first_state]} in the {first.label} (p. {first.page}). "
                "Write the agency's own State.",
                severity=cap_severity(first, reading),
            )


def _in_the_printed_text(document: ReadAgreement, party: PartyName) -> Iterator[Problem]:
    """Yield where the printed text, outside every blank, names another county's agency."""
    for page, name in document.named_agencies:
        if names_another_county(party, name):
            yield Problem(
                f"p. {page}, printed text",
                f"Another county's agency is named here, “{name}”. Write this agency's name, and look for other texts "
                "that were left in.",
                severity="warning",
            )


def _address(document: ReadAgreement) -> Iterator[Problem]:
    """Yield the contacts whose address or ZIP Code is in a different State than the agency."""
    own = next((s for slot in ("agency", "represents") if (s := _state_of(document, slot))), None)
    for slot in CONTACTS:
        reading = document.get(slot)
        for line in reading.lines if reading and _is_typed(reading) else ():
            match = city_and_state(line.text)
            code = state_code(match.state) if match else None
            if reading is None or match is None or code is None:
                continue
            if own and code != own:
                message = (
                    f"The address is in {states()[code]}, but the agency is in {states()[own]}. Correct the one "
                    "that is wrong."
                )
                yield Problem(reading.where, message, severity="warning")
            elif code not in FIRST_DIGITS[match.zip[0]].split():
                message = f"No ZIP Code of {states()[code]} begins with {match.zip[0]}. Correct the State or the code."
                yield Problem(reading.where, message, severity="warning")


def _mail(document: ReadAgreement) -> Iterator[Problem]:
    """Yield the contacts whose e-mail address has another county's name."""
    own = fold_county(named_county(document) or "")
    lying = [names for names in counties().values() if own in names]
    for slot in CONTACTS:
        reading = document.get(slot)
        if not own or not reading or not _is_typed(reading):
            continue
        domains = [fold(mail.partition("@")[2]).replace(" ", "") for mail in EMAIL.findall(reading.text)]
        for domain in domains:
            # Use the longest county name with which the domain begins.
            named = [
                name
                for name in (frozenset().union(*lying) or county_names())
                if len(name) >= MIN_COUNTY_NAME_LETTERS and domain.startswith((f"{name}county", f"{name}sheriff"))
            ]
            if named and own not in domain and not any(name in own for name in named):
                yield Problem(
                    reading.where,
                    f"The e-mail address is for {max(named, key=len).title()} County, but the agency is in "
                    "another county. Make sure that this contact is the agency's own.",
                    severity="warning",
                )


def names_of(document: ReadAgreement) -> list[SlotReading]:
    """Return where else the agency's name appears; of equal footers, only the first."""
    footers = {comparable(reading.text): reading for reading in reversed(document.footers) if _tells_a_name(reading)}
    named = [reading for slot in NAMED if (reading := document.get(slot)) and reading.read]
    return [*named, *footers.values()]


def of_another(party: PartyName, other: SlotReading, text: str | None = None) -> bool:
    """Say whether a place surely names other counties than the agency's own name does, and not this one.

    Of recognized texts only a county that there is, cleanly read, tells it beside a name that is surely read rightly.
    """
    own = COUNTY.search(party.text)
    agency_text = other.text if text is None else text
    named = [match[1].split() for match in COUNTY.finditer(agency_text)]
    if not own or not named:
        return False
    own_name = own[1].strip().casefold()
    # A rank or a title may stand before the name: "Captain Pine County".
    tails = [" ".join(county_words[n:]).casefold() for county_words in named for n in range(len(county_words))]
    if "recognised" in {party.reading.source, other.source}:
        alike = max(likeness(own_name, tail) for tail in tails)
        return (
            party.is_agreed
            and _is_county(agency_text)
            and alike < ANOTHER
            and not any(_is_part(own_name, t) for t in tails)
        )
    return all(fuzz.ratio(own_name, tail) < ANOTHER and not _is_part(own_name, tail) for tail in tails)


def names_another_county(party: PartyName, name: str) -> bool:
    """Say whether a name in the printed text is that of another county's agency."""
    agency_text = SlotReading(slot="", page=0, label="printed text", source="text", lines=(ReadLine(text=name),))
    return of_another(party, agency_text) and _is_county(name)


def _is_part(one: str, other: str) -> bool:
    """Say whether one county's name is part of the other's: "Miami-Dade" is also called "Dade"."""
    parts, others = (re.split(r"[\s-]+", name) for name in (one, other))
    return bool(set(parts) & set(others) - DIRECTIONS)


def _is_county(text: str) -> bool:
    """Say whether a text names a county that exists, and not "Sheriff County" or the like."""
    county_words = [match[1].split() for match in COUNTY.finditer(text)]
    return any(fold_county(" ".join(parts[n:])) in county_names() for parts in county_words for n in range(len(parts)))


def _state_of(document: ReadAgreement, slot: str) -> str | None:
    reading = document.get(slot)
    return state_in(reading.text) if reading and _is_typed(reading) else None


def _is_typed(reading: SlotReading) -> bool:
    return reading.read and reading.source != "recognised"


def _tells_a_name(footer: SlotReading) -> bool:
    """Say whether a footer certainly has an agency's name, and not a number or stamp from another program."""
    return _is_typed(footer) and bool(words("agencies") & set(fold(footer.text).split()))
