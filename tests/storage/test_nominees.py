from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import MAX_NOMINEES, Answers, Nominee
from assistant.errors import AnswersError, NotFoundError
from assistant.services.application import applications, nominees
from assistant.services.application.saving import ChangedSinceError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application
    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
DANA = Nominee(full_name="Dana Lee", rank="Deputy", models=("WSO",))


@pytest.fixture
def application(store: Store, session: Session, answers: Answers) -> Application:
    return applications.create(session, store.agency_id, now=NOW, answers=answers)


def names(application: Application) -> list[str | None]:
    return [listed.nominee.full_name for listed in nominees.nominees_of(application)]


def test_add_change_and_remove_by_id(session: Session, application: Application) -> None:
    assert nominees.add_nominee(session, application, "dana", DANA, now=NOW)
    first, second, third = nominees.nominees_of(application)
    assert (third.id, third.place, third.version, third.nominee) == ("dana", 2, 2, DANA)
    nominees.remove_nominee(session, application, first.id, version=2, now=NOW)
    captain = replace(DANA, rank="Captain")
    assert nominees.update_nominee(session, application, "dana", captain, version=2, now=NOW)
    assert [listed.nominee for listed in nominees.nominees_of(application)] == [second.nominee, captain]
    assert (application.nominee_count, application.version) == (2, 4)


def test_sending_a_page_twice_adds_one_nominee(session: Session, application: Application) -> None:
    assert nominees.add_nominee(session, application, "dana", DANA, now=NOW)
    assert not nominees.add_nominee(session, application, "dana", DANA, now=NOW)
    with pytest.raises(ChangedSinceError):
        nominees.add_nominee(session, application, "dana", replace(DANA, rank="Chief"), now=NOW)
    assert names(application) == ["Alex Nguyễn", "Robin Peña", "Dana Lee"]


def test_many_are_added_as_one_change(session: Session, application: Application) -> None:
    ids = nominees.add_nominees(session, application, [DANA] * 30, now=NOW)
    assert len(set(ids)) == 30
    assert set(ids) <= set(application.nominee_ids)
    assert (application.version, application.history_count, application.nominee_count) == (2, 2, 32)


def test_two_people_change_two_nominees(session: Session, application: Application) -> None:
    first, second = nominees.nominees_of(application)
    for listed in (first, second):
        changed = replace(listed.nominee, rank="Captain")
        nominees.update_nominee(session, application, listed.id, changed, version=1, now=NOW)
    assert [listed.nominee.rank for listed in nominees.nominees_of(application)] == ["Captain", "Captain"]


def test_two_people_change_one_nominee(session: Session, application: Application) -> None:
    first = nominees.nominees_of(application)[0]
    captain, chief = (replace(first.nominee, rank=rank) for rank in ("Captain", "Chief"))
    nominees.update_nominee(session, application, first.id, captain, version=1, now=NOW)
    with pytest.raises(ChangedSinceError) as refused:
        nominees.update_nominee(session, application, first.id, chief, version=1, now=NOW)
    assert refused.value.paths == (f"nominees.{first.id}",)
    assert not nominees.update_nominee(session, application, first.id, captain, version=1, now=NOW)
    with pytest.raises(ChangedSinceError):
        nominees.remove_nominee(session, application, first.id, version=1, now=NOW)
    nominees.remove_nominee(session, application, first.id, version=2, now=NOW)


def test_no_such_nominee(session: Session, application: Application) -> None:
    with pytest.raises(NotFoundError):
        nominees.find_nominee(application, "nobody")
    with pytest.raises(NotFoundError):
        nominees.update_nominee(session, application, "nobody", DANA, version=1, now=NOW)
    with pytest.raises(NotFoundError):
        nominees.remove_nominee(session, application, "nobody", version=1, now=NOW)


def test_the_list_has_an_end(session: Session, application: Application) -> None:
    with pytest.raises(AnswersError, match="5,000"):
        nominees.add_nominees(session, application, [DANA] * MAX_NOMINEES, now=NOW)
    assert application.nominee_count == 2


def test_ids_stay_with_people_when_all_are_saved_at_once(session: Session, application: Application) -> None:
    alex, robin = nominees.nominees_of(application)
    shorter = replace(application.answers, nominees=(robin.nominee,))
    applications.save(session, application, shorter, version=1, now=NOW)
    assert list(application.nominee_ids) == [robin.id]
    longer = replace(application.answers, nominees=(DANA, robin.nominee, DANA))
    applications.save(session, application, longer, version=2, now=NOW)
    assert application.nominee_ids[1] == robin.id
    assert len({alex.id, *application.nominee_ids}) == 4


def test_a_shorter_wording_goes_with_its_nominee(session: Session, application: Application) -> None:
    wordings = MappingProxyType({"agency.legal_name": "ECSO", "nominees.0.rank": "Dep.", "nominees.1.rank": "Sgt."})
    applications.save_values(session, application, {"short_wordings": wordings}, version=1, now=NOW)
    nominees.remove_nominee(session, application, application.nominee_ids[0], version=2, now=NOW)
    assert dict(application.answers.short_wordings) == {"agency.legal_name": "ECSO", "nominees.0.rank": "Sgt."}
