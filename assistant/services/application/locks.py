"""Locks of applications: while one stands, no answer is changed. A purge of nominee data goes on all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.errors import LockedApplicationError
from assistant.services.application.history import record
from assistant.storage.approval_tables import ApplicationLockRow
from assistant.storage.tables import actor_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

SECTION = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLock:
    """A lock that stands: who locked the application (public id), and when."""

    who: str
    at: datetime


def find_lock(session: Session, application: Application) -> ApplicationLock | None:
    """Return the lock that stands on an application; None where it can be changed."""
    row = _standing_row(session, application)
    return None if row is None else ApplicationLock(who=row.who, at=row.at)


def refuse_locked(session: Session, application: Application) -> None:
    """Refuse a change of an application that is locked.

    Raises:
        LockedApplicationError: it is.
    """
    if _standing_row(session, application) is not None:
        raise LockedApplicationError


def add_lock(session: Session, application: Application, *, now: datetime) -> bool:
    """Lock an application, which the caller has read under ``saving.lock``; False where it is locked already."""
    if _standing_row(session, application) is not None:
        return False
    session.add(ApplicationLockRow(application_id=application.id, who=actor_of(session), at=now))
    record(session, application, "locked", section=SECTION, now=now)
    session.flush()
    return True


def end_lock(session: Session, application: Application, *, now: datetime) -> bool:
    """Unlock an application, which the caller has read under ``saving.lock``; False where it is not locked."""
    row = _standing_row(session, application)
    if row is None:
        return False
    row.ended_by, row.ended_at = actor_of(session), now
    record(session, application, "unlocked", section=SECTION, now=now)
    session.flush()
    return True


def _standing_row(session: Session, application: Application) -> ApplicationLockRow | None:
    standing = select(ApplicationLockRow).where(
        ApplicationLockRow.application_id == application.id, ApplicationLockRow.ended_at.is_(None)
    )
    return session.scalars(standing.limit(1)).one_or_none()
