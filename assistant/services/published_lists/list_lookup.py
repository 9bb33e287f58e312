"""What the loaded lists say of an agency and of those around it. Public data: the same for every agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from assistant.program.agency_listing import AgencyListing, bare_name
from assistant.program.states_and_counties import fold_county, state_code
from assistant.services.published_lists.listings import find
from assistant.storage.listing_tables import ListedAgreement, ListImport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.answers import Answers

MOST = 2_000  # agreements of one State; the fullest has some 350


def listed_for(session: Session, answers: Answers) -> tuple[AgencyListing, ...]:
    """Return the listed agreements of agencies named like this one, in its State; the likeliest first.

    Nothing where the name or the State is not known yet, or no list is loaded.
    """
    name, state = answers.agency.legal_name, state_code(answers.agency.state)
    return find_listed(session, name, state=state) if name and state else ()


def find_listed(
    session: Session, name: str, *, state: str | None = None, limit: int = 20, everyday: bool = False
) -> tuple[AgencyListing, ...]:
    """Return the listed agreements of agencies with a name like this one, the likeliest first; see ``find``."""
    days = as_of(session)
    if not days:
        return ()
    return tuple(
        AgencyListing(
            agency=match.agency,
            state=match.state,
            county=match.county,
            model=match.model,
            signed=match.signed,
            moa_url=match.moa_url,
            status=match.status,
            match=match.match,
            as_of=days[match.status],
            listing_id=match.listing_id,
        )
        for match in find(session, bare_name(name), state=state, limit=limit, everyday=everyday)
    )


def as_of(session: Session) -> dict[str, date]:
    """Return the day that the last list of each kind speaks of."""
    return {row.kind: row.as_of for row in session.execute(_NEWEST_DAYS)}


# Built once: every page of the wizard asks so.
_NEWEST = (
    select(ListImport)
    .where(ListImport.id.in_(select(func.max(ListImport.id)).group_by(ListImport.kind)))
    .order_by(ListImport.kind)
)
_NEWEST_DAYS = _NEWEST.with_only_columns(ListImport.kind, ListImport.as_of)


def newest_imports(session: Session) -> Sequence[ListImport]:
    """Return the last load of each kind of list."""
    return session.scalars(_NEWEST).all()


def imports(session: Session, *, limit: int = 50) -> Sequence[ListImport]:
    """Return the loads of lists, the last one first."""
    return session.scalars(select(ListImport).order_by(ListImport.id.desc()).limit(limit)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbors:
    """The agencies of a State that take part: how many by kind and model, and those of one county."""

    counts: dict[str, dict[str, int]]
    """By kind ("county", "municipality", "state" …, "" where the list names none) and model."""
    same_county: tuple[ListedAgreement, ...]

    def of_model(self, model: str) -> int:
        """Return how many agreements of a model there are."""
        return sum(models.get(model, 0) for models in self.counts.values())


def neighbors(session: Session, state: str, county: str | None) -> Neighbors:
    """Return the agencies of a State that take part, pending ones left out."""
    rows = [row for row in in_state(session, state) if row.kind == "participating"]
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        models = counts.setdefault(row.agency_kind or "", {})
        models[row.model or ""] = models.get(row.model or "", 0) + 1
    name = fold_county(county) if county else ""
    own = tuple(row for row in rows if name and fold_county(row.county or "") == name)
    return Neighbors(counts=dict(sorted(counts.items())), same_county=own)


def in_state(session: Session, state: str, county: str | None = None) -> list[ListedAgreement]:
    """Return the listed agreements of a State, pending ones too, or of one county of it, by agency and model."""
    rows = session.scalars(
        select(ListedAgreement)
        .where(ListedAgreement.state == state, ListedAgreement.removed_id.is_(None))
        .order_by(ListedAgreement.agency, ListedAgreement.model, ListedAgreement.id)
        .limit(MOST)
    )
    county_name = fold_county(county) if county else ""
    return [row for row in rows if not county_name or fold_county(row.county or "") == county_name]
