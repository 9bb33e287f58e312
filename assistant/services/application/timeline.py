"""The history as a timeline: its lines by kind and in pages, and what differs between two of its points.

A point is a line of the history: the answers as they were once that line was written. What differs between two points
is worked out from the changes that stand between them, so that no state of the answers needs to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from assistant.services.application.changes import Change
from assistant.services.application.history import HistoryEntry, open_entry
from assistant.storage.tables import HistoryRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

KINDS: dict[str, frozenset[str]] = {
    "answers": frozenset(
        {
            "started", "changed", "copied", "transferred", "started from an agreement", "opened from a file",
            "taken back",
        }
    ),
    "exports": frozenset({"exported"}),
    "approvals": frozenset(
        {
            "review asked", "review finished", "approved", "declined", "locked", "unlocked", "comment added",
            "comment resolved",
        }
    ),
    "signing": frozenset(
        {
            "signed copies added", "signed copy matched", "signed copies joined", "signed pages confirmed",
            "confirmation withdrawn", "signed copy removed",
        }
    ),
    "sending": frozenset(
        {
            "message added", "marked as sent", "message moved", "message sorted", "message removed",
            "listing decided",
        }
    ),
    "hand-over": frozenset({"handed over", "sent back", "opened from a file", "taken back", "transferred"}),
}  # fmt: skip
"""The acts of each kind of line. An act that stands nowhere here is of kind "other"."""
OTHER = "other"
ACTS_OF_ANSWERS = KINDS["answers"]
MOST_POINTS = 200
"""Points that are offered for a comparison, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """Lines of a history, the newest first; ``older`` is the number before which the next page begins, or None."""

    entries: tuple[HistoryEntry, ...]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPoint:
    """A line of the history from which, or up to which, answers are compared."""

    number: int
    act: str
    section: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs between two points: each answer once, as it was at the first and at the last.

    ``purged_at`` is when something that stood between them was erased; None: nothing was.
    """

    changes: tuple[Change, ...]
    purged_at: datetime | None


def read_page(
    session: Session, application: Application, *, kind: str = "", before: int | None = None, limit: int = 50
) -> TimelinePage:
    """Return a page of the history, newest first; ``kind`` "": of every kind."""
    statement = select(HistoryRow).where(HistoryRow.application_id == application.id)
    if kind:
        statement = statement.where(_is_of_kind(kind))
    if before is not None:
        statement = statement.where(HistoryRow.number < before)
    rows = list(session.scalars(statement.order_by(HistoryRow.number.desc()).limit(limit + 1)))
    older = rows[limit - 1].number if len(rows) > limit else None
    return TimelinePage(entries=tuple(open_entry(row) for row in rows[:limit]), older=older)


def count_kinds(session: Session, application: Application) -> dict[str, int]:
    """Return how many lines there are of each kind that has any; a line may be of two kinds."""
    acts = select(HistoryRow.act, func.count().label("lines")).where(HistoryRow.application_id == application.id)
    counts: dict[str, int] = {row.act: row.lines for row in session.execute(acts.group_by(HistoryRow.act))}
    kinds = {kind: sum(counts.get(act, 0) for act in acts) for kind, acts in KINDS.items()}
    acts_of_kinds = frozenset().union(*KINDS.values())
    kinds[OTHER] = sum(count for act, count in counts.items() if act not in acts_of_kinds)
    return {kind: count for kind, count in kinds.items() if count}


def _is_of_kind(kind: str) -> ColumnElement[bool]:
    if kind == OTHER:
        return HistoryRow.act.not_in(frozenset().union(*KINDS.values()))
    return HistoryRow.act.in_(KINDS[kind])


def points_of(session: Session, application: Application) -> list[HistoryPoint]:
    """Return the points between which answers can be compared, newest first: each save and each export."""
    columns = select(HistoryRow.number, HistoryRow.act, HistoryRow.section, HistoryRow.at)
    is_point = HistoryRow.act.in_(ACTS_OF_ANSWERS | KINDS["exports"])
    query = columns.where(HistoryRow.application_id == application.id, is_point)
    rows = session.execute(query.order_by(HistoryRow.number.desc()).limit(MOST_POINTS)).mappings()
    return [HistoryPoint(**row) for row in rows]


def compare_points(session: Session, application: Application, first: int, last: int) -> Comparison:
    """Return what differs between the answers after line ``first`` (0: before all) and those after line ``last``."""
    statement = select(HistoryRow).where(
        HistoryRow.application_id == application.id,
        HistoryRow.number > first,
        HistoryRow.number <= last,
        HistoryRow.act.in_(ACTS_OF_ANSWERS) | HistoryRow.purged_at.is_not(None),
    )
    entries = [open_entry(row) for row in session.scalars(statement.order_by(HistoryRow.number))]
    purges = [entry.purged_at for entry in entries if entry.purged_at is not None]
    changes = fold_changes(change for entry in entries for change in entry.changes)
    return Comparison(changes=changes, purged_at=max(purges, default=None))


def fold_changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return one change for each path, from what was there first to what was there last; what came back is none."""
    by_path: dict[str, Change] = {}
    for change in changes:
        earlier = by_path.get(change.path)
        before = earlier.before if earlier else change.before
        by_path[change.path] = Change(path=change.path, before=before, after=change.after)
    return tuple(change for change in by_path.values() if change.before != change.after)
