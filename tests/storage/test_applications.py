from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from assistant.answers import Answers, Contact
from assistant.errors import NotFoundError
from assistant.services.application import applications, history
from assistant.services.application.saving import ChangedSinceError
from assistant.storage.tables import Application
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store


def test_answers_come_back_as_they_were(store: Store, public_id: UUID, answers: Answers) -> None:
    with store.read() as session:
        found = applications.get(session, store.agency_id, public_id)
        assert found.answers == answers
        assert found.title == "Example County Sheriff’s Office"
        assert found.created_at == NOW
        assert (found.version, found.models, found.nominee_count) == (1, ["TFM", "WSO"], 2)


def test_another_agencys_application_does_not_exist(store: Store, public_id: UUID, session: Session) -> None:
    with pytest.raises(NotFoundError) as theirs:
        applications.get(session, store.other_agency_id, public_id)
    with pytest.raises(NotFoundError) as nobodys:
        applications.get(session, store.agency_id, uuid4())
    assert str(theirs.value) == str(nobodys.value)
    assert applications.list_for(session, store.other_agency_id) == []
    assert applications.count_for(session, store.other_agency_id) == 0
    assert applications.count_for(session, store.agency_id) == 1


def test_save_stores_and_counts(store: Store, public_id: UUID, answers: Answers, session: Session) -> None:
    application = applications.get(session, store.agency_id, public_id)
    later = NOW + timedelta(hours=1)
    changed = replace(answers, models=("TFM",))
    assert applications.save(session, application, changed, version=1, now=later)
    session.commit()
    with store.read() as reading:
        found = applications.get(reading, store.agency_id, public_id)
        assert (found.answers, found.version, found.updated_at, found.models) == (changed, 2, later, ["TFM"])


def test_saving_the_same_changes_nothing(store: Store, public_id: UUID, answers: Answers, session: Session) -> None:
    application = applications.get(session, store.agency_id, public_id)
    assert not applications.save(session, application, answers, version=1, now=NOW + timedelta(hours=1))
    assert (application.version, application.updated_at, application.history_count) == (1, NOW, 1)


def test_a_stale_save_is_refused_and_says_what_is_stored(store: Store, public_id: UUID, answers: Answers) -> None:
    mine, theirs = replace(answers, models=("TFM",)), replace(answers, models=("JEM",))
    with store.write() as session:
        applications.save(session, applications.get(session, store.agency_id, public_id), theirs, version=1, now=NOW)
        session.commit()
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        with pytest.raises(ChangedSinceError) as refused:
            applications.save(session, application, mine, version=1, now=NOW)
        assert (refused.value.answers, refused.value.version, refused.value.paths) == (theirs, 2, ("models",))
        # The same page sent twice is no conflict.
        assert not applications.save(session, application, theirs, version=1, now=NOW)
    with store.read() as session:
        assert applications.get(session, store.agency_id, public_id).answers == theirs


def test_two_people_in_two_sections_keep_both_works(store: Store, public_id: UUID, answers: Answers) -> None:
    contact = Contact(full_name="Dana Lee", email="pio@ecso.example.gov")
    agency = replace(answers.agency, short_name="ECSO")
    typed = {"public_information_contact.full_name": "Dana Lee", "public_information_contact.email": contact.email}
    for values in ({"agency.short_name": "ECSO"}, typed):
        with store.write() as session:
            application = applications.get(session, store.agency_id, public_id)
            applications.save_values(session, application, values, version=1, now=NOW)
            session.commit()
    with store.read() as session:
        found = applications.get(session, store.agency_id, public_id)
        assert found.answers == replace(answers, agency=agency, public_information_contact=contact)
        assert found.version == 3


def test_two_pages_that_share_a_section_keep_both_works(store: Store, public_id: UUID, session: Session) -> None:
    application = applications.get(session, store.agency_id, public_id)
    applications.save_values(session, application, {"agency.legal_name": "One"}, version=1, now=NOW)
    applications.save_values(session, application, {"agency.operates_jail": True}, version=1, now=NOW)
    assert application.answers.agency.legal_name == "One"
    assert application.answers.agency.operates_jail is True
    with pytest.raises(ChangedSinceError) as refused:
        applications.save_values(
            session, application, {"agency.legal_name": "Two", "agency.county": "Pasco"}, version=1, now=NOW
        )
    assert refused.value.paths == ("agency.legal_name",)
    assert application.answers.agency.county is None


def test_what_another_transaction_saved_is_seen_before_writing(postgresql_store: Store, answers: Answers) -> None:
    # Only there can two transactions be open for writing at once.
    store = postgresql_store
    with store.write() as session:
        public_id = applications.create(session, store.agency_id, now=NOW, answers=answers).public_id
        session.commit()
    with store.write() as slow:
        read_early = applications.get(slow, store.agency_id, public_id)
        with store.write() as quick:
            same = applications.get(quick, store.agency_id, public_id)
            applications.save_values(quick, same, {"ice.field_office": "Miami"}, version=1, now=NOW)
            quick.commit()
        applications.save_values(slow, read_early, {"ice.opla_location": "Orlando"}, version=1, now=NOW)
        slow.commit()
    with store.read() as session:
        ice = applications.get(session, store.agency_id, public_id).answers.ice
        assert (ice.field_office, ice.opla_location) == ("Miami", "Orlando")


def test_copy_is_another_application(store: Store, public_id: UUID, answers: Answers, session: Session) -> None:
    first = applications.get(session, store.agency_id, public_id)
    second = applications.copy(session, first, now=NOW)
    third = applications.copy(session, first, now=NOW, with_nominees=False)
    assert second.public_id != first.public_id
    assert second.answers == answers
    assert not set(second.nominee_ids) & set(first.nominee_ids)
    assert third.answers == replace(answers, nominees=())
    applications.save(session, second, Answers(), version=1, now=NOW)
    assert first.answers == answers


def test_transfer_moves_everything(store: Store, public_id: UUID, session: Session) -> None:
    applications.transfer(
        session, applications.get(session, store.agency_id, public_id), store.other_agency_id, now=NOW
    )
    with pytest.raises(NotFoundError):
        applications.get(session, store.agency_id, public_id)
    found = applications.get(session, store.other_agency_id, public_id)
    assert [entry.act for entry in history.entries(session, found)] == ["transferred", "started"]
    assert history.verify(session, found) == []


def test_delete_leaves_an_empty_row_and_a_whole_history(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        applications.delete(session, application, now=NOW)
        session.commit()
        with pytest.raises(NotFoundError):
            applications.save_values(session, application, {"agency.legal_name": "Late"}, version=1, now=NOW)
    with store.write() as session:
        with pytest.raises(NotFoundError):
            applications.get(session, store.agency_id, public_id)
        assert applications.list_for(session, store.agency_id) == []
        row = session.scalars(select(Application).where(Application.public_id == public_id)).one()
        assert (row.answers, row.title, row.nominee_marks) == (Answers(), "", [])
        assert all(entry.changes == () for entry in history.entries(session, row))
        assert history.verify(session, row) == []


def test_list_is_one_query_whatever_its_length(store: Store, answers: Answers, session: Session) -> None:
    for number in range(30):
        applications.create(session, store.agency_id, now=NOW + timedelta(minutes=number), answers=answers)
    session.commit()
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with store.read() as reading:
        listed = applications.list_for(reading, store.agency_id)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 1
    assert "document_sealed" not in selects[0]
    assert len(listed) == 30
    assert [line.updated_at for line in listed] == sorted((line.updated_at for line in listed), reverse=True)
    assert (listed[0].title, listed[0].models, listed[0].nominee_count) == (
        answers.agency.legal_name,
        ("TFM", "WSO"),
        2,
    )
    with store.read() as reading:
        assert applications.list_for(reading, store.agency_id, limit=5, offset=10) == listed[10:15]


def test_copies_can_be_told_apart(store: Store, public_id: UUID, session: Session) -> None:
    first = applications.get(session, store.agency_id, public_id)
    second = applications.copy(session, first, now=NOW)
    applications.copy(session, second, now=NOW)
    applications.create(session, store.agency_id, now=NOW, answers=first.answers)
    named = first.title
    names = sorted(listed.name for listed in applications.list_for(session, store.agency_id))
    assert names == sorted([named, f"{named} (copy)", f"{named} (copy 2)", named])
    applications.delete(session, second, now=NOW)
    applications.copy(session, first, now=NOW)
    assert f"{named} (copy 3)" in {listed.name for listed in applications.list_for(session, store.agency_id)}


def test_a_reading_session_cannot_write(store: Store, public_id: UUID) -> None:
    with store.read() as session:
        application = applications.get(session, store.agency_id, public_id)
        application.version = 7
        with pytest.raises(DBAPIError):
            session.flush()
    with store.write() as session:
        assert applications.get(session, store.agency_id, public_id).version == 1
