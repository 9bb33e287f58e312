"""Which names on ICE's lists are the agency's, as a person said. Stored by the numbers of the rows, which name nobody.

The decision lies in the application's ``progress``: a row of the lists keeps its number when ICE renames the agency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import NotFoundError
from assistant.services.application.history import record
from assistant.services.application.saving import lock
from assistant.services.published_lists.agency_status import AgencyStatus, agency_status

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

LISTED_AS = "listed_as"
"""The key in ``progress``."""


def status_of_application(session: Session, application: Application) -> AgencyStatus:
    """Return what the lists say of an application's agency, under the names that a person chose."""
    return agency_status(session, application.answers, decided_ids=decided_ids(application))


def decided_ids(application: Application) -> tuple[int, ...] | None:
    """Return the rows of the lists that a person took for the agency's; None where nobody decided."""
    numbers = application.progress.get(LISTED_AS)
    return None if numbers is None else tuple(numbers)


def decide_listing(session: Session, application: Application, numbers: Collection[int], *, now: datetime) -> None:
    """Take the names of some rows of the lists for the agency's; no number says that none of the names is.

    Raises:
        NotFoundError: a row is not under one of the names that are shown to be decided.
    """
    lock(session, application)
    status = status_of_application(session, application)
    names = [one for one in (*status.own, *status.possible) if set(one.ids) & set(numbers)]
    ids = sorted({number for one in names for number in one.ids})
    if not set(numbers) <= set(ids):
        raise NotFoundError("This name is no longer on the lists. Choose from those shown.")
    _store(session, application, ids, now=now)


def undo_decision(session: Session, application: Application, *, now: datetime) -> None:
    """Forget what a person said, so that only a name that is surely the agency's counts."""
    lock(session, application)
    _store(session, application, None, now=now)


def _store(session: Session, application: Application, ids: list[int] | None, *, now: datetime) -> None:
    if application.progress.get(LISTED_AS) == ids:
        return
    rest = {name: value for name, value in application.progress.items() if name != LISTED_AS}
    application.progress = rest if ids is None else {**rest, LISTED_AS: ids}
    record(session, application, "listing decided", section="status", now=now, facts={"listings": ids or []})
    session.flush()
