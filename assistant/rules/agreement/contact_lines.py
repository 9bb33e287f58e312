"""The contacts' lines held beside each other: one street has one ZIP Code, and words of titles are spelled right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.program.words import fold_address
from assistant.reading.contacts import city_and_state
from assistant.reading.slots import CONTACTS
from assistant.rules.agreement.believed import is_well_read, slips_of_the_writer
from assistant.rules.agreement.registry import Problem, document_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reading import ReadAgreement, SlotReading
    from assistant.rules.agreement.registry import DocumentCase

SPELLED = ("agency", "represents", "appendix_b", "lea_agency", "lea_title", "contact_vii", *CONTACTS)


@document_rule("contact-mismatch", severity="warning")
def one_street_has_one_zip_code(case: DocumentCase) -> Iterator[Problem]:
    """The same street and city has the same ZIP Code wherever it stands."""
    first: dict[str, tuple[str, SlotReading]] = {}
    for address, code, reading in _addresses(case.document):
        known_code, place = first.setdefault(address, (code, reading))
        if known_code == code or not _may_differ(case.document, known_code, code, place, reading):
            continue
        yield Problem(
            reading.where,
            f"One address has two ZIP Codes, {known_code} ({place.label}, p. {place.page}) and {code}. Correct the "
            "one that is wrong.",
        )


def _addresses(document: ReadAgreement) -> Iterator[tuple[str, str, SlotReading]]:
    for slot in CONTACTS:
        reading = document.get(slot)
        street = ""
        for line in reading.lines if reading and reading.read else ():
            end = city_and_state(line.text)
            if end and reading:
                address = fold_address(f"{end.before or street} {end.city}")
                yield address, end.zip[:5], reading
            street = line.text


def _may_differ(document: ReadAgreement, one: str, other: str, *places: SlotReading) -> bool:
    """Say whether two codes surely differ: a program that reads pictures takes one figure for another."""
    if all(place.source != "recognised" for place in places):
        return True
    return sum(a != b for a, b in zip(one, other, strict=False)) > 1 and is_well_read(document, *places)


@document_rule("typo", severity="note")
def words_are_spelled_right(case: DocumentCase) -> Iterator[Problem]:
    """The words of titles and places are spelled right; of recognized texts only slips that no program makes count."""
    for slot in SPELLED:
        reading = case.document.get(slot)
        if reading is None or not reading.read or reading.source != "recognised":
            continue
        for word, intended_word in dict.fromkeys(slips_of_the_writer(case.document, reading)):
            if fold(word) != intended_word:
                yield Problem(reading.where, f"“{word}” may be a slip for “{intended_word}”. Correct it, if it is.")
