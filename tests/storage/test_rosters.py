"""Rosters on their way in: sealed while they wait, taken over once, gone afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from assistant.answers import Nominee
from assistant.errors import NotFoundError, SpreadsheetError
from assistant.services.application import applications, history, rosters
from assistant.services.installation import purge
from assistant.services.published_lists import list_lookup
from assistant.services.published_lists.listings import import_list
from assistant.storage.roster_tables import RosterDraft
from tests.storage.conftest import NOW
from tests.storage.test_listings import COBB, LEE, participating

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.storage.tables import Application
    from tests.storage.conftest import Store

SHEET = (
    b"Name,Badge,DOB,Star code\nRobin Sample,2001,4/1/1990,77\n"
    b"Kim Sample,123-45-6789,,78\nAlex Nguy\xe1\xbb\x85n,,,79\n"
)


@pytest.fixture
def application_id(store: Store, answers: Answers) -> UUID:
    with store.write() as session:
        public_id = applications.create(session, store.agency_id, now=NOW, answers=answers).public_id
        session.commit()
    return public_id


def opened(session: Session, store: Store, application_id: UUID) -> Application:
    return applications.get(session, store.agency_id, application_id)


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(RosterDraft)).one()


def test_a_roster_is_taken_over_once(store: Store, application_id: UUID) -> None:
    with store.write() as session:
        application = opened(session, store, application_id)
        draft_id = rosters.keep(session, application, SHEET, now=NOW).public_id
        session.commit()
    for _ in range(2):
        with store.write() as session:
            application = opened(session, store, application_id)
            draft = rosters.find(session, application, draft_id, lock=True)
            assert rosters.take_over(session, application, draft, models=("WSO",), twins_too=False, now=NOW) == 1
            session.commit()
    with store.write() as session:
        application = opened(session, store, application_id)
        assert application.answers.nominees[2:] == (
            Nominee(full_name="Robin Sample", badge_number="2001", models=("WSO",)),
        )
        assert application.version == 2
        assert history.verify(session, application) == []
        waiting = rosters.find(session, application, draft_id).sheet
        assert ("Kim Sample" in waiting, "Robin Sample" in waiting) == (True, False), "a question waits"


def test_columns_are_kept_as_they_were_chosen(store: Store, application_id: UUID) -> None:
    with store.write() as session:
        draft_id = rosters.keep(session, opened(session, store, application_id), SHEET, now=NOW).public_id
        session.commit()
    with store.write() as session:
        draft = rosters.find(session, opened(session, store, application_id), draft_id)
        rosters.choose(session, draft, {1: None, 3: "badge_number"})
        with pytest.raises(SpreadsheetError):
            rosters.choose(session, draft, {0: None})
        session.commit()
    with store.read() as session:
        draft = rosters.find(session, opened(session, store, application_id), draft_id)
        assert [nominee.badge_number for nominee in rosters.read(draft).nominees] == ["77", "78", "79"]
        assert rosters.marked_copy(draft).startswith(b"PK")


def test_a_roster_is_found_in_its_own_application_only(store: Store, application_id: UUID, answers: Answers) -> None:
    with store.write() as session:
        draft_id = rosters.keep(session, opened(session, store, application_id), SHEET, now=NOW).public_id
        other = applications.create(session, store.agency_id, now=NOW, answers=answers)
        for wrong in (draft_id, uuid4()):
            with pytest.raises(NotFoundError):
                rosters.find(session, other, wrong)


@pytest.mark.parametrize("act", ["wait", "purge", "purge one", "delete", "drop"])
def test_it_does_not_stay(store: Store, application_id: UUID, act: str) -> None:
    with store.write() as session:
        application = opened(session, store, application_id)
        rosters.keep(session, application, SHEET, now=NOW)
        assert count(session) == 1
        if act == "wait":
            rosters.keep(session, application, SHEET, now=NOW + rosters.STORED_FOR)
            assert count(session) == 1
            rosters.forget_old(session, now=NOW + 2 * rosters.STORED_FOR)
        elif act == "purge":
            purge.purge(session, None, older_than=timedelta(days=900), now=NOW + rosters.STORED_FOR)
        elif act == "purge one":
            purge.purge_application(session, application, now=NOW)
        elif act == "delete":
            applications.delete(session, application, now=NOW)
        else:
            rosters.drop(session, application)
        assert count(session) == 0


def test_no_name_lies_open_in_the_file(sqlite_store: Store, answers: Answers) -> None:
    with sqlite_store.write() as session:
        application = applications.create(session, sqlite_store.agency_id, now=NOW, answers=answers)
        rosters.keep(session, application, SHEET, now=NOW)
        session.commit()
    raw = sqlite_store.raw_bytes()
    for word in (b"Robin Sample", b"2001", b"123-45-6789", b"1990"):
        assert word not in raw


def test_what_lists_say_is_found_in_the_own_state(session: Session, answers: Answers) -> None:
    assert list_lookup.listed_for(session, answers) == ()
    import_list(session, participating(LEE, COBB), filename="participatingAgencies01152026am.xlsx", now=NOW)
    found = list_lookup.find_listed(session, "Lee County Sheriff’s Office (LCSO), FL", state="FL")
    assert [(listed.agency, listed.match, listed.model) for listed in found] == [(LEE[1], 1.0, "TFM")]
    assert found[0].is_of("Lee")
    assert list_lookup.find_listed(session, "Lee County Sheriff’s Office", state="GA") == ()
    assert [row.agency for row in list_lookup.in_state(session, "FL", "lee county")] == [LEE[1]]
    assert list_lookup.in_state(session, "FL", "Levy") == []
    assert list_lookup.imports(session)[0].rows == 2
    assert set(list_lookup.as_of(session)) == {"participating"}
