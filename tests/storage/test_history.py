from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import inspect, text

from assistant.answers import Answers, Nominee
from assistant.services.application import applications, history, nominees
from assistant.services.application.changes import Change
from assistant.services.installation import keys, purge
from assistant.services.installation.verify_history import verify_history
from assistant.storage.database import migrate
from assistant.storage.migration import _migrations, differences
from assistant.storage.tables import set_actor

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def public_id(store: Store, answers: Answers) -> UUID:
    """An application with four lines of history."""
    with store.write() as session:
        set_actor(session, "7")
        application = applications.create(session, store.agency_id, now=NOW, answers=answers)
        later = NOW + timedelta(days=1)
        set_actor(session, "8")
        applications.save_values(
            session, application, {"agency.county": "Pasco"}, version=1, now=later, section="agency"
        )
        nominees.add_nominee(session, application, "dana", Nominee(full_name="Dana Lee"), now=later)
        set_actor(session, "7")
        nominees.remove_nominee(session, application, "dana", version=3, now=later)
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
            "Line 5 was added",
        ),
        (
            # What is cut off at the end, with the count and the end set to match.
            """UPDATE applications SET history_count = 3,
            history_head = (SELECT chain FROM history WHERE number = 3)""",
            "The end was altered",
        ),
        ("UPDATE applications SET history_seal = NULL", "The end was altered"),
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


def test_lines_cut_off_at_the_end_are_missed_although_the_count_was_set_to_match(store: Store, public_id: UUID) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM history WHERE number = 4"))
        connection.execute(
            text(
                "UPDATE applications SET history_count = 3, history_head = (SELECT chain FROM history WHERE number = 3)"
            )
        )
    with store.read() as session:
        wrong = history.verify(session, applications.get(session, store.agency_id, public_id))
    assert wrong == ["The end was altered: lines after line 3 were removed, or the count of lines was changed."]


def test_every_line_that_was_taken_out_is_named_and_the_rest_is_still_checked(store: Store, public_id: UUID) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM history WHERE number IN (1, 2)"))
        connection.execute(text("UPDATE history SET who = '9' WHERE number = 4"))
    with store.read() as session:
        problems = history.find_problems(session, applications.get(session, store.agency_id, public_id))
    assert [(one.line, one.kind) for one in problems] == [(1, "removed"), (2, "removed"), (4, "changed")]


def test_a_line_written_after_a_purge_cannot_be_emptied_in_its_name(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        purge.purge_application(session, application, now=NOW + timedelta(days=400))
        values = {"agency.county": "Polk"}
        later = NOW + timedelta(days=401)
        applications.save_values(session, application, values, version=application.version, now=later)
        session.commit()
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE history SET purged_at = '2027-02-24 15:30:00.000000' WHERE number = 6"))
    with store.read() as session:
        wrong = history.verify(session, applications.get(session, store.agency_id, public_id))
    assert wrong == ["What line 6 says was altered."]


def report_of(store: Store) -> dict[str, Any]:
    with store.read() as session:
        return verify_history(session).to_document()


def test_an_untouched_installation_is_whole(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        applications.delete(session, applications.get(session, store.agency_id, public_id), now=NOW)
        applications.create(session, store.other_agency_id, now=NOW)
        session.commit()
    report = report_of(store)
    assert report["whole"] is True
    assert [(one["lines"], one["problems"]) for one in report["applications"]] == [(5, []), (1, [])]


def test_an_application_removed_whole_is_named(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        applications.create(session, store.agency_id, now=NOW)
        session.commit()
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM history WHERE application_id = 1"))
        connection.execute(text("DELETE FROM applications WHERE id = 1"))
    assert report_of(store)["problems"] == [
        {
            "application": str(public_id),
            "kind": "removed",
            "message": "The application was removed with its history.",
        }
    ]


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("DELETE FROM application_roll WHERE number = 2", ["removed", "added"]),
        ("DELETE FROM application_roll WHERE number = 1", ["removed", "added"]),
        ("UPDATE settings SET value = '1:00' WHERE name = 'application_roll'", ["removed"]),
        ("UPDATE application_roll SET chain = X'00' WHERE number = 2", ["changed"]),
    ],
)
def test_a_changed_roll_is_named_and_the_next_application_does_not_hide_it(
    store: Store, public_id: UUID, statement: str, kinds: list[str]
) -> None:
    assert public_id.version == 4
    with store.write() as session:
        applications.create(session, store.agency_id, now=NOW)
        session.commit()
    if store.file is None:
        statement = statement.replace("X'00'", "decode('00', 'hex')")
    with store.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    assert [problem["kind"] for problem in report_of(store)["problems"]] == kinds
    with store.write() as session:
        applications.create(session, store.agency_id, now=NOW)
        session.commit()
    assert report_of(store)["whole"] is False


def test_a_database_of_an_earlier_version_gets_its_roll_once(store: Store, public_id: UUID) -> None:
    assert public_id.version == 4
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), "0008")
    assert "application_roll" not in inspect(store.engine).get_table_names()
    migrate(store.engine)
    assert differences(store.engine) == []
    with store.write() as session:
        keys.confirm_keys(session)
        session.commit()
    assert report_of(store)["whole"] is True
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE applications SET history_seal = NULL"))
    with store.write() as session:
        keys.confirm_keys(session)
        session.commit()
    assert report_of(store)["whole"] is False, "what lost its signature later is not signed again"
