"""The values: one frozen dataclass for each section of an application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping  # noqa: TC003 - the reader looks the annotations up
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - as above
from types import MappingProxyType
from typing import Literal, get_args

Model = Literal["JEM", "TFM", "TTFM", "WSO"]
MODELS: tuple[Model, ...] = get_args(Model)
AgencyKind = Literal["county", "municipality", "state", "tribal", "other"]
KINDS: tuple[AgencyKind, ...] = get_args(AgencyKind)
Background = Literal["completed", "pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address of the agency, never of a person."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None

    @property
    def one_line(self) -> str:
        """Return "100 Main Street, Example City, FL 34652", leaving out what is missing."""
        place = ", ".join(part for part in (self.city, " ".join(p for p in (self.state, self.zip) if p)) if part)
        return ", ".join(part for part in (self.street, place) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The law-enforcement agency that applies; ``state`` is the two-letter postal code."""

    legal_name: str | None = None
    short_name: str | None = None
    kind: AgencyKind | None = None
    represents: str | None = None
    state: str | None = None
    county: str | None = None
    address: Address = field(default_factory=Address)
    phone: str | None = None
    email: str | None = None
    law_enforcement_agency: bool | None = None
    operates_jail: bool | None = None
    conducts_patrol: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """The person who signs for the agency; ``chief_officer``: its sheriff, chief or head."""

    full_name: str | None = None
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    chief_officer: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A point of contact of the agency."""

    full_name: str | None = None
    title: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ice:
    """The ICE offices the agency deals with, by the place's name ("Miami", "Orlando")."""

    field_office: str | None = None
    opla_location: str | None = None

    @property
    def addressee(self) -> str:
        """Return whom a letter is sent to: the program, since its page names no person and no office."""
        return "U.S. Immigration and Customs Enforcement, 287(g) Program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Who approved, and when."""

    governing_body: str | None = None
    governing_body_approved_on: date | None = None
    counsel_reviewed_on: date | None = None

    @property
    def needs_no_body(self) -> bool:
        """Say whether the answer is that no governing body has to approve: "None needed, per counsel"."""
        words = " ".join((self.governing_body or "").casefold().split())
        return words.startswith(("none needed", "none required", "none is needed", "none is required"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominee:
    """An officer nominated for one or more models. Of checks it is stored that they are done, no more."""

    full_name: str | None = None
    rank: str | None = None
    badge_number: str | None = None
    models: tuple[Model, ...] = ()
    us_citizen: bool | None = None
    background_investigation: Background | None = None
    background_completed_on: date | None = None
    law_enforcement_since: date | None = None
    law_enforcement_years: int | float | None = None
    enforced_laws: bool | None = None
    facility_security_trained: bool | None = None
    enforced_inmate_rules: bool | None = None
    inmate_rules_authority: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One application: everything the agency has answered so far.

    ``editions`` pins a form edition for a model; ``short_wordings`` holds, by path, the shorter wording that the
    user chose for a blank which cannot hold the full one (it is used in such blanks only). Both are optional in
    the file and written only where there is something.
    """

    agency: Agency = field(default_factory=Agency)
    models: tuple[Model, ...] = ()
    signatory: Signatory = field(default_factory=Signatory)
    program_contact: Contact = field(default_factory=Contact)
    public_information_contact: Contact = field(default_factory=Contact)
    ice: Ice = field(default_factory=Ice)
    approvals: Approvals = field(default_factory=Approvals)
    nominees: tuple[Nominee, ...] = ()
    editions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    short_wordings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def nominees_for(self, model: Model) -> Iterator[tuple[int, Nominee]]:
        """Yield (place in the list, nominee) for everyone nominated for this model."""
        return ((place, nominee) for place, nominee in enumerate(self.nominees) if model in nominee.models)


def years_between(start: date, end: date) -> int:
    """Return the completed years from one day to another (a 29 February counts from 1 March)."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
