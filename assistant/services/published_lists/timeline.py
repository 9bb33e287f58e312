"""What changed from one loaded list to the next: signed, dropped, renamed, dated anew, moved from pending."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypedDict

from sqlalchemy import or_, select

from assistant.agencies.atom import FeedEntry, write_feed
from assistant.agencies.names import key_name
from assistant.editions.formats import long_date
from assistant.program.states_and_counties import states
from assistant.storage.listing_tables import ListedAgreement, ListImport, ListingChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

EventKind = Literal[
    "signed",
    "moved-from-pending",
    "dropped",
    "renamed",
    "re-dated",
    "posted",
    "changed",
    "pending",
    "no-longer-pending",
]
MOST_ENTRIES = 5_000
"""Of a feed: more than ICE signs in a year."""
NAMES_OF_VALUES = {
    "agency_kind": "type",
    "county": "county",
    "model": "model",
    "state": "state",
    "moa_url": "link to the MOA",
    "addendum_url": "link to the addendum",
}
"""What a list says of an agreement besides its name and its date, in words."""
DOCUMENTS = {"moa_url": "MOA", "addendum_url": "addendum"}
EVENT_WORDS: dict[EventKind, str] = {
    "signed": "signed",
    "moved-from-pending": "moved from pending to signed",
    "dropped": "no longer listed",
    "renamed": "renamed",
    "re-dated": "another date of signing",
    "posted": "document posted",
    "changed": "other change",
    "pending": "newly pending",
    "no-longer-pending": "no longer pending, and not listed as signed",
}


class EventDocument(TypedDict):
    """``Event`` as a JSON object; dates are ISO."""

    event: EventKind
    state: str
    agency: str
    model: str | None
    signed: str | None
    before: str | None
    after: str | None
    what: str | None


class LoadDocument(TypedDict):
    """``ListLoad`` as a JSON object; ``first`` says that nothing was loaded before, so that there is no event."""

    kind: str
    file: str
    as_of: str
    imported_at: str
    rows: int
    first: bool
    events: list[EventDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change. ``what`` is the value that changed, ``before`` and ``after`` its texts; None where nothing did."""

    kind: EventKind
    state: str
    agency: str
    model: str | None
    signed: date | None
    what: str | None = None
    before: str | None = None
    after: str | None = None
    county: str | None = None

    def to_document(self) -> EventDocument:
        """Return the event as JSON."""
        return {
            "event": self.kind,
            "state": self.state,
            "agency": self.agency,
            "model": self.model,
            "signed": self.signed.isoformat() if self.signed else None,
            "before": self.before,
            "after": self.after,
            "what": self.what,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLoad:
    """A list that was loaded, and what it changed."""

    id: int
    kind: str
    file: str
    as_of: date
    imported_at: datetime
    rows: int
    first: bool
    events: tuple[Event, ...]

    def to_document(self) -> LoadDocument:
        """Return the list with its events as JSON."""
        return {
            "kind": self.kind,
            "file": self.file,
            "as_of": self.as_of.isoformat(),
            "imported_at": self.imported_at.isoformat(),
            "rows": self.rows,
            "first": self.first,
            "events": [event.to_document() for event in self.events],
        }


def timeline(session: Session, *, state: str | None = None) -> list[ListLoad]:
    """Return every list that was loaded, the last one first, with what it changed from the one before of its kind.

    The first list of a kind changes nothing: what it names was there before. ``state`` is a postal code.
    """
    loads = session.scalars(select(ListImport).order_by(ListImport.id)).all()
    first = {kind: min(load.id for load in loads if load.kind == kind) for kind in {load.kind for load in loads}}
    events: dict[int, list[Event]] = defaultdict(list)
    for number, event in _events(session, set(first.values()), state):
        events[number].append(event)
    return [
        ListLoad(
            id=load.id,
            kind=load.kind,
            file=load.file_name,
            as_of=load.as_of,
            imported_at=load.imported_at,
            rows=load.rows,
            first=load.id == first[load.kind],
            events=tuple(sorted(events[load.id], key=lambda event: (event.state, event.agency, event.model or ""))),
        )
        for load in reversed(loads)
    ]


def _events(session: Session, first: set[int], state: str | None) -> Iterator[tuple[int, Event]]:
    query = select(ListedAgreement).where(
        or_(ListedAgreement.first_seen_id.not_in(first), ListedAgreement.removed_id.is_not(None))
    )
    if state:
        query = query.where(ListedAgreement.state == state)
    rows = session.scalars(query.order_by(ListedAgreement.id)).all()
    was_pending = _keys(session, "pending", state)
    taking_part = _keys(session, "participating", state)
    for row in rows:
        if row.first_seen_id not in first:
            kind: EventKind = "pending"
            if row.kind == "participating":
                kind = "moved-from-pending" if row.key in was_pending else "signed"
            yield row.first_seen_id, _event(kind, row)
        if row.removed_id is not None and row.kind == "participating":
            yield row.removed_id, _event("dropped", row)
        elif row.removed_id is not None and row.key not in taking_part:
            # An agency that takes part now is reported once, as moved from pending.
            yield row.removed_id, _event("no-longer-pending", row)
    yield from _changes(session, state)


def _keys(session: Session, kind: str, state: str | None) -> frozenset[str]:
    query = select(ListedAgreement.key).where(ListedAgreement.kind == kind)
    return frozenset(session.scalars(query.where(ListedAgreement.state == state) if state else query))


def _changes(session: Session, state: str | None) -> Iterator[tuple[int, Event]]:
    query = select(ListingChange, ListedAgreement).join(ListedAgreement, ListedAgreement.id == ListingChange.listing_id)
    if state:
        query = query.where(ListedAgreement.state == state)
    for change, row in session.execute(query.order_by(ListingChange.id)):
        for name, (before, after) in change.change.items():
            if name == "agency":
                if key_name(before or "") != key_name(after or ""):
                    yield change.import_id, _event("renamed", row, "name", before, after)
            elif name == "signed":
                yield change.import_id, _event("re-dated", row, "date of signing", before, after)
            elif name in {"moa_url", "addendum_url"} and not before:
                yield change.import_id, _event("posted", row, DOCUMENTS[name], None, after)
            elif (before or "").casefold().split() != (after or "").casefold().split():
                yield change.import_id, _event("changed", row, NAMES_OF_VALUES[name], before, after)


def _event(
    kind: EventKind,
    row: ListedAgreement,
    what: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> Event:
    return Event(
        kind=kind,
        state=row.state,
        agency=row.agency,
        model=row.model,
        signed=row.signed,
        what=what,
        before=before,
        after=after,
        county=row.county,
    )


def sentence(event: Event) -> str:
    """Return an event as one sentence without its end: "Pasco County Sheriff (FL, TFM): signed February 26, 2025"."""
    head = f"{event.agency} ({', '.join(part for part in (event.state, event.model) if part)})"
    signed = f" {long_date(event.signed)}" if event.signed else ", no date given"
    tails = {
        "signed": f"signed{signed}",
        "moved-from-pending": f"was pending, signed{signed}",
        "dropped": EVENT_WORDS["dropped"],
        "pending": "pending",
        "no-longer-pending": EVENT_WORDS["no-longer-pending"],
        "posted": f"{event.what} posted: {event.after}",
    }
    tail = tails.get(event.kind) or f"{event.what}: {event.before or 'none'} → {event.after or 'none'}"
    return f"{head}: {tail}"


def count_kinds(events: Sequence[Event]) -> dict[EventKind, int]:
    """Return how many events of each kind there are, in the order of ``EventKind``."""
    counts = Counter(event.kind for event in events)
    return {kind: counts[kind] for kind in EVENT_WORDS if counts[kind]}


def feed_of(loads: Sequence[ListLoad], *, state: str | None, now: datetime) -> bytes:
    """Return the changes as an Atom feed, at most ``MOST_ENTRIES``, those of the newest list first."""
    changes = ((load, event) for load in loads for event in load.events)
    entries = [
        FeedEntry(
            key=f"{load.kind} {load.as_of.isoformat()} {event.kind} {event.state} {event.agency} {event.model} "
            f"{event.what} {event.before} {event.after}",
            title=sentence(event),
            text=f"{sentence(event)}. From ICE's list of {load.kind} agencies of {long_date(load.as_of)}, {load.file}.",
            updated=load.imported_at,
        )
        for load, event in islice(changes, MOST_ENTRIES)
    ]
    where = f", {states().get(state, state)}" if state else ""
    newest = max((load.imported_at for load in loads), default=now)
    return write_feed(f"Changes in ICE's 287(g) lists{where}", "287(g) application assistant", entries, updated=newest)


def csv_of(loads: Sequence[ListLoad]) -> str:
    """Return the changes as CSV, one row each; no cell begins a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["list", "as of", "change", "state", "agency", "model", "signed", "what", "before", "after"])
    for load in loads:
        for event in load.events:
            signed = event.signed.isoformat() if event.signed else ""
            values = (event.state, event.agency, event.model, signed, event.what, event.before, event.after)
            rows.writerow(
                [load.kind, load.as_of.isoformat(), event.kind, *(without_formula(value or "") for value in values)]
            )
    return file.getvalue()


def without_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
