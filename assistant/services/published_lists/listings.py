"""Load ICE's published lists, and look agencies up in them."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import insert, select, text, update

from assistant.agencies import likeness, read_list
from assistant.agencies.chart import every_month
from assistant.agencies.dating import as_of_day
from assistant.agencies.following import pair_up
from assistant.agencies.line_chart import running_totals
from assistant.agencies.names import key_name
from assistant.agencies.search import parse_query, search_score
from assistant.agencies.tile_map import TERRITORIES
from assistant.program.printed_counts import PrintedCounts, printed_counts
from assistant.program.states_and_counties import fold
from assistant.storage.listing_tables import ListedAgreement, ListImport, ListingChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.agencies import Listing, ListKind, Unreadable

LEAST_MATCH = 0.75
FOLLOWED = ("state", "agency", "agency_kind", "county", "model", "signed", "moa_url", "addendum_url")


class ModelCount(TypedDict):
    """How many agreements of a model a list has, and in how many states."""

    agreements: int
    states: int


class ListCounts(TypedDict):
    """What the last list of a kind counts; ``as_of`` and ``file`` are None where none was loaded."""

    as_of: str | None
    file: str | None
    total: int
    states: int
    territories: int
    """How many of ``states`` are territories, not States."""
    by_model: dict[str, ModelCount]
    by_state: dict[str, int]
    by_state_and_model: dict[str, dict[str, int]]


class ComparedCount(TypedDict):
    """A number that ICE's page printed, and the same count of the loaded list; ``reason`` is "" where none is known."""

    what: str
    page: int
    list: int | None
    reason: str


class ListReport(ListCounts):
    """What the last lists count: agreements, by month of signing too, and pending ones."""

    by_month: dict[str, int]
    by_model_and_month: dict[str, dict[str, int]]
    without_date: int
    pending: ListCounts
    printed: list[ComparedCount]
    """What ICE's page printed on a day, beside the list of that day where that is the one loaded."""


class UnreadableRow(TypedDict):
    """``Unreadable`` as a JSON object."""

    row: int
    why: str


class ImportDocument(TypedDict):
    """``ImportResult`` as a JSON object."""

    file: str
    kind: ListKind
    rows: int
    added: int
    changed: int
    removed: int
    unreadable: list[UnreadableRow]
    notices: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What a load did. ``notices`` say what was odd about the file."""

    file: str
    kind: ListKind
    rows: int
    added: int
    changed: int
    removed: int
    unreadable: tuple[Unreadable, ...]
    notices: tuple[str, ...]

    def to_document(self) -> ImportDocument:
        """Return the result as JSON."""
        return {
            "file": self.file,
            "kind": self.kind,
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unreadable": [{"row": row.row, "why": row.why} for row in self.unreadable],
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A listed agreement that may be of the agency looked for; ``match`` is 1 where the names agree."""

    agency: str
    state: str
    county: str | None
    type: str | None
    model: str | None
    signed: date | None
    moa_url: str | None
    status: ListKind
    match: float
    listing_id: int

    def to_document(self) -> dict[str, object]:
        """Return the match as JSON; the row's number in this database is left out."""
        document = asdict(self) | {"signed": self.signed.isoformat() if self.signed else None}
        del document["listing_id"]
        return document


def import_list(
    session: Session, data: bytes, *, filename: str, now: datetime, expected: ListKind | None = None
) -> ImportResult:
    """Load a list in place of the last one of its kind; what it no longer names stays, marked as removed.

    Raises:
        SpreadsheetError: the file cannot be read, or is no list of ICE's.
    """
    published = read_list(data, expected=expected)
    if session.get_bind().dialect.name == "postgresql":
        # Two loads at once would each take the other's rows for new; SQLite lets one writer in at a time.
        session.execute(text("LOCK TABLE list_imports IN SHARE ROW EXCLUSIVE MODE"))
    notices = list(published.notices)
    as_of = as_of_day(published, filename, now.date())
    last = session.scalars(
        select(ListImport).where(ListImport.kind == published.kind).order_by(ListImport.id.desc()).limit(1)
    ).first()
    if last is not None and as_of < last.as_of:
        notices.append(
            f"This list is older than the one loaded before ({last.as_of:%m/%d/%Y}). It now replaces that list."
        )
    pairs, removed, new = pair_up(_current(session, published.kind), published.listings)
    changes = [
        (unchanged.id, change, listing) for unchanged, listing in pairs if (change := _change(unchanged, listing))
    ]
    loaded = ListImport(
        kind=published.kind,
        file_name=filename[-255:],
        sha256=hashlib.sha256(data).hexdigest(),
        imported_at=now,
        as_of=as_of,
        rows=len(published.listings),
        added=len(new),
        changed=sum(_matters(change) for _, change, _ in changes),
        removed=len(removed),
        unreadable=[asdict(row) for row in published.unreadable],
    )
    session.add(loaded)
    session.flush()
    _keep(session, loaded, new, changes, [row.id for row in removed])
    return ImportResult(
        file=filename,
        kind=published.kind,
        rows=loaded.rows,
        added=loaded.added,
        changed=loaded.changed,
        removed=loaded.removed,
        unreadable=published.unreadable,
        notices=tuple(notices),
    )


def find(
    session: Session, name: str, *, state: str | None = None, limit: int = 20, everyday: bool = False
) -> list[Match]:
    """Return the agreements, pending ones too, of agencies with a name like this one; the likeliest first.

    ``everyday``: initials and what people call an agency count as well. That is for who searches and looks at what
    comes, not for telling whether an agency is listed.
    """
    rows = [row for kind in ("participating", "pending") for row in _current(session, kind, state=state)]
    query = parse_query(name)
    scores = {
        (row.agency, row.state): search_score(query, row.agency, row.state) if everyday else likeness(name, row.agency)
        for row in rows
    }
    matches = [
        Match(
            agency=row.agency,
            state=row.state,
            county=row.county,
            type=row.agency_kind,
            model=row.model,
            signed=row.signed,
            moa_url=row.moa_url,
            status=row.kind,
            match=round(scores[row.agency, row.state], 2),
            listing_id=row.id,
        )
        for row in rows
        if scores[row.agency, row.state] >= LEAST_MATCH
    ]
    matches.sort(key=lambda match: (-match.match, match.state, match.agency, match.status, match.model or ""))
    return matches[:limit]


def report(session: Session) -> ListReport:
    """Return what the last lists count, as JSON; ``as_of`` is None where none was loaded."""
    rows = _current(session, "participating")
    months = Counter(row.signed.strftime("%Y-%m") for row in rows if row.signed)
    of_models: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.signed:
            of_models[row.model or "unknown"][row.signed.strftime("%Y-%m")] += 1
    counts = _count(session, "participating", rows)
    pending = _count(session, "pending", _current(session, "pending"))
    return {
        **counts,
        "by_month": dict(sorted(months.items())),
        "by_model_and_month": {model: dict(sorted(counts.items())) for model, counts in sorted(of_models.items())},
        "without_date": sum(row.signed is None for row in rows),
        "pending": pending,
        "printed": _beside_the_page(printed_counts(), counts, pending),
    }


def _beside_the_page(page: PrintedCounts, counts: ListCounts, pending: ListCounts) -> list[ComparedCount]:
    """Return the numbers of ICE's page, each beside that of the list of the same day; None where it is not loaded."""
    ours: dict[str, int] = {"agreements": counts["total"], "states": counts["states"]}
    for model, count in counts["by_model"].items():
        ours |= {f"{model}.agreements": count["agreements"], f"{model}.states": count["states"]}
    theirs = {"pending": pending["total"]}
    theirs |= {f"{model}.pending": count["agreements"] for model, count in pending["by_model"].items()}
    rows: list[ComparedCount] = []
    for row in page.rows:
        own = theirs if row.what.endswith("pending") else ours
        loaded = (pending if own is theirs else counts)["as_of"] == page.as_of.isoformat()
        own_count = own.get(row.what, 0) if loaded else None
        reason = row.reason if own_count is not None and own_count != row.page else ""
        rows.append({"what": row.what, "page": row.page, "list": own_count, "reason": reason})
    return rows


def trend_of(totals: ListReport) -> dict[str, dict[str, float]]:
    """Return for each model how many of its agreements were signed up to the end of each month."""
    months = every_month(totals["by_month"])
    return {model: running_totals(counts, months) for model, counts in totals["by_model_and_month"].items()}


def counts_of(totals: ListCounts, model: str | None) -> dict[str, int]:
    """Return the agreements by State, of one model where one is named."""
    if model is None:
        return totals["by_state"]
    return {state: counts[model] for state, counts in totals["by_state_and_model"].items() if model in counts}


def last_import(session: Session, kind: ListKind) -> ListImport | None:
    """Return the last load of a list, or None."""
    return session.scalars(
        select(ListImport).where(ListImport.kind == kind).order_by(ListImport.id.desc()).limit(1)
    ).first()


def _current(session: Session, kind: str, *, state: str | None = None) -> Sequence[Any]:
    columns = [getattr(ListedAgreement, name) for name in ("id", "kind", "key", *FOLLOWED)]
    query = select(*columns).where(ListedAgreement.kind == kind, ListedAgreement.removed_id.is_(None))
    if state:
        query = query.where(ListedAgreement.state == state)
    return session.execute(query.order_by(ListedAgreement.id)).all()


def _values(listing: Listing) -> dict[str, object]:
    return {
        "key": listing.key[:300],
        "state": listing.state,
        "agency": listing.agency,
        "agency_kind": listing.kind,
        "county": listing.county,
        "model": listing.model,
        "signed": listing.signed,
        "moa_url": listing.moa_url,
        "addendum_url": listing.addendum_url,
    }


def _change(stored: Any, listing: Listing) -> dict[str, list[Any]]:
    values = _values(listing)
    return {
        name: [_plain(getattr(stored, name)), _plain(values[name])]
        for name in FOLLOWED
        if getattr(stored, name) != values[name]
    }


def _matters(change: dict[str, list[Any]]) -> bool:
    """Say whether a change is more than other quotation marks or spaces."""
    alike = {"agency": key_name, "county": fold}
    return any(
        name not in alike or alike[name](old or "") != alike[name](new or "") for name, (old, new) in change.items()
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _keep(
    session: Session,
    loaded: ListImport,
    new: Iterable[Listing],
    changes: Sequence[tuple[int, dict[str, list[Any]], Listing]],
    removed_ids: Sequence[int],
) -> None:
    """Write everything a load changes, one statement for each kind of change."""
    if removed_ids:
        session.execute(update(ListedAgreement), [{"id": row, "removed_id": loaded.id} for row in removed_ids])
    if changes:
        session.execute(update(ListedAgreement), [{"id": row, **_values(listing)} for row, _, listing in changes])
        session.execute(
            insert(ListingChange),
            [{"listing_id": row, "import_id": loaded.id, "change": change} for row, change, _ in changes],
        )
    added = [
        {
            "kind": loaded.kind,
            "first_seen_id": loaded.id,
            "last_seen_id": loaded.id,
            "removed_id": None,
            **_values(listing),
        }
        for listing in new
    ]
    if added:
        session.execute(insert(ListedAgreement), added, execution_options={"render_nulls": True})
    session.execute(
        update(ListedAgreement)
        .where(ListedAgreement.kind == loaded.kind, ListedAgreement.removed_id.is_(None))
        .values(last_seen_id=loaded.id),
        execution_options={"synchronize_session": False},
    )


def _count(session: Session, kind: ListKind, rows: Sequence[Any]) -> ListCounts:
    loaded = last_import(session, kind)
    states: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        states[row.model or "unknown"].add(row.state)
    models = Counter(row.model or "unknown" for row in rows)
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_state[row.state][row.model or "unknown"] += 1
    return {
        "as_of": loaded.as_of.isoformat() if loaded else None,
        "file": loaded.file_name if loaded else None,
        "total": len(rows),
        "states": len({row.state for row in rows}),
        "territories": len({row.state for row in rows} & TERRITORIES),
        "by_model": {
            model: {"agreements": models[model], "states": len(states[model])}
            for model in ("JEM", "TFM", "TTFM", "WSO", "unknown")
            if models[model] or model in {"JEM", "TFM", "WSO"}
        },
        "by_state": dict(sorted(Counter(row.state for row in rows).items())),
        "by_state_and_model": {state: dict(sorted(counts.items())) for state, counts in sorted(by_state.items())},
    }
