"""What a request works with: its database session, the agency it works for, the clock.

One session a request; one that only reads for GET, so that the database itself refuses a change there. A view
commits once, through ``commit``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from uuid import UUID

from flask import current_app, g, request

from assistant.services.accounts.roles import Permission
from assistant.services.application import applications, page_drafts
from assistant.services.jobs.orders import JobOrder
from assistant.storage.database import LATER
from assistant.storage.tables import LOCAL, set_actor
from assistant.web.kit.practice import note_application

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from assistant.config import Config
    from assistant.services.accounts.roles import SignedInPerson
    from assistant.services.jobs.place import JobPlace
    from assistant.storage.sealing import Keyring
    from assistant.storage.tables import Application

OWN_DRAFT, OFFERED_DRAFT = "page_draft", "offered_draft"
"""The hidden fields with the id under which a page keeps what is typed, and with those of the drafts it offers."""
MAX_IDS = 20
READS_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})


PageContext: TypeAlias = dict[str, object]
"""What the template of a page is given, by the names that it uses."""
UrlValues: TypeAlias = dict[str, Any]
"""The parts of an address and of its query by name, as ``url_for`` takes them: ids, texts, numbers."""


class Parts:
    """What ``create_app`` joined: kept once on the app, asked for in every request."""

    def __init__(
        self,
        *,
        config: Config,
        engine: Engine,
        keyring: Keyring,
        writer: sessionmaker[Session],
        reader: sessionmaker[Session],
        agency_id: int,
        clock: Callable[[], datetime],
        log: Any,
        jobs: JobPlace,
    ) -> None:
        """Keep the parts."""
        self.config, self.engine, self.keyring = config, engine, keyring
        self.writer, self.reader = writer, reader
        self.agency_id, self.clock, self.log = agency_id, clock, log
        self.jobs = jobs


def parts() -> Parts:
    """Return the parts of the running app."""
    return cast("Parts", current_app.extensions["assistant"])


def db() -> Session:
    """Return the session of this request, opened on first use."""
    if "db" not in g:
        reads_only = request.method in READS_ONLY or g.get("reads_only")
        factory = parts().reader if reads_only else parts().writer
        g.db = factory()
    session = cast("Session", g.db)
    set_actor(session, who())  # each time: a request finds out who signed in through this very session
    return session


def commit() -> None:
    """Commit what this request has changed.

    Raises:
        RuntimeError: the request did not prove that it comes from our own page; a view must have seen to it.
    """
    if g.get("csrf_failed"):
        raise RuntimeError("A request without a valid token must change nothing.")
    _discard_saved_drafts()
    db().commit()


def page_owner() -> page_drafts.DraftOwner | None:
    """Return what the page of this request belongs to, an application or the map of a form; None for other pages."""
    ids = request.view_args or {}
    if ids.get("application_id"):
        return page_drafts.DraftOwner(agency_id=agency_id(), who=draft_author(), application=ids["application_id"])
    if ids.get("draft_id"):
        return page_drafts.DraftOwner(agency_id=agency_id(), who=draft_author(), form_map=ids["draft_id"])
    return None


def ids_in_form(*names: str) -> list[UUID]:
    """Return the ids that hidden fields of these names hold; what is no id is passed over."""
    texts = [text for name in names for text in request.form.getlist(name)[:MAX_IDS]]
    return [UUID(text) for text in texts if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)]


def _discard_saved_drafts() -> None:
    """Let go of the drafts of a page that is being saved: its own, and those that it offered."""
    owner, ids = page_owner(), ids_in_form(OWN_DRAFT, OFFERED_DRAFT)
    if owner is None or not ids:
        return
    page_drafts.discard_saved_drafts(db(), owner, ids)


def order_job(kind: str, subject: UUID) -> None:
    """Have a job done for the person and the agency of this request, once ``commit`` has stored what it is about."""
    parts().jobs.take_order(db(), JobOrder(kind=kind, agency_id=agency_id(), subject=subject, who=who()))


def begin_read_only() -> None:
    """Let this request read without a lock, though it may write: until ``begin_write``."""
    if request.method not in READS_ONLY:
        db().connection(execution_options={LATER: True})


def begin_write() -> None:
    """End the reading; what was read stays as it was, and the next statement begins a transaction that writes."""
    db().commit()


def agency_id() -> int:
    """Return the agency this request works for: the local one, or where the installation is shared the person's."""
    if parts().config.mode == "single":
        return parts().agency_id
    signed_in = person()
    return signed_in.agency_id if signed_in is not None else cast("int", g.get("drafts_of_agency", 0))


def person() -> SignedInPerson | None:
    """Return the person who is signed in; None in single mode, and before sign-in."""
    return cast("SignedInPerson | None", g.get("person"))


def who() -> str:
    """Return who acts, as the history names them: the person's public id, or "local" without accounts."""
    signed_in = person()
    return LOCAL if signed_in is None else str(signed_in.public_id)


def draft_author() -> str:
    """Return who types: the person's public id, also while the sign-in is open for too long; "" without accounts."""
    return str(g.get("drafts_of_person") or who()) if is_shared() else ""


def is_shared() -> bool:
    """Say whether the installation is shared, so that people sign in."""
    return parts().config.mode == "shared"


def has_job_queue() -> bool:
    """Say whether long work waits in a queue for ``moa worker``."""
    return parts().config.jobs == "queue"


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
        PracticeError: it is for practice, and has no such page.
    """
    application = applications.get(db(), agency_id(), application_id)
    note_application(application)
    return application


def close_sessions(app: Flask) -> None:
    """Close the session of each request; what was not committed is dropped."""

    @app.teardown_request
    def close(_: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()


def register_template_helpers(app: Flask) -> None:
    """Let every page ask who is signed in and what they may do; without accounts, everything."""

    def may(permission: str) -> bool:
        signed_in = person()
        return not is_shared() if signed_in is None else signed_in.may(Permission(permission))

    app.jinja_env.globals.update(signed_in_person=person, is_shared=is_shared, may=may, has_job_queue=has_job_queue)
