"""A finished agreement compared with ICE's published lists, if they are loaded: what they say, and what is unknown.

The rules are those of an application (``published_lists``). Here a finding is at the place where the agency is named
and says how well the names match. What cannot be known is reported as unchecked, never skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NotRequired, TypedDict

from assistant.answers import Agency, Answers
from assistant.program.agency_listing import SURELY, written_alike
from assistant.reading.named_states import named_county, named_states
from assistant.reading.slots import NAMED
from assistant.rules.agreement.signing import signing_day
from assistant.rules.published_lists import list_named
from assistant.rules.registry import FORM_REVIEW, Case, Finding, check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.answers import Model
    from assistant.program.agency_listing import AgencyListing
    from assistant.reading import ReadAgreement

    LookUp = Callable[[str, str], Sequence[AgencyListing]]
    """(Name, State's code) to the listed agreements of agencies named so, the likeliest first."""

CODES = ("name-vs-list", "model-already-held", "model-pending")
NEEDS = {"model-already-held": "participating", "model-pending": "pending"}
NO_LIST = "This list from ICE is not loaded. Load it under “Known agencies”."
LOAD_LIST = "`moa program import` loads one."
NOT_READ = "The agency's name could not be read with certainty."
NO_STATE = "The agency's State could not be read, and agencies of several States share a name."
TWO_STATES = "More than one State is named in the blanks, so it is not known which agency this is."
MAY_BE_THIS = "The listed agreement may be this same one: the date signed does not show which it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A rule that could not be checked, and why."""

    code: str
    why: str
    command: str = ""
    """What to do at the command line; pages show a link instead."""

    def to_document(self) -> dict[str, str]:
        """Return it as a JSON object."""
        return {"code": self.code, "why": self.why, "command": self.command}


class OtherName(TypedDict):
    """A name that stands in another blank of the agreement."""

    where: str
    name: str


class PartyDocument(TypedDict):
    """Who the party of an agreement is, as far as it was read: what is looked up in the lists; days are ISO."""

    name: str | None
    sure: bool
    where: str
    states: list[str]
    county: str | None
    model: Model | None
    signed: bool | None
    signed_on: str | None
    others: list[OtherName]
    as_issued: NotRequired[bool]


def party_of(document: ReadAgreement) -> PartyDocument:
    """Return, as JSON, what was read about the party, for the search in the lists."""
    first = document.get("agency")
    read = first is not None and first.read
    day = signing_day(document)
    return {
        "name": document.answers.agency.legal_name if read and document.answers else None,
        "sure": read and first is not None and first.is_certain,
        "where": first.where if first else "the document",
        "states": sorted(named_states(document)),
        "county": named_county(document),
        "model": document.model,
        "signed": document.signing.signed,
        "signed_on": day.isoformat() if day else None,
        "others": [
            {"where": reading.where, "name": reading.text}
            for slot in NAMED
            if (reading := document.get(slot)) and reading.read and reading.is_certain
        ],
    }


def run_list_rules(
    party: PartyDocument, days: Mapping[str, date], look_up: LookUp, *, today: date
) -> tuple[list[Finding], list[Unchecked]]:
    """Return what the lists (``days``: their dates by kind) say about the party, and what could not be checked."""
    why = _why_not(party, days)
    if why:
        command = LOAD_LIST if why == NO_LIST else ""
        return [], [Unchecked(code=code, why=why, command=command) for code in CODES]
    name, state = party["name"] or "", party["states"][0]
    listings = tuple(look_up(name, state))
    own = [one for one in listings if one.is_of(party["county"])]
    unchecked = [
        Unchecked(code=code, why=NO_LIST, command=LOAD_LIST) for code, kind in NEEDS.items() if kind not in days
    ]
    if not own:
        unchecked.append(Unchecked(code="name-vs-list", why=_nearest(listings, days)))
    elif not party["sure"]:
        unchecked.append(Unchecked(code="name-vs-list", why=NOT_READ))
    # A row that may be about this same agreement shows only how the name is spelled.
    this = [one for one in own if one.model == party["model"] and _may_be_this(one, party)]
    kinds = {one.status for one in this}
    unchecked += [Unchecked(code=code, why=MAY_BE_THIS) for code, kind in NEEDS.items() if kind in kinds]
    answers = Answers(
        agency=Agency(legal_name=name, state=state, county=party["county"]),
        models=(party["model"],) if party["model"] else (),
    )
    others = tuple(replace(one, model=None) if one in this else one for one in listings)
    findings = check(Case(answers=answers, today=today, listings=others), subjects={"published_lists"}).findings
    silent = {one.code for one in unchecked}
    placed = [_at_its_place(finding, party, own) for finding in findings if finding.code not in silent]
    return [*placed, *_others(party, listings, look_up)], unchecked


def _why_not(party: PartyDocument, days: Mapping[str, date]) -> str:
    if not days:
        return NO_LIST
    if not party["name"]:
        return NOT_READ
    if not party["states"]:
        return NO_STATE
    return TWO_STATES if len(party["states"]) > 1 else ""


def _nearest(listings: Sequence[AgencyListing], days: Mapping[str, date]) -> str:
    """Return why a name could not be compared: no agency on the lists is certain to be this one."""
    kinds = " and ".join(f"{kind} agencies as of {day:%m/%d/%Y}" for kind, day in sorted(days.items()))
    near = f"; the closest is “{listings[0].agency}”, alike to {listings[0].match:.0%}" if listings else ""
    return f"No agency on ICE's list of {kinds} is certain to be this one{near}."


def _may_be_this(one: AgencyListing, party: PartyDocument) -> bool:
    """Say whether a row of a list may be about this same agreement.

    A signed agreement becomes pending, and ICE signs it, after the agency's own date. So only a row from before that
    date is certainly about another one.
    """
    if party["signed"] is False:
        return False
    day = one.signed if one.status == "participating" else one.as_of
    return day is None or not party["signed_on"] or day >= date.fromisoformat(party["signed_on"])


def _at_its_place(finding: Finding, party: PartyDocument, own: Sequence[AgencyListing]) -> Finding:
    """Return a finding at the place on paper where the agency is named, with how well the names match."""
    return Finding(
        code=finding.code,
        severity=finding.severity,
        where=party["where"],
        message=f"{finding.message} The names are a {own[0].match:.0%} match.",
        source=finding.source,
    )


def _others(party: PartyDocument, own: Sequence[AgencyListing], look_up: LookUp) -> list[Finding]:
    """Return where another agency is named that is certainly on a list: text left in from its agreement.

    ``own`` are the agreements found under the party's name.
    """
    findings = []
    surely_own = {one.agency for one in own if one.match >= SURELY}
    for other in party["others"]:
        if written_alike(other["name"], party["name"] or ""):
            continue
        listings = [one for one in look_up(other["name"], party["states"][0]) if one.match >= SURELY]
        if not listings or not written_alike(other["name"], listings[0].agency):
            continue
        if listings[0].agency in surely_own:
            continue
        findings.append(
            Finding(
                code="other-agency-data",
                # If the party's own name may be misread, this name may be the right one.
                severity="blocker" if party["sure"] else "warning",
                where=other["where"],
                message=f"Another agency from ICE's list is named here: “{listings[0].agency}”. Write this agency's "
                "name, and look for other text left in by mistake.",
                source=f"{list_named(listings[0])}; {FORM_REVIEW}",
            )
        )
    return findings
