"""The places of an agreement that are looked for, by one name in every edition.

A slot is what a blank is for ("lea_title"), whatever the blank is called on an edition and wherever it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.editions.catalog import LeftBlank, editions_for

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.editions.catalog import Edition, Entry

CONTACTS = {"contact": "program_contact", "public": "public_information_contact"}
NAMED = ("agency_again", "agency_enters", "appendix_b", "lea_agency")
"""Where the agency's name stands once more."""

ROWS = ("date", "signature", "name", "title", "agency")
"""What the lines of the signature block are for."""

SECTION_VII = re.compile(r"\bsection vii\b")

LABELS = {
    "agency": "agency’s name, section I",
    "agency_again": "agency’s name, “employees of the ____”",
    "agency_enters": "agency’s name, “The ____ and ICE enter into this MOA”",
    "represents": "county, city or State, “The LEA represents ____”",
    "opla": "OPLA field location",
    "contact_vii": "section VII, “For the LEA:”, title and agency, no name",
    "contact_vii_ice": "section VII, “For DHS:”, the field office director’s title",
    "lea_date": "date, under “For the LEA”",
    "lea_signature": "signature, under “For the LEA”",
    "lea_name": "name, under “For the LEA”",
    "lea_title": "title, under “For the LEA”",
    "lea_agency": "agency, under “For the LEA”",
    "ice_date": "date, under “For ICE”",
    "ice_signature": "signature, under “For ICE”",
    "ice_name": "name, under “For ICE”",
    "ice_title": "title, under “For ICE”",
    "ice_agency": "agency, under “For ICE”",
    "contact": "Appendix A, For the LEA",
    "appendix_b": "agency’s name, Appendix B",
    "public": "Appendix C, For the LEA",
    "footer": "agency’s name, footer",
}


def slot_of(blank: Entry | LeftBlank) -> str:
    """Return the slot of a blank of an edition's map, "" for none.

    A label is free text: of a blank that nobody fills here only the lines of the signature block are looked for.
    """
    label = blank.label.casefold()
    if isinstance(blank, LeftBlank):
        if blank.side == "ice" and SECTION_VII.search(label):
            return "contact_vii_ice"
        if blank.side == "agency" and "the lea represents" in label:
            return "represents"
        row = label.partition(",")[0].strip()
        return f"{'lea' if blank.side == 'agency' else 'ice'}_{row}" if row in ROWS else ""
    path = blank.path
    for slot, section in CONTACTS.items():
        if path.startswith(f"{section}.") or (path.startswith("agency.address") and _appendix(slot) in label):
            return slot
    if path == "agency.legal_name":
        return _of_name(label)
    if path == "signatory.title" and blank.format == "title-and-agency":
        return "contact_vii"
    slots = {
        "agency.short_name": "agency_again",
        "agency.represents": "represents",
        "ice.opla_location": "opla",
        "signatory.full_name": "lea_name",
        "signatory.title": "lea_title",
    }
    # A name and a title in one text are the answer of neither slot.
    return slots.get(path, "") if blank.format != "name-and-title" else ""


def _appendix(slot: str) -> str:
    return "appendix a" if slot == "contact" else "appendix c"


def _of_name(label: str) -> str:
    signs = {
        "appendix b": "appendix_b",
        "under “for the lea”": "lea_agency",
        "agency, under “": "lea_agency",
        "employees of": "agency_again",
        "and ice enter": "agency_enters",
        "name, footer": "footer",
    }
    return next((slot for sign, slot in signs.items() if sign in label), "agency")


def label_of(slot: str, edition: Edition | None) -> str:
    """Return what a slot is called in an edition's map, else its plain name."""
    label = next((blank.label for blank in _blanks(edition) if slot_of(blank) == slot), "") or LABELS[slot]
    return label.partition(", line ")[0] if slot in CONTACTS else label


def entries_of(slot: str, edition: Edition) -> tuple[Entry, ...]:
    """Return the entries of an edition's map that fill a slot."""
    return tuple(entry for entry in edition.entries if slot_of(entry) == slot)


def pages_of(edition: Edition) -> dict[str, int]:
    """Return the page of each slot that an edition has, the footer left out."""
    return {slot: blank.page for blank in reversed(_blanks(edition)) if (slot := slot_of(blank)) not in {"", "footer"}}


def expected(edition: Edition) -> frozenset[str]:
    """Return the slots that an edition has."""
    return frozenset(map(slot_of, _blanks(edition))) - {""}


def _blanks(edition: Edition | None) -> list[Entry | LeftBlank]:
    return [*edition.entries, *edition.left_blank] if edition else []


def nearest_edition(
    model: Model, revision: str | None, *, spelled: str = "", has_fields: bool = True
) -> Edition | None:
    """Return the edition with this revision date, else the one closest to it; None for a model without forms.

    Of two prints of one revision it is the one whose date is ``spelled`` as on the file ("2/14/25"), then the one
    that has fields as the file has, or has none.
    """
    editions = [edition for edition in editions_for(model) if edition.revision_text]
    if not editions:
        return None
    if revision is None:
        return editions[-1] if model == "TFM" else editions[0]

    def distance(edition: Edition) -> tuple[bool, int, bool, bool]:
        other_print = edition.recognise is not None and edition.recognise.acroform != has_fields
        apart = abs(_days(edition.revision) - _days(revision))
        return edition.revision != revision, apart, bool(spelled) and edition.revision_text != spelled, other_print

    return min(editions, key=distance)


def _days(iso: str) -> int:
    year, month, day = map(int, iso.split("-"))
    return year * 372 + month * 31 + day
