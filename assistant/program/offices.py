"""Which ICE field office and which OPLA location an agency most likely deals with.

A proposal and never an answer: the areas move, and some lines between them are not published. The user confirms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.program import stored
from assistant.program.amendments import imported_citation
from assistant.program.imported_facts import fact_cache
from assistant.program.sources import Citation, Source, cite
from assistant.program.states_and_counties import fold_county, state_code, states

if TYPE_CHECKING:
    from assistant.program.imported_facts import FactRow

Confidence = Literal["high", "medium", "low"]
OfficeSubject = Literal["field_office", "opla"]
SUBJECTS: dict[str, OfficeSubject] = {"field-offices": "field_office", "opla-list": "opla"}
"""The source of each, by its key in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeProposal:
    """What is proposed: ``office`` where one is, else one of ``choices``.

    ``confirm`` is true where the source itself is unsure and the user should ask the office; ``note`` says why.
    """

    office: str | None
    choices: tuple[str, ...]
    address: str | None
    confidence: Confidence
    confirm: bool
    note: str
    citation: Citation

    @property
    def source(self) -> str:
        """Return the source as one line."""
        return str(self.citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class OplaLocation:
    """A location of ICE's Office of the Principal Legal Advisor."""

    name: str
    address: str


def field_office_for(state: str | None, county: str | None = None) -> OfficeProposal:
    """Return the field office proposed for a place; without a known state, all offices are choices."""
    code, areas = _areas(state)
    citation = _citation(areas, "field_office")
    offices = tuple(dict.fromkeys(area["field_office"] for area in areas))
    if code is None:
        return OfficeProposal(
            office=None, choices=field_offices(), address=None, confidence="low", confirm=True,
            note="Give the agency's state.", citation=citation,
        )  # fmt: skip
    if len(offices) == 1:
        office: str | None = offices[0]
        note = ""
    else:
        office = _split(code).get(fold_county(county or ""))
        note = "" if office else f"{states()[code]} is divided between field offices by county. Give the county."
    area = next((area for area in areas if area["field_office"] == office), areas[0])
    confidence = _confidence(area["field_office_confidence"])
    if confidence != "high":
        note = note or "The lines between these field offices moved in 2024 and 2025. Ask the office."
    return OfficeProposal(
        office=office,
        choices=offices,
        address=None,
        confidence=confidence,
        confirm=office is None or confidence != "high",
        note=note,
        citation=citation,
    )


def opla_for(state: str | None, county: str | None = None) -> OfficeProposal:
    """Return the OPLA location proposed for a place; two are choices where no line between them was found."""
    code, areas = _areas(state)
    citation = _citation(areas, "opla")
    if code is None:
        return OfficeProposal(
            office=None, choices=tuple(location.name for location in opla_locations()), address=None,
            confidence="low", confirm=True, note="Give the agency's state.", citation=citation,
        )  # fmt: skip
    field_office = field_office_for(code, county).office
    here = [area for area in areas if area["field_office"] == field_office] or list(areas)
    choices = tuple(area["opla_location"] for area in here)
    if len(choices) > 1:
        return OfficeProposal(
            office=None, choices=choices, address=None, confidence="medium", confirm=True,
            note=_several(here), citation=citation,
        )  # fmt: skip
    confidence = _confidence(here[0]["opla_confidence"])
    return OfficeProposal(
        office=choices[0],
        choices=choices,
        address=here[0]["opla_address"],
        confidence=confidence,
        confirm=confidence != "high",
        note=here[0]["note"],
        citation=citation,
    )


@fact_cache
def field_offices() -> tuple[str, ...]:
    """Return the names of all field offices."""
    return tuple(sorted({row["field_office"] for row in stored.rows("field_offices")}))


@fact_cache
def opla_locations() -> tuple[OplaLocation, ...]:
    """Return all OPLA locations with the address on the list."""
    addresses = {row["opla_location"]: row["opla_address"] for row in stored.rows("field_offices")}
    return tuple(OplaLocation(name=name, address=address) for name, address in sorted(addresses.items()))


@fact_cache
def split_counties(state: str) -> tuple[str, ...]:
    """Return the counties of a state that is divided between field offices (CA, NY, TX), else nothing."""
    return tuple(sorted(row["county"] for row in stored.rows("field_office_counties") if row["state"] == state))


def _several(areas: list[dict[str, str]]) -> str:
    named = " or ".join(
        f"{area['opla_location']} ({area['opla_area']})" if area["opla_area"] else area["opla_location"]
        for area in areas
    )
    return f"Choose {named}. No source says which one covers a county. Ask the field office."


def _areas(state: str | None) -> tuple[str | None, tuple[dict[str, str], ...]]:
    code = state_code(state)
    return code, tuple(row for row in stored.rows("field_offices") if row["state"] == code)


@fact_cache
def _split(code: str) -> dict[str, str]:
    return {
        fold_county(row["county"]): row["field_office"]
        for row in stored.rows("field_office_counties")
        if row["state"] == code
    }


def _confidence(word: str) -> Confidence:
    return "high" if word == "high" else "medium"


def office_citation(row: FactRow, subject: OfficeSubject) -> Citation:
    """Return where a row of offices stands: in the source that its imported file names, else in the built-in one."""
    if document := row.get(f"{subject}_source"):
        return imported_citation(document, row.get(f"{subject}_checked_on", ""))
    return cite("field-offices" if subject == "field_office" else "opla-list")


def with_sources(row: FactRow) -> FactRow:
    """Return a row of offices with its sources and their days, as an imported file has them."""
    named = {}
    for subject in SUBJECTS.values():
        source = office_citation(row, subject).source
        named[f"{subject}_source"] = source.title
        named[f"{subject}_checked_on"] = source.checked_on.isoformat() if source.checked_on else ""
    return row | named


def source_in_force(source: Source) -> Source:
    """Return the source of the offices that an imported file names in place of the built-in one; any other as it is."""
    subject = SUBJECTS.get(source.key)
    return office_citation(stored.rows("field_offices")[0], subject).source if subject else source


def _citation(areas: tuple[FactRow, ...], subject: OfficeSubject) -> Citation:
    return office_citation((areas or stored.rows("field_offices"))[0], subject)
