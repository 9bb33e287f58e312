"""The words of the mapping pages: what a blank may ask for, how it is written, how sure a proposal is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.mapping.meanings import BY_HAND, ICES, SIGNED, TICKED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.mapping.lines import MapLine

PATHS = {
    "agency.legal_name": "Agency: full legal name",
    "agency.short_name": "Agency: short name or initials",
    "agency.represents": "Agency: county, city, State or tribe it represents",
    "agency.address.one_line": "Agency: address in one line",
    "agency.address.street": "Agency: street",
    "agency.address.city": "Agency: city",
    "agency.address.state": "Agency: State of the address",
    "agency.address.zip": "Agency: ZIP Code",
    "agency.county": "Agency: county where it is",
    "agency.phone": "Agency: telephone",
    "agency.email": "Agency: email",
    "signatory.full_name": "Signatory: full name",
    "signatory.title": "Signatory: title",
    "signatory.phone": "Signatory: telephone",
    "signatory.email": "Signatory: email",
    "program_contact.full_name": "Program contact: full name",
    "program_contact.title": "Program contact: title",
    "program_contact.phone": "Program contact: telephone",
    "program_contact.email": "Program contact: email",
    "public_information_contact.full_name": "Public information contact: full name",
    "public_information_contact.title": "Public information contact: title",
    "public_information_contact.phone": "Public information contact: telephone",
    "public_information_contact.email": "Public information contact: email",
    "models": "Models that the agency asks for",
    "ice.addressee": "ICE: who a letter is sent to",
    "ice.field_office": "ICE: ERO field office",
    "ice.opla_location": "ICE: OPLA office",
    "approvals.governing_body": "Governing body that approves",
    "approvals.governing_body_approved_on": "Governing body: date of approval",
    "approvals.counsel_reviewed_on": "Counsel: date of review",
}
FORMATS = {
    "text": "As it was typed",
    "date": "As a date: January 5, 2026",
    "phone": "As a telephone number: (727) 555-0102",
    "name-with-initials": "Name, then its initials",
    "title-and-agency": "Title, then the agency’s name",
    "name-and-title": "Name, then title",
    "model-names": "Models by their full names",
}
FITS: Mapping[str, Callable[[str], bool]] = {
    "date": lambda path: path.endswith("_on"),
    "phone": lambda path: path.endswith(".phone"),
    "name-with-initials": lambda path: path == "agency.legal_name",
    "title-and-agency": lambda path: path.endswith(".title"),
    "name-and-title": lambda path: path == "signatory.full_name",
    "model-names": lambda path: path == "models",
    "text": lambda path: not path.endswith("_on"),
}
"""For each format, the paths that it can write."""
OWN_FORMAT: Mapping[str, str] = {".phone": "phone", "_on": "date"}
"""By the end of a path, how its answer is written unless someone chooses another format."""
_PATH = re.compile("|".join(re.escape(path) for path in PATHS if "." in path))
EMPTY = {"hand": BY_HAND, "signed": SIGNED, "ticked": TICKED, "ice": ICES}
OTHER, OUT = "other", "out"
SURENESS = {
    "sure": "Sure: two things agree",
    "likely": "Likely: one thing says so",
    "guess": "A guess: look closely",
    "unknown": "Not known: you decide",
    "decided": "Decided by a person",
}
SIDES = {
    "agency": "The agency’s side",
    "ice": "ICE’s side, always left empty",
    "unknown": "Not known whose side",
}
KINDS = {"new": "New", "gone": "Gone", "moved": "Moved", "resized": "Resized", "changed": "Changed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """What the page asks about a line, as it stands or as it was typed; texts, since a typed number may be none."""

    line: MapLine
    meaning: str
    format: str
    side: str
    optional: bool
    reason: str
    label: str
    left: str = ""
    base: str = ""
    right: str = ""
    size: str = ""

    @property
    def filled(self) -> bool:
        """Say whether an answer is to go in."""
        return self.meaning in PATHS or "." in self.meaning

    @property
    def unusual(self) -> bool:
        """Say whether what is folded away holds something to look at."""
        return self.meaning == OTHER

    @property
    def placed(self) -> bool:
        """Say whether it is a place on the page, which can be moved, and no field of the form."""
        return bool(self.line.places)


def asked_of(line: MapLine) -> AskedLine:
    """Return what the page shows of a line as it is kept."""
    place = line.places[0] if line.places else None
    return AskedLine(
        line=line,
        meaning=meaning_of(line),
        format=line.format,
        side=line.side,
        optional=line.optional,
        reason=line.reason if meaning_of(line) == OTHER else "",
        label=line.label,
        left=f"{place.line[0]:g}" if place else "",
        base=f"{place.line[1]:g}" if place else "",
        right=f"{place.line[2]:g}" if place else "",
        size=f"{place.size:g}" if place else "",
    )


def meaning_of(line: MapLine) -> str:
    """Return the choice that stands for what a line says now; "" where nothing is decided."""
    if line.path:
        return line.path
    if not line.decided:
        return ""
    return next((choice for choice, reason in EMPTY.items() if reason == line.reason), OTHER)


def choices_for(line: MapLine, *, fields: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (heading, [(choice, its words)]) for a line; on a form with ``fields`` nothing is written beside them."""
    paths = PATHS if not line.path or line.path in PATHS else {line.path: line.path, **PATHS}
    empty = [
        ("hand", "Stays empty: written by hand when signing"),
        ("signed", "Stays empty: the agency’s signature"),
        ("ticked", "Stays empty: a box that is ticked by hand"),
        ("ice", "Stays empty: ICE writes here"),
        (OTHER, "Stays empty: another reason, given below"),
    ]
    if line.places:
        empty.append((OUT, "No place to write: remove it from the map"))
    if line.places and fields:
        return [("Not filled: the form has no field here", empty)]
    return [("Filled with", list(paths.items())), ("Not filled", empty)]


def describe_line(line: MapLine) -> str:
    """Return in words what goes into a blank."""
    if line.path:
        return PATHS.get(line.path, line.path)
    if not line.decided:
        return "Not decided yet"
    return "Stays empty: ICE writes here" if line.reason == ICES else f"Stays empty: {line.reason}"


def in_words(message: str) -> str:
    """Return the sentence about a difference, with the answers called by their words."""
    return _PATH.sub(lambda match: f"“{PATHS.get(match[0], match[0])}”", message)
