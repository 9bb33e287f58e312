from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from assistant.answers import Answers, Nominee
from assistant.services.application import applications, history, nominees
from assistant.services.application.changes import Change
from assistant.services.installation import purge

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def public_id(store: Store, answers: Answers) -> UUID:
    """An application with four lines of history."""
    with store.write() as session:
        application = applications.create(session, store.agency_id, now=NOW, answers=answers, who="7")
        later = NOW + timedelta(days=1)
        applications.save_values(
            session, application, {"agency.county": "Pasco"}, version=1, now=later, who="8", section="agency"
        )
        nominees.add_nominee(session, application, "dana", Nominee(full_name="Dana Lee"), now=later, who="8")
        nominees.remove_nominee(session, application, "dana", version=3, now=later, who="7")
        session.commit()
        return application.public_id


def test_it_says_who_changed_what_and_when(store: Store, public_id: UUID) -> None:
    with store.read() as session:
        removed, added, county, started = history.entries(
            session, applications.get(session, store.agency_id, public_id)
        )
    assert (county.number, county.version, county.act, county.section, county.who) == (2, 2, "changed", "agency", "8")
    assert county.at == NOW + timedelta(days=1)
    assert county.changes == (Change(path="agency.county", before=None, after="Pasco"),)
    assert (added.changes[0].nominee_id, added.changes[0].before) == ("dana", None)
    assert removed.changes[0].after is None
    assert removed.changes[0].before == added.changes[0].after
    assert {change.section for change in started.changes} >= {"agency", "models", "signatory", "nominees"}


def test_it_comes_in_pages(store: Store, public_id: UUID) -> None:
    with store.read() as session:
        application = applications.get(session, store.agency_id, public_id)
        first = history.entries(session, application, limit=3)
        rest = history.entries(session, application, limit=3, before=first[-1].number)
    assert [entry.number for entry in first + rest] == [4, 3, 2, 1]


def test_an_untouched_history_is_whole(store: Store, public_id: UUID) -> None:
    with store.read() as session:
        assert history.verify(session, applications.get(session, store.agency_id, public_id)) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE history SET who = '9' WHERE number = 2", "Line 2 was altered"),
        ("UPDATE history SET at = '2026-01-19 00:00:00.000000' WHERE number = 3", "Line 3 was altered"),
        ("UPDATE history SET act = 'read' WHERE number = 1", "Line 1 was altered"),
        ("UPDATE history SET digest = (SELECT digest FROM history WHERE number = 1) WHERE number = 2", "Line 2 was"),
        (
            "UPDATE history SET change_sealed = (SELECT change_sealed FROM history WHERE number = 1) WHERE number = 2",
            "What line 2 says was altered",
        ),
        ("UPDATE history SET purged_at = '2026-01-25 00:00:00.000000' WHERE number = 2", "What line 2 says"),
        ("DELETE FROM history WHERE number = 2", "Line 2 is missing"),
        ("DELETE FROM history WHERE number = 4", "The end is missing: 4 lines were written, 3 are there"),
        (
            """INSERT INTO history
            (application_id, number, version, act, section, who, at, change_sealed, digest, chain)
            SELECT application_id, 5, version, act, section, who, at, change_sealed, digest, chain
            FROM history WHERE number = 4""",
            "Line 5 was altered",
        ),
    ],
)
def test_tampering_is_named(store: Store, public_id: UUID, statement: str, says: str) -> None:
    with store.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    with store.read() as session:
        wrong = history.verify(session, applications.get(session, store.agency_id, public_id))
    assert says in wrong[0]


def test_a_purge_keeps_the_chain_and_a_later_one_is_seen(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        purge.purge_application(session, application, now=NOW + timedelta(days=400))
        session.commit()
        assert history.verify(session, application) == []
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE history SET purged_at = '2027-06-01 00:00:00.000000' WHERE number = 2"))
    with store.read() as session:
        wrong = history.verify(session, applications.get(session, store.agency_id, public_id))
    assert wrong == ["What line 2 says was altered."]


def test_a_shorter_wording_is_one_change(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        wordings: Any = {"agency.legal_name": "ECSO"}
        applications.save(
            session, application, replace(application.answers, short_wordings=wordings), version=4, now=NOW
        )
        assert history.entries(session, application)[0].changes == (
            Change(path="short_wordings", before=None, after={"agency.legal_name": "ECSO"}),
        )
