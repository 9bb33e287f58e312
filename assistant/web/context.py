"""What a request has at hand: its database session, the agency it works for, the clock.

One session a request; one that only reads for GET, so that the database itself refuses a change there. A view
commits once, through ``commit``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from assistant.db import LATER
from assistant.services import applications

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from assistant.config import Config
    from assistant.tables import Application

READS_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})


class Parts:
    """What ``create_app`` joined: kept once on the app, asked for in every request."""

    def __init__(
        self,
        *,
        config: Config,
        engine: Engine,
        writer: sessionmaker[Session],
        reader: sessionmaker[Session],
        agency_id: int,
        clock: Callable[[], datetime],
    ) -> None:
        """Keep the parts."""
        self.config, self.engine = config, engine
        self.writer, self.reader = writer, reader
        self.agency_id, self.clock = agency_id, clock


def parts() -> Parts:
    """Return the parts of the running app."""
    return cast("Parts", current_app.extensions["assistant"])


def db() -> Session:
    """Return the session of this request, opened on first use."""
    if "db" not in g:
        factory = parts().reader if request.method in READS_ONLY else parts().writer
        g.db = factory()
    return cast("Session", g.db)


def commit() -> None:
    """Commit what this request has changed.

    Raises:
        RuntimeError: the request did not prove that it comes from our own page; a view must have seen to it.
    """
    if g.get("unproven"):
        raise RuntimeError("A request without a valid token must change nothing.")
    db().commit()


def read_first() -> None:
    """Let this request read without a lock, though it may write: until ``end_reading``."""
    if request.method not in READS_ONLY:
        db().connection(execution_options={LATER: True})


def end_reading() -> None:
    """End the reading; what was read stays as it was, and the next statement begins a transaction that writes."""
    db().commit()


def agency_id() -> int:
    """Return the agency this request works for: today the one local agency."""
    return parts().agency_id


def now() -> datetime:
    """Return the moment of this request."""
    if "now" not in g:
        g.now = parts().clock()
    return cast("datetime", g.now)


def today() -> date:
    """Return the day of this request where the server stands."""
    return now().astimezone().date()


def utc_clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def application_of(application_id: UUID) -> Application:
    """Return the agency's application.

    Raises:
        NotFoundError: there is none, or it is another agency's.
    """
    return applications.get(db(), agency_id(), application_id)


def close_sessions(app: Flask) -> None:
    """Close the session of each request; what was not committed is dropped."""

    @app.teardown_request
    def close(_: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()
