"""What ICE's lists say of an agency over time, model by model: pending since, signed on, posted, gone from the list.

A name on a list is taken for the agency only where it surely is, or where a person said so; every other name like it is
shown to be decided. A list never says that an agreement was approved, so nothing here says it either.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from assistant.agencies import likeness
from assistant.agencies.names import key_name, spelled_out, words_apart
from assistant.agencies.search import is_of_another_kind
from assistant.program.agency_listing import SURELY, bare_name
from assistant.program.states_and_counties import fold_county, may_be_same_county, state_code
from assistant.services.published_lists.listings import LEAST_MATCH
from assistant.storage.listing_tables import ListedAgreement, ListImport

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.answers import Agency, Answers, Model

ListStatus = Literal["participating", "pending", "gone", "no-longer-pending", "not-listed"]
NameCertainty = Literal["sure", "confirmed"]
MOST_POSSIBLE = 8
"""How many names like the agency's are shown to be decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSummary:
    """The last list of a kind that is loaded, and how many were loaded."""

    kind: str
    as_of: date
    file: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """A name on the lists in the agency's State; ``ids`` are those of its rows, ``match`` how alike it is, up to 1.

    ``doubt`` says in a sentence what speaks against it, "" where nothing does.
    """

    ids: tuple[int, ...]
    agency: str
    county: str | None
    kind: str | None
    models: tuple[str, ...]
    match: float
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """What the lists say of one model. Days are None where no list tells them.

    ``pending_since`` is the day of the first list that named it as pending, ``since_first_list`` says that this was the
    first pending list loaded, so that it may have been pending before. ``gone_on`` is the day of the first list that no
    longer named it. ``as_of`` is the day of the list that says the status.
    """

    model: Model
    status: ListStatus
    agency: str | None = None
    pending_since: date | None = None
    since_first_list: bool = False
    signed: date | None = None
    moa_url: str | None = None
    addendum_url: str | None = None
    gone_on: date | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyStatus:
    """What the loaded lists say of an agency. ``own`` are the names taken for it, ``possible`` those to be decided."""

    lists: tuple[ListSummary, ...]
    models: tuple[ModelStatus, ...]
    own: tuple[ListedName, ...]
    sureness: NameCertainty | None
    """None where no name is taken for the agency."""
    possible: tuple[ListedName, ...]
    is_decided: bool
    """Whether a person has said which names are the agency's, or that none is."""


def agency_status(session: Session, answers: Answers, *, decided_ids: Collection[int] | None = None) -> AgencyStatus:
    """Return what the lists say of an agency and its models.

    ``decided_ids`` are rows that a person took for the agency's, empty for none of them; None where nobody decided.
    """
    loads = session.scalars(select(ListImport).order_by(ListImport.id)).all()
    name, state = answers.agency.legal_name, state_code(answers.agency.state)
    rows = _rows_of(session, state) if name and state else []
    names = [
        replace(one, doubt=_doubt_about(one, answers.agency))
        for one in _names_of(rows, bare_name(name or ""), decided_ids or ())
    ]
    own, sureness = _own_names(names, decided_ids)
    own_ids = {number for one in own for number in one.ids}
    own_rows = [row for row in rows if row.id in own_ids]
    return AgencyStatus(
        lists=tuple(_loaded_lists(loads)),
        models=tuple(_status_of(model, own_rows, loads) for model in answers.models),
        own=own,
        sureness=sureness,
        possible=tuple(one for one in names if one not in own and one.match >= LEAST_MATCH)[:MOST_POSSIBLE],
        is_decided=decided_ids is not None,
    )


def ids_of_name(session: Session, name: str, state: str) -> tuple[int, ...]:
    """Return the rows of the lists with a name in a State, whatever its quotes and capitals; () where there is none."""
    return tuple(row.id for row in _rows_of(session, state) if key_name(row.agency) == key_name(name))


def _rows_of(session: Session, state: str | None) -> Sequence[ListedAgreement]:
    query = select(ListedAgreement).where(ListedAgreement.state == state)
    return session.scalars(query.order_by(ListedAgreement.id)).all()


def _names_of(rows: Iterable[ListedAgreement], name: str, decided_ids: Collection[int]) -> list[ListedName]:
    """Return the names on the lists that are like the agency's, or that a person chose, the likeliest first."""
    groups: dict[tuple[str, str], list[ListedAgreement]] = defaultdict(list)
    for row in rows:
        groups[key_name(row.agency), fold_county(row.county or "")].append(row)
    names = []
    for group in groups.values():
        last = group[-1]
        match = likeness(name, last.agency)
        ids = tuple(row.id for row in group)
        if match >= LEAST_MATCH or set(ids) & set(decided_ids):
            models = tuple(sorted({row.model for row in group if row.model}))
            kind = next((row.agency_kind for row in reversed(group) if row.agency_kind), None)
            names.append(
                ListedName(
                    ids=ids, agency=last.agency, county=last.county, kind=kind, models=models, match=round(match, 2)
                )
            )
    return sorted(names, key=lambda one: (-one.match, one.agency, one.county or ""))


def _own_names(
    names: Sequence[ListedName], decided_ids: Collection[int] | None
) -> tuple[tuple[ListedName, ...], NameCertainty | None]:
    if decided_ids is not None:
        own = tuple(one for one in names if set(one.ids) & set(decided_ids))
        return own, "confirmed" if own else None
    alike = [one for one in names if one.match >= SURELY and not one.doubt]
    same = [one for one in alike if one.match == 1] or alike
    counties = {fold_county(one.county) for one in same if one.county}
    # Two names that are each like the agency's, or one name in two counties: a person has to say which is meant.
    if not same or len({spelled_out(one.agency) for one in same}) > 1 or len(counties) > 1:
        return (), None
    return tuple(same), "sure"


def _doubt_about(name: ListedName, agency: Agency) -> str:
    """Return what speaks against a name: another county, or another kind of agency; "" for nothing."""
    if not may_be_same_county(agency.county, name.county):
        return f"The list puts it in {name.county}. Your answers say {agency.county}."
    if agency.kind and name.kind and agency.kind != name.kind:
        return f"The list gives the type {name.kind}. Your answers say {agency.kind}."
    if is_of_another_kind(agency.legal_name or "", name.agency):
        return "By its name it is another kind of agency."
    if apart := words_apart(bare_name(agency.legal_name or ""), bare_name(name.agency)):
        return f"Only one of the two names has the word {' and the word '.join(apart)}."
    return ""


def _status_of(model: Model, rows: Sequence[ListedAgreement], loads: Sequence[ListImport]) -> ModelStatus:
    days = {load.id: load.as_of for load in loads}
    last = {load.kind: load.as_of for load in loads}
    first = {load.kind: load.id for load in reversed(loads)}
    of_model = [row for row in rows if row.model == model]
    signed_rows = [row for row in of_model if row.kind == "participating"]
    pending_rows = [row for row in of_model if row.kind == "pending"]
    current = [row for row in signed_rows if row.removed_id is None]
    waiting = [row for row in pending_rows if row.removed_id is None]
    earliest = min(waiting or pending_rows, key=lambda row: days[row.first_seen_id], default=None)
    pending_since = days[earliest.first_seen_id] if earliest else None
    since_first_list = bool(earliest and earliest.first_seen_id == first["pending"])
    listed_row = max(current or signed_rows, key=lambda row: (row.signed is not None, row.signed, row.id), default=None)
    status: ListStatus = "not-listed"
    row = listed_row or earliest
    if current:
        status = "participating"
    elif waiting:
        status, row = "pending", earliest
    elif signed_rows:
        status = "gone"
    elif pending_rows:
        status = "no-longer-pending"
    if row is None:
        return ModelStatus(model=model, status=status)
    is_signed = row.kind == "participating"
    return ModelStatus(
        model=model,
        status=status,
        agency=row.agency,
        pending_since=pending_since,
        since_first_list=since_first_list,
        signed=row.signed if is_signed else None,
        moa_url=row.moa_url if is_signed else None,
        addendum_url=row.addendum_url if is_signed else None,
        gone_on=days[row.removed_id] if row.removed_id else None,
        as_of=last[row.kind],
    )


def _loaded_lists(loads: Sequence[ListImport]) -> list[ListSummary]:
    by_kind: dict[str, list[ListImport]] = defaultdict(list)
    for load in loads:
        by_kind[load.kind].append(load)
    return [
        ListSummary(kind=kind, as_of=of_kind[-1].as_of, file=of_kind[-1].file_name, count=len(of_kind))
        for kind, of_kind in sorted(by_kind.items())
    ]
