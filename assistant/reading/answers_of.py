"""From what stands in the blanks to answers, as far as it goes: nothing is guessed that is not written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.answers import Address, Agency, AgencyKind, Answers, Ice, Signatory
from assistant.program.states_and_counties import fold, state_code
from assistant.reading.agreement import SlotReading
from assistant.reading.contacts import contact_from, split_title
from assistant.reading.slots import label_of, pages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Model
    from assistant.reading.agreement import ReadAgreement

INITIALS = re.compile(r"\s*\(\s*[“\"']?(?P<short>[^\W\d_a-z](?:[^\W\d_]|[&.ʻ’-]){1,9})[”\"']?\s*\)\s*$")


def answers_from(readings: Mapping[str, SlotReading], model: Model | None) -> Answers:
    """Return the answers that stand in the blanks; every other answer is None."""
    name, short = names_from(text_of(readings, "agency"), text_of(readings, "agency_again"))
    title, signer = split_title(text_of(readings, "lea_title") or "")
    public, _ = contact_from(readings.get("public"))
    program, address = contact_from(readings.get("contact"))
    state = address.state if address else None
    return Answers(
        agency=Agency(
            legal_name=name,
            short_name=short,
            kind=kind_of_agency(name),
            represents=text_of(readings, "represents"),
            state=state if state_code(state) else None,
            address=address or Address(),
        ),
        models=(model,) if model else (),
        signatory=Signatory(full_name=text_of(readings, "lea_name") or signer, title=title),
        program_contact=program,
        public_information_contact=public,
        ice=Ice(opla_location=text_of(readings, "opla")),
    )


def text_of(readings: Mapping[str, SlotReading], slot: str) -> str | None:
    """Return the text that was read in a slot, None where there is none."""
    item = readings.get(slot)
    return (item.text or None) if item and item.read else None


def names_from(name: str | None, again: str | None) -> tuple[str | None, str | None]:
    """Return name and initials out of the first and the second blank for the agency's name."""
    short = None
    if name and (match := INITIALS.search(name)):
        name, short = name[: match.start()], match["short"]
    # The second blank is for the name once more, or for the initials: what is no shorter is the name.
    if again and fold(again) != fold(name or "") and len(again) < len(name or again + " "):
        short = short or INITIALS.sub("", again)
    return name, short


def kind_of_agency(name: str | None) -> AgencyKind | None:
    """Return the kind of agency that a name tells of itself, None where it tells none."""
    name_words = fold(name or "").split()
    if {"sheriff", "sheriffs", "county", "parish"} & set(name_words):
        return "county"
    if {"police", "city", "town", "village", "borough", "marshal", "marshals"} & set(
        name_words
    ) and "state" not in name_words:
        return "municipality"
    return None


def unfound(finished: ReadAgreement) -> list[SlotReading]:
    """Return the blanks of the form that were not found in the file, each at its page, as far as that is there."""
    edition = finished.edition
    if edition is None:
        return []
    at = {page.form_page: page.number for page in reversed(finished.pages) if page.form_page}
    return [
        SlotReading(slot=slot, page=at.get(page, page), label=label_of(slot, edition), source="unseen")
        for slot, page in pages_of(edition).items()
        if slot not in finished.readings and not slot.startswith("ice_") and slot != "contact_vii_ice"
    ]
