"""What ICE's lists say of an application's agency: for its page, and for the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from assistant import program
from assistant.services.published_lists import list_lookup
from assistant.web.kit.context import db

if TYPE_CHECKING:
    from flask import Flask

    from assistant.program.agency_listing import AgencyListing
    from assistant.storage.tables import Application

SIMILAR_SHOWN = 5


def listings_of(application: Application) -> tuple[AgencyListing, ...]:
    """Return what the lists say of an application's agency; looked up once a request.

    Nothing after ``leave_lists_out``.
    """
    if g.get("leaves_lists_out"):
        return ()
    agency = application.answers.agency
    key = (agency.legal_name, agency.state)
    if g.get("listed_for") != key:
        g.listings, g.listed_for = list_lookup.listed_for(db(), application.answers), key
    listings: tuple[AgencyListing, ...] = g.listings
    return listings


def leave_lists_out() -> None:
    """Look nothing up in ICE's lists in this request.

    No list keeps a step open, and each agency would be a query of its own.
    """
    g.leaves_lists_out = True


def _what_lists_say(application: Application) -> dict[str, object]:
    """Return the agency's own agreements, other names like its own, and the days of the lists."""
    agency = application.answers.agency
    days = list_lookup.as_of(db())
    listings = listings_of(application)
    own = [listing for listing in listings if listing.is_of(agency.county)]
    similar = list(dict.fromkeys((listing.agency, listing.county) for listing in listings if listing not in own))
    code = program.state_code(agency.state)
    return {
        "days": days,
        "own": own,
        "similar": similar[:SIMILAR_SHOWN],
        "asked": bool(agency.legal_name and code),
        "code": code,
        "state_name": program.states().get(code or ""),
    }


def _neighbors_of(application: Application) -> dict[str, object] | None:
    """Return who takes part in the agency's State; None where no list is loaded or the State is not known."""
    agency = application.answers.agency
    code, days = program.state_code(agency.state), list_lookup.as_of(db())
    if code is None or "participating" not in days:
        return None
    return {
        "day": days["participating"],
        "code": code,
        "state_name": program.states()[code],
        "county": agency.county,
        "neighbors": list_lookup.neighbors(db(), code, agency.county),
        "kinds": KIND_WORDS,
    }


KIND_WORDS = {
    "county": "County agencies",
    "municipality": "Municipal agencies",
    "state": "State agencies",
    "tribal": "Tribal agencies",
    "other": "Other agencies",
    "": "Kind not given",
}


def register_template_helpers(app: Flask) -> None:
    """Let the agency's page ask what the lists say, and the page of models who takes part near it."""
    app.jinja_env.globals.update(what_lists_say=_what_lists_say, neighbors_of=_neighbors_of)
