"""Applications: start, list, open, save, copy, transfer, delete. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from assistant.answers import Answers, parse, with_path
from assistant.services.application.changes import Change, compare, without_nominees
from assistant.services.application.editions import begun_with
from assistant.services.application.erase_discussion import drop_discussion
from assistant.services.application.erase_files import erase_copies_and_messages
from assistant.services.application.history import erase_all, record
from assistant.services.application.locks import find_lock, refuse_locked
from assistant.services.application.nominees import ids_for, new_ids
from assistant.services.application.page_drafts import drop_drafts
from assistant.services.application.practice import PRACTICE
from assistant.services.application.roll import enter
from assistant.services.application.rosters import drop
from assistant.services.application.saving import lock, set_answers, store
from assistant.services.scope import find_application, of_agency
from assistant.storage.tables import KEYRING, Application, ExportRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.editions.library import FormLibrary

EDITIONS = "editions"

COPY_OF, COPY = "copy_of", "copy"
"""Kept in ``progress``: the first application of a family of copies, and the number of the copy."""
PART_TITLE = "part_title"
"""Kept in ``progress`` of an application that holds one step alone, from a colleague's file: the step's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """One line of a list of applications; nothing of the answers but the title is opened for it."""

    public_id: UUID
    title: str
    models: tuple[str, ...]
    nominee_count: int
    progress: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    nominees_purged_at: datetime | None

    @property
    def name(self) -> str:
        """Return what it is called in a list."""
        return name_of(self.title, self.progress)


def name_of(title: str, progress: Mapping[str, Any]) -> str:
    """Return what an application is called: its agency, and which copy it is, so that copies can be distinguished."""
    number = progress.get(COPY, 0)
    marks = {0: "", 1: " (copy)"}
    part = progress.get(PART_TITLE)
    practice = " (practice)" if progress.get(PRACTICE) else ""
    part_words = f" (part: {part})" if part else ""
    return f"{title or 'New application'}{practice}{part_words}{marks.get(number, f' (copy {number})')}"


def create(
    session: Session,
    agency_id: int,
    *,
    now: datetime,
    answers: Answers | None = None,
    act: str = "started",
    nominee_ids: Sequence[str] | None = None,
) -> Application:
    """Return a new application, empty or with the answers given.

    ``nominee_ids`` are short ids for its nominees, in their order; by default each gets a new one.
    """
    answers = answers or Answers()
    application = Application(
        public_id=uuid4(),
        agency_id=agency_id,
        version=1,
        stamps={},
        progress={},
        history_count=0,
        history_head=b"",
        created_at=now,
        updated_at=now,
    )
    with session.no_autoflush:
        session.add(application)
        ids = list(nominee_ids) if nominee_ids is not None else new_ids(len(answers.nominees))
        set_answers(application, answers, [(short_id, 1) for short_id in ids])
        session.flush()
        record(session, application, act, compare(Answers(), (), answers, ids), now=now)
    enter(session, application)
    return application


def get(session: Session, agency_id: int, public_id: UUID) -> Application:
    """Return an application of this agency.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    return find_application(session, agency_id, public_id)


def list_for(session: Session, agency_id: int, *, limit: int | None = None, offset: int = 0) -> list[ApplicationRow]:
    """Return the agency's applications, last changed first: one query, whatever their number and size."""
    columns = select(
        Application.public_id,
        Application.title_sealed,
        Application.models,
        Application.nominee_count,
        Application.progress,
        Application.version,
        Application.created_at,
        Application.updated_at,
        Application.nominees_purged_at,
    )
    newest_first = of_agency(columns, agency_id).order_by(Application.updated_at.desc(), Application.id.desc())
    ring = session.info[KEYRING]
    return [
        ApplicationRow(
            public_id=row.public_id,
            title=ring.open(row.title_sealed, f"{Application.__tablename__}.title.{row.public_id.hex}"),
            models=tuple(row.models),
            nominee_count=row.nominee_count,
            progress=row.progress,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            nominees_purged_at=row.nominees_purged_at,
        )
        for row in session.execute(newest_first.limit(limit).offset(offset))
    ]


def open_several(session: Session, agency_id: int, public_ids: Sequence[UUID]) -> dict[UUID, Application]:
    """Return those of the applications of these ids that are the agency's, by id: one query, whatever their number."""
    statement = of_agency(select(Application), agency_id).where(Application.public_id.in_(public_ids))
    return {application.public_id: application for application in session.scalars(statement)}


def count_for(session: Session, agency_id: int) -> int:
    """Return how many applications the agency has."""
    return session.scalars(of_agency(select(func.count()).select_from(Application), agency_id)).one()


def save(
    session: Session,
    application: Application,
    answers: Answers,
    *,
    version: int,
    now: datetime,
    section: str = "",
) -> bool:
    """Store all answers again; say whether anything changed. Nominees keep the ids that ``nominees.ids_for`` finds.

    Raises:
        ChangedSinceError: somebody has saved since ``version``, and not the very same.
    """
    lock(session, application)
    ids = ids_for(application, answers.nominees)

    def conflicts(changes: Sequence[Change]) -> list[str]:
        return [change.path for change in changes] if version != application.version else []

    return bool(store(session, application, answers, ids, conflicts=conflicts, section=section, now=now))


def save_values(
    session: Session,
    application: Application,
    values: Mapping[str, object],
    *,
    version: int,
    now: datetime,
    section: str = "",
    library: FormLibrary | None = None,
) -> bool:
    """Store the values a page asks for, by dotted path, and leave every other answer as it is now stored.

    With ``library`` the application is pinned to the editions it begins with (``editions.begun_with``).

    Raises:
        ChangedSinceError: somebody has changed one of them since ``version``, to something else.
        AnswersError: a value is of the wrong kind, or there is no such path.
    """
    lock(session, application)
    answers = application.answers
    for path, value in values.items():
        answers = with_path(answers, path, value)
    if library is not None:
        answers = begun_with(answers, library)

    def conflicts(changes: Sequence[Change]) -> list[str]:
        paths = [change.path for change in changes if change.path != EDITIONS or EDITIONS in values]
        return [path for path in paths if application.stamps.get(path, 0) > version]

    ids = application.nominee_ids
    return bool(store(session, application, answers, ids, conflicts=conflicts, section=section, now=now))


def begin(session: Session, application: Application, library: FormLibrary, *, now: datetime) -> None:
    """Pin an application to the editions of the forms available, where it has no pin yet and is not locked."""
    if find_lock(session, application) is None and begun_with(application.answers, library) != application.answers:
        version = application.version
        save_values(session, application, {}, version=version, now=now, section=EDITIONS, library=library)


def copy(session: Session, application: Application, *, now: datetime, with_nominees: bool = True) -> Application:
    """Return a new application of the same agency with the same answers; its nominees get ids of their own."""
    answers = application.answers if with_nominees else without_nominees(application.answers)
    first = application.progress.get(COPY_OF, application.public_id.hex)
    copies = of_agency(select(Application.progress), application.agency_id)
    copies_so_far = session.scalars(copies.where(Application.progress[COPY_OF].as_string() == first))
    number = 1 + max((progress[COPY] for progress in copies_so_far), default=0)
    copied = create(session, application.agency_id, now=now, answers=answers, act="copied")
    practice = {PRACTICE: True} if application.progress.get(PRACTICE) else {}
    copied.progress = {COPY_OF: first, COPY: number, **practice}
    session.flush()
    return copied


def start_practice(session: Session, agency_id: int, *, now: datetime) -> Application:
    """Return a new application for practice, with the answers of the made-up agency that comes with the program."""
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    application = create(session, agency_id, now=now, answers=answers)
    application.progress = {PRACTICE: True}
    session.flush()
    return application


def transfer(session: Session, application: Application, agency_id: int, *, now: datetime) -> None:
    """Give an application, with its history and exports, to another agency."""
    lock(session, application)
    application.agency_id = agency_id
    application.updated_at = now
    record(session, application, "transferred", now=now)
    session.flush()


def delete(session: Session, application: Application, *, now: datetime) -> None:
    """Delete an application: answers, title, exported ZIPs, signed copies, messages and history are gone for good.

    The emptied rows stay, so that the chain of the history can still be verified. Call ``db.erase_leftovers``
    after the commit.

    Raises:
        LockedApplicationError: it is locked for changes.
    """
    lock(session, application)
    refuse_locked(session, application)
    set_answers(application, Answers(), [])
    drop(session, application)
    drop_drafts(session, application)
    erase_copies_and_messages(session, application)
    drop_discussion(session, application)
    application.stamps, application.progress = {}, {}
    application.version += 1
    application.updated_at = application.deleted_at = now
    erase_all(session, application, now=now)
    for export in session.scalars(select(ExportRow).where(ExportRow.application_id == application.id)):
        export.answers = export.review = ""
        export.bundle = None
        export.purged_at = now
    record(session, application, "deleted", now=now)
    session.flush()
    session.info[KEYRING].forget()
