"""A save worked out before the lock is taken: it stands where nobody changed the application; else it is done again."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm.exc import StaleDataError

from assistant.errors import NotFoundError
from assistant.services.application import applications, history
from assistant.services.application.saving import ChangedSinceError, save_optimistically
from assistant.storage.database import LATER
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.storage.tables import Application
    from tests.storage.conftest import Store


def read(store: Store, session: Session, public_id: UUID) -> Application:
    session.connection(execution_options={LATER: True})
    application = applications.get(session, store.agency_id, public_id)
    session.commit()
    return application


def save(session: Session, application: Application, path: str, text: str, *, version: int = 1) -> bool:
    return save_optimistically(
        session,
        application,
        partial(applications.save_values, session, application, {path: text}, version=version, now=NOW),
    )


def change_meanwhile(store: Store, public_id: UUID, path: str, text: str) -> None:
    with store.write() as session:
        other = applications.get(session, store.agency_id, public_id)
        applications.save_values(session, other, {path: text}, version=1, now=NOW)
        session.commit()


def test_it_stands_where_nobody_changed_anything(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = read(store, session, public_id)
        assert save(session, application, "signatory.title", "Chief")
        session.commit()
    with store.read() as session:
        found = applications.get(session, store.agency_id, public_id)
        assert (found.answers.signatory.title, found.version, found.history_count) == ("Chief", 2, 2)
        assert history.verify(session, found) == []


def test_what_somebody_else_saved_meanwhile_stays(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = read(store, session, public_id)
        change_meanwhile(store, public_id, "agency.county", "Sample")
        assert save(session, application, "signatory.title", "Chief")
        session.commit()
    with store.read() as session:
        found = applications.get(session, store.agency_id, public_id)
        assert (found.answers.signatory.title, found.answers.agency.county) == ("Chief", "Sample")
        assert (found.version, found.history_count) == (3, 3)
        assert history.verify(session, found) == []


def test_the_same_answer_changed_meanwhile_is_told(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = read(store, session, public_id)
        change_meanwhile(store, public_id, "signatory.title", "Marshal")
        with pytest.raises(ChangedSinceError) as told:
            save(session, application, "signatory.title", "Chief")
        assert told.value.answers.signatory.title == "Marshal"


def test_what_was_deleted_meanwhile_is_gone(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = read(store, session, public_id)
        with store.write() as other:
            applications.delete(other, applications.get(other, store.agency_id, public_id), now=NOW)
            other.commit()
        with pytest.raises(NotFoundError):
            save(session, application, "signatory.title", "Chief")


def test_a_row_read_before_a_change_is_never_written_over_it(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = read(store, session, public_id)
        change_meanwhile(store, public_id, "agency.county", "Sample")
        application.title = "Written from what was read"
        with pytest.raises(StaleDataError):
            session.flush()


def test_reading_first_keeps_nobody_waiting(sqlite_store: Store, answers: Answers) -> None:
    with sqlite_store.write() as session:
        public_id = applications.create(session, sqlite_store.agency_id, now=NOW, answers=answers).public_id
        session.commit()
    with sqlite_store.write() as session:
        session.connection(execution_options={LATER: True})
        applications.get(session, sqlite_store.agency_id, public_id)
        change_meanwhile(sqlite_store, public_id, "agency.county", "Sample")  # would wait 30 s for the lock


def test_many_at_once_lose_nothing(store: Store, public_id: UUID) -> None:
    paths = ["agency.county", "agency.phone", "signatory.title", "signatory.phone", "ice.field_office"]
    faults: list[BaseException] = []

    def work(path: str) -> None:
        try:
            for turn in range(6):
                with store.write() as session:
                    application = read(store, session, public_id)
                    save(session, application, path, f"Sample {turn}", version=application.version)
                    session.commit()
        except BaseException as fault:  # noqa: BLE001 - told by the test itself
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with store.read() as session:
        found = applications.get(session, store.agency_id, public_id)
        assert (found.version, found.history_count) == (31, 31)
        assert found.answers.agency.county == found.answers.ice.field_office == "Sample 5"
        assert history.verify(session, found) == []
