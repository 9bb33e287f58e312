"""A part is handed over, opened and taken back in the database: nothing before it opens, nobody lost after a purge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.errors import InputError
from assistant.services.application import applications, hand_over, history
from assistant.services.application.nominees import update_nominee
from assistant.services.installation.purge import purge_application
from assistant.storage.sealed_file import new_code
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.answers import Answers
    from tests.storage.conftest import Store


def open_there(store: Store, data: bytes, code: str) -> UUID:
    with store.write() as session:
        opened = hand_over.open_file(session, store.other_agency_id, data, code, now=NOW)
        assert not isinstance(opened, hand_over.TakenBack)
        session.commit()
        return opened.public_id


def hand_nominees(store: Store, public_id: UUID) -> tuple[bytes, str]:
    code = new_code()
    with store.write() as session:
        row = applications.get(session, store.agency_id, public_id)
        data = hand_over.hand_over(session, row, "nominees", code, now=NOW)
        session.commit()
    return data, code


def test_nominees_go_out_and_come_back_with_their_ids(store: Store, public_id: UUID, answers: Answers) -> None:
    there = open_there(store, *hand_nominees(store, public_id))
    code = new_code()
    with store.write() as session:
        row = applications.get(session, store.other_agency_id, there)
        assert row.answers.nominees == answers.nominees
        assert row.answers.program_contact.phone is None
        first = row.nominee_ids[0]
        update_nominee(
            session, row, first, replace(row.answers.nominees[0], rank="Captain"), version=row.version, now=NOW
        )
        data = hand_over.send_back(session, row, code, now=NOW)
        session.commit()
    with store.write() as session:
        taken = hand_over.open_file(session, store.agency_id, data, code, now=NOW + timedelta(hours=1))
        assert isinstance(taken, hand_over.TakenBack)
        assert [change.path for change in taken.changes] == [f"nominees.{first}"]
        assert not taken.merge.conflicts
        session.commit()
    with store.read() as session:
        row = applications.get(session, store.agency_id, public_id)
        assert [nominee.rank for nominee in row.answers.nominees] == ["Captain", "Sergeant"]
        acts = [entry.act for entry in history.entries(session, row)]
        assert acts.count("handed over") == acts.count("taken back") == 1


def test_a_purge_at_the_colleagues_removes_nobody_here(store: Store, public_id: UUID, answers: Answers) -> None:
    there = open_there(store, *hand_nominees(store, public_id))
    code = new_code()
    with store.write() as session:
        row = applications.get(session, store.other_agency_id, there)
        purge_application(session, row, now=NOW)
        data = hand_over.send_back(session, row, code, now=NOW)
        session.commit()
    with store.write() as session:
        taken = hand_over.open_file(session, store.agency_id, data, code, now=NOW)
        assert isinstance(taken, hand_over.TakenBack)
        assert not taken.changes
        assert not taken.merge.conflicts
        assert taken.application.answers.nominees == answers.nominees


def test_a_file_that_does_not_open_writes_nothing(store: Store, public_id: UUID) -> None:
    data, _ = hand_nominees(store, public_id)
    with store.write() as session:
        before = applications.count_for(session, store.other_agency_id)
        with pytest.raises(InputError):
            hand_over.open_file(session, store.other_agency_id, data, new_code(), now=NOW)
        assert not session.new
        assert not session.dirty
        assert applications.count_for(session, store.other_agency_id) == before


def test_an_application_from_a_file_loses_the_mark_with_everything_else(store: Store, public_id: UUID) -> None:
    there = open_there(store, *hand_nominees(store, public_id))
    with store.write() as session:
        row = applications.get(session, store.other_agency_id, there)
        assert applications.name_of(row.title, row.progress).endswith("(part: Nominees)")
        applications.delete(session, row, now=NOW)
        assert row.progress == {}
        session.commit()
