"""How a change of the answers is stored: read again under a lock, merged with what others changed, written once.

Two people may work in one application. A save names the version its page was made from; it is refused only when
somebody else has changed *the same answers* since (for ``save``: anything at all). So the sections, and the
nominees one by one, can be filled in by different people at the same time, and nobody's work is overwritten.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from assistant.answers import to_document
from assistant.errors import NotFoundError, StaleError
from assistant.services.application.changes import compare
from assistant.services.application.history import record
from assistant.services.application.locks import refuse_locked
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.services.application.changes import Change

T = TypeVar("T")
_LOCKED = "locked"  # where a session keeps which application it has locked, and in which transaction
EARLIEST_SAVE = datetime(2025, 2, 12, tzinfo=UTC)
"""The revision date of the oldest form that is filled: no application can have been saved before."""


class ChangedSinceError(StaleError):
    """Somebody else changed the same answers: ``paths`` says which, ``answers`` and ``version`` what is stored."""

    def __init__(self, answers: Answers, version: int, paths: tuple[str, ...]) -> None:
        """Keep what is stored, so that a page can show it beside what was typed."""
        super().__init__("Someone else changed this while you were working. Compare both versions and save again.")
        self.answers = answers
        self.version = version
        self.paths = paths


def lock(session: Session, application: Application) -> None:
    """Read the application again as it is now stored, and keep others from changing it until the commit.

    Where it was read so in this very transaction, nothing is to be done.

    Raises:
        NotFoundError: it has been deleted in the meantime.
    """
    if session.info.get(_LOCKED) == _here(session, application):
        return
    statement = select(Application).where(Application.id == application.id).with_for_update()
    session.scalars(statement.execution_options(populate_existing=True)).one()
    _note_lock(session, application)
    if application.deleted_at is not None:
        raise NotFoundError("This application has been deleted. Choose one from the list.")


def _note_lock(session: Session, application: Application) -> None:
    """Note that this transaction needs no other look at an application: it is locked, or the save itself looks."""
    session.info[_LOCKED] = _here(session, application)


def _here(session: Session, application: Application) -> tuple[int, object]:
    return application.id, session.get_transaction()


def save_optimistically(session: Session, application: Application, save: Callable[[], T]) -> T:
    """Return what ``save`` returns, run on the application as it was read; call it when the reading is committed.

    So nobody else waits while it is worked out what to write: SQLite has one lock for the whole database. Where
    somebody has changed the application since it was read, all is done again under the lock.
    """
    session.begin()
    _note_lock(session, application)
    try:
        return save()
    except StaleDataError:
        session.rollback()
        lock(session, application)
        return save()


def store(
    session: Session,
    application: Application,
    answers: Answers,
    ids: Sequence[str],
    *,
    conflicts: Callable[[Sequence[Change]], Sequence[str]],
    section: str,
    act: str = "changed",
    now: datetime,
) -> tuple[Change, ...]:
    """Write other answers to a locked application, and its history; return what changed (nothing: nothing is written).

    ``conflicts`` returns the changed paths that somebody else has changed since.

    Raises:
        ChangedSinceError: there are such paths.
        LockedApplicationError: the application is locked for changes.
    """
    changes = compare(application.answers, application.nominee_ids, answers, ids)
    if not changes:
        return ()
    refuse_locked(session, application)
    paths = tuple(conflicts(changes))
    if paths:
        raise ChangedSinceError(application.answers, application.version, paths)
    application.version += 1
    changed_ids = {change.nominee_id for change in changes}
    versions = dict(application.nominee_marks)
    set_answers(application, answers, [(i, application.version if i in changed_ids else versions[i]) for i in ids])
    stamps = {change.path: application.version for change in changes if change.nominee_id is None}
    application.stamps = {**application.stamps, **stamps}
    application.updated_at = moment_of_save(application.updated_at, now)
    application.future_noticed_at = None
    record(session, application, act, changes, section=section, now=now)
    session.flush()
    return changes


def moment_of_save(before: datetime, now: datetime) -> datetime:
    """Return when an application counts as last changed by a save at ``now``; ``before`` is what counted until then.

    That is now, also where an earlier save was made under a clock that ran ahead: else a clock that was once years
    ahead would keep the data out of every purge until then. A clock that stands before the program began was reset,
    and says nothing.
    """
    return max(before, now.astimezone(UTC)) if now < EARLIEST_SAVE else now.astimezone(UTC)


def set_answers(application: Application, answers: Answers, marks: Sequence[tuple[str, int]]) -> None:
    """Set the answers and all that is derived from them."""
    application.document = json.dumps(to_document(answers), ensure_ascii=False, separators=(",", ":"))
    application.remember(answers)
    application.title = answers.agency.legal_name or ""
    application.models = list(answers.models)
    application.nominee_marks = [list(mark) for mark in marks]
    application.nominee_count = len(marks)
