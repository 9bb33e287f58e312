"""An agency on ICE's lists: every agreement it has or had there, and what the lists changed about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.agencies.names import key_name
from assistant.errors import NotFoundError
from assistant.program.states_and_counties import may_be_same_county
from assistant.services.published_lists.timeline import Event, timeline
from assistant.storage.listing_tables import ListedAgreement, ListImport

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAgreement:
    """An agreement as the last list that named it has it.

    ``first_list`` and ``last_list`` are the days of the first and of the last loaded list that name it; ``ended`` says
    that a later list of its kind no longer does.
    """

    kind: str
    model: str | None
    signed: date | None
    moa_url: str | None
    addendum_url: str | None
    first_list: date
    last_list: date
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyHistory:
    """An agency under one name in one State; ``events`` are (day of the list, what it changed), the newest first."""

    agency: str
    state: str
    county: str | None
    agency_kind: str | None
    agreements: tuple[AgencyAgreement, ...]
    events: tuple[tuple[date, Event], ...]


def agency_history(session: Session, listing_id: int) -> AgencyHistory:
    """Return the history of the agency whose agreement has this id.

    Agreements are one agency's where State and name are the same, and no two different counties are named.

    Raises:
        NotFoundError: there is no such agreement.
    """
    listing = session.get(ListedAgreement, listing_id)
    if listing is None:
        raise NotFoundError("No agency is listed there. Look it up by its name.")
    name = key_name(listing.agency)
    query = select(ListedAgreement).where(ListedAgreement.state == listing.state).order_by(ListedAgreement.id)
    rows = [
        row
        for row in session.scalars(query)
        if key_name(row.agency) == name and may_be_same_county(row.county, listing.county)
    ]
    days = {load.id: load.as_of for load in session.scalars(select(ListImport))}
    agreements = [
        AgencyAgreement(
            kind=row.kind,
            model=row.model,
            signed=row.signed,
            moa_url=row.moa_url,
            addendum_url=row.addendum_url,
            first_list=days[row.first_seen_id],
            last_list=days[row.last_seen_id],
            ended=row.removed_id is not None,
        )
        for row in rows
    ]
    agreements.sort(key=lambda row: (row.ended, row.kind, row.model or "", row.signed is None, row.signed))
    events = [
        (load.as_of, event)
        for load in timeline(session, state=listing.state)
        for event in load.events
        if key_name(event.agency) == name and may_be_same_county(event.county, listing.county)
    ]
    return AgencyHistory(
        agency=listing.agency,
        state=listing.state,
        county=listing.county,
        agency_kind=listing.agency_kind,
        agreements=tuple(agreements),
        events=tuple(events),
    )
