"""How long agencies waited between pending and signed, counted from the loaded lists: a range with its number.

Counted is every agreement that one list names as pending and a later one as signed: the days from the first list that
named it as pending to the day of signing. Those that still wait are not counted, so long waits are rarer here than they
are; and what the first pending list named may have been pending before, so its days are the least.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.storage.listing_tables import ListedAgreement, ListImport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

ENOUGH = 10
"""Agreements of one model from which its own range is given; below, that of all models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRange:
    """Days from pending to signed. ``model`` is None where all models are counted together.

    ``began_before``: of ``count``, those that the first pending list named already. ``left_out``: pending and signed,
    but dated before the list that named them as pending. ``still_pending`` wait and are not counted.
    """

    model: str | None
    count: int
    shortest: int
    longest: int
    lower_quarter: int
    middle: int
    upper_quarter: int
    began_before: int
    left_out: int
    still_pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    model: str
    days: int
    began_before: bool


def usual_wait(session: Session, model: str) -> WaitRange | None:
    """Return the range of a model, that of all models where it has too few; None where no list tells a single wait."""
    days = {load.id: load.as_of for load in session.scalars(select(ListImport))}
    rows = session.scalars(select(ListedAgreement).order_by(ListedAgreement.id)).all()
    waits = _waits(rows, days)
    of_model = [wait for wait in waits if wait.model == model]
    counted = of_model if sum(wait.days >= 0 for wait in of_model) >= ENOUGH else waits
    waiting = [row for row in rows if row.kind == "pending" and row.removed_id is None]
    still_pending = sum(counted is waits or row.model == model for row in waiting)
    return _range_of(counted, None if counted is waits else model, still_pending)


def _waits(rows: Sequence[ListedAgreement], days: dict[int, date]) -> list[_Wait]:
    """Return every agreement that was pending on one list and signed on a later one; negative days are not left out."""
    first_pending = min((row.first_seen_id for row in rows if row.kind == "pending"), default=0)
    pending: dict[str, ListedAgreement] = {}
    for row in rows:
        if row.kind == "pending" and row.model:
            before = pending.get(row.key)
            if before is None or days[row.first_seen_id] < days[before.first_seen_id]:
                pending[row.key] = row
    waits: dict[str, _Wait] = {}
    for row in rows:
        start = pending.get(row.key)
        if row.kind != "participating" or start is None or row.signed is None:
            continue
        began = days[start.first_seen_id]
        if days[row.first_seen_id] <= began:
            continue  # listed as signed before, or on the same day: no later list
        wait = _Wait(
            model=str(row.model), days=(row.signed - began).days, began_before=start.first_seen_id == first_pending
        )
        best = waits.get(row.key)
        if best is None or best.days < 0 <= wait.days or 0 <= wait.days < best.days:
            waits[row.key] = wait
    return list(waits.values())


def _range_of(waits: Sequence[_Wait], model: str | None, still_pending: int) -> WaitRange | None:
    counted = sorted(wait.days for wait in waits if wait.days >= 0)
    if not counted:
        return None
    lower, middle, upper = quantiles(counted, n=4, method="inclusive") if len(counted) > 1 else counted * 3
    return WaitRange(
        model=model,
        count=len(counted),
        shortest=counted[0],
        longest=counted[-1],
        lower_quarter=round(lower),
        middle=round(middle),
        upper_quarter=round(upper),
        began_before=sum(wait.began_before for wait in waits if wait.days >= 0),
        left_out=sum(wait.days < 0 for wait in waits),
        still_pending=still_pending,
    )
