from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from assistant.answers import Answers, Nominee, parse
from assistant.services.application import applications, approval, comments, export_log, history, nominees
from assistant.services.installation import purge
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow
from assistant.storage.approval_tables import CommentRow, DecisionRow, ReviewRequestRow
from assistant.storage.database import erase_leftovers
from assistant.storage.tables import Application, ExportRow, HistoryRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
CANARY = "Canary Quetzalcoatl"


@dataclass(frozen=True)
class Review:
    findings: tuple[tuple[str, str], ...]

    def to_document(self) -> dict[str, Any]:
        return {"ready": True, "findings": [{"where": where, "message": message} for where, message in self.findings]}


def made(answers: Answers) -> Any:
    findings = (
        ("nominees.2.rank", "Enter the rank."),
        ("models", f"{CANARY} is nominated for a model not applied for."),
        ("agency.phone", "Enter a phone."),
    )
    form = SimpleNamespace(edition=SimpleNamespace(name="moa-tfm/2025-02-12"), sha256="ab" * 32)
    return SimpleNamespace(
        data=b"zip", sha256="cd" * 32, answers=answers, draft=False, review=Review(findings), forms={"TFM": form},
        letter=None,
    )  # fmt: skip


@pytest.fixture
def public_id(store: Store, answers: Answers) -> UUID:
    """An application that says the canary in its answers, its history and an export."""
    with store.write() as session:
        application = applications.create(session, store.agency_id, now=NOW, answers=answers)
        wordings = MappingProxyType({"nominees.0.full_name": CANARY, "agency.legal_name": "ECSO"})
        applications.save_values(session, application, {"short_wordings": wordings}, version=1, now=NOW)
        nominees.add_nominee(session, application, "canary", Nominee(full_name=CANARY), now=NOW)
        export_log.record_export(session, application, made(application.answers), now=NOW)
        add_copy_and_message(session, application)
        session.commit()
        return application.public_id


def add_copy_and_message(session: Session, application: Application) -> None:
    ids = {"public_id": uuid4(), "application_id": application.id}
    copied = SignedCopyRow(
        **ids, document="02-moa-tfm.pdf", side="agency", state="waiting", sha256="ef" * 32, size=3, pages=1,
        confirmed_pages=[], added_at=NOW,
    )  # fmt: skip
    message = MessageRow(**ids | {"public_id": uuid4()}, kind="reply", added_at=NOW, sha256="01" * 32)
    by = {"application_id": application.id, "who": "7", "at": NOW}
    comment = CommentRow(**by, public_id=uuid4(), path="agency.phone")
    asked = ReviewRequestRow(**by, public_id=uuid4())
    declined = DecisionRow(**by, public_id=uuid4(), kind="declined", sha256="45" * 32, version=1, forms={})
    session.add_all((copied, message, comment, asked, declined))
    with session.no_autoflush:
        copied.file_name, copied.result, copied.data = "scan.pdf", "{}", b"pdf"
        message.facts = json.dumps({"subject": "About your application", "quote": f"What of {CANARY}?"})
        message.data = b"From: ICE"
        comment.text, asked.note = f"Is {CANARY} sworn in?", f"Look at {CANARY}."
        declined.name, declined.reason = "Casey Sample", f"{CANARY} has left."


def everything_said(session: Session) -> str:
    """Return all sealed texts of the database, opened."""
    said: list[str] = []
    for table in (
        Application,
        HistoryRow,
        ExportRow,
        SignedCopyRow,
        MessageRow,
        CommentRow,
        ReviewRequestRow,
        DecisionRow,
    ):
        for row in session.scalars(select(table)):
            said.extend(getattr(row, name) for name in table.sealed_names())
    return "\n".join(said)


def test_raw_bytes_hold_no_name(sqlite_store: Store, answers: Answers) -> None:
    with sqlite_store.write() as session:
        canary = replace(answers, nominees=(Nominee(full_name=CANARY),))
        application = applications.create(session, sqlite_store.agency_id, now=NOW, answers=canary)
        export_log.record_export(session, application, made(canary), now=NOW)
        session.commit()
        assert CANARY in everything_said(session)
    raw = sqlite_store.raw_bytes()
    assert b"applications" in raw
    for word in (CANARY, "Quetzalcoatl", "Jordan", "Example Agency 1", "555-0102", "Example County"):
        assert word.encode() not in raw


def test_what_is_past_its_time_goes_everywhere(store: Store, public_id: UUID, answers: Answers) -> None:
    with store.write() as session:
        assert CANARY in everything_said(session)
        purged = purge.purge(session, store.agency_id, older_than=YEAR, now=NOW + YEAR)
        session.commit()
    assert [(line.public_id, line.nominees) for line in purged] == [(public_id, 3)]
    with store.write() as session:
        said = everything_said(session)
        for name in (CANARY, "Alex Nguyễn", "Robin Peña"):
            assert name not in said
        application = applications.get(session, store.agency_id, public_id)
        assert application.answers.agency == answers.agency
        assert dict(application.answers.short_wordings) == {"agency.legal_name": "ECSO"}
        assert (application.nominee_count, application.nominee_marks) == (0, [])
        assert application.nominees_purged_at == NOW + YEAR
        export = export_log.get_export(
            session, store.agency_id, export_log.exports_of(session, application)[0].public_id
        )
        assert (export.sha256, export.purged_at) == ("cd" * 32, NOW + YEAR)
        assert parse(export.answers).nominees == (Nominee(),) * 3
        messages = [finding["message"] for finding in json.loads(export.review)["findings"]]
        assert messages == [purge.ERASED, purge.ERASED, "Enter a phone."]
        message = session.scalars(select(MessageRow)).one()
        assert (json.loads(message.facts), message.data) == ({"subject": "About your application"}, None)
        assert session.scalars(select(SignedCopyRow)).one().data == b"pdf"
        assert history.verify(session, application) == []
        assert purge.purge(session, store.agency_id, older_than=YEAR, now=NOW + 2 * YEAR) == []


def purge_at(store: Store, moment: datetime) -> list[UUID]:
    with store.write() as session:
        purged = purge.purge(session, None, older_than=YEAR, now=moment)
        session.commit()
    return [line.public_id for line in purged]


SECOND = "Second Canary Tlaloc"


def add_second_nominee(session: Session, application: Application, moment: datetime) -> None:
    nominees.add_nominee(session, application, "second", Nominee(full_name=SECOND), now=moment)


def add_second_comment(session: Session, application: Application, moment: datetime) -> None:
    comments.add_comment(session, application, "agency.phone", f"Is {SECOND} sworn in?", now=moment)


def add_second_request(session: Session, application: Application, moment: datetime) -> None:
    for request in session.scalars(select(ReviewRequestRow)):
        request.closed_at = moment
    session.flush()
    approval.ask_for_review(session, application, f"Look at {SECOND}.", now=moment)


def add_second_export(session: Session, application: Application, moment: datetime) -> None:
    """An export of what was purged, made from a tab that still held the nominees."""
    later_answers = replace(application.answers, nominees=(Nominee(full_name=SECOND),))
    export_log.record_export(session, application, made(later_answers), now=moment)


ADDITIONS = [add_second_nominee, add_second_comment, add_second_request, add_second_export]


@pytest.mark.parametrize("add", ADDITIONS)
def test_what_comes_after_a_purge_is_purged_in_its_turn(
    store: Store, public_id: UUID, add: Callable[[Session, Application, datetime], None]
) -> None:
    first, added = NOW + YEAR, NOW + YEAR + timedelta(days=30)
    assert purge_at(store, first) == [public_id]
    with store.write() as session:
        add(session, applications.get(session, store.agency_id, public_id), added)
        session.commit()
        assert SECOND in everything_said(session)
    assert purge_at(store, added) == []
    assert purge_at(store, added + YEAR - timedelta(seconds=1)) == [], "it has a year of its own"
    with store.read() as session:
        dry = purge.purge(session, None, older_than=YEAR, now=added + YEAR, dry_run=True)
        assert [line.public_id for line in dry] == [public_id]
    assert purge_at(store, added + YEAR) == [public_id]
    with store.write() as session:
        assert SECOND not in everything_said(session)
        application = applications.get(session, store.agency_id, public_id)
        assert application.nominee_count == 0
        took_nominees = add is add_second_nominee
        assert application.nominees_purged_at == (added + YEAR if took_nominees else first)
        assert all(export.purged_at and export.bundle is None for export in session.scalars(select(ExportRow)))
        assert history.verify(session, application) == []
    assert purge_at(store, added + 9 * YEAR) == [], "nothing came since"


def test_a_nominee_added_after_a_purge_goes_though_exports_follow(store: Store, public_id: UUID) -> None:
    """What somebody does later makes the nominees no younger; the comment goes with them, as in a first purge."""
    added = NOW + YEAR + timedelta(days=30)
    assert purge_at(store, NOW + YEAR) == [public_id]
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        add_second_nominee(session, application, added)
        add_second_export(session, application, added + YEAR / 2)
        session.commit()
    assert purge_at(store, added + YEAR) == [public_id]
    with store.write() as session:
        assert SECOND not in everything_said(session)


def test_a_clock_that_ran_ahead_or_was_reset_neither_keeps_a_later_comment_nor_takes_it_early(
    store: Store, public_id: UUID
) -> None:
    assert purge_at(store, NOW + YEAR) == [public_id]
    ahead, reset = NOW + 50 * YEAR, datetime(2010, 1, 1, tzinfo=UTC)
    with store.write() as session:
        add_second_comment(session, applications.get(session, store.agency_id, public_id), reset)
        session.commit()
    assert purge_at(store, NOW + 2 * YEAR - timedelta(hours=1)) == []
    assert purge_at(store, NOW + 2 * YEAR) == [public_id]
    with store.write() as session:
        add_second_comment(session, applications.get(session, store.agency_id, public_id), ahead)
        session.commit()
    noticed = NOW + 2 * YEAR + timedelta(days=1)
    assert purge_at(store, noticed) == []
    assert purge_at(store, noticed + YEAR - timedelta(hours=1)) == []
    assert purge_at(store, noticed + YEAR) == [public_id]
    with store.write() as session:
        assert SECOND not in everything_said(session)
    assert purge_at(store, noticed + 3 * YEAR) == []


@pytest.mark.parametrize("add", ADDITIONS)
def test_even_the_sealed_bytes_of_a_later_addition_are_gone(
    sqlite_store: Store, answers: Answers, add: Callable[[Session, Application, datetime], None]
) -> None:
    store, added = sqlite_store, NOW + YEAR + timedelta(days=30)
    with store.write() as session:
        application = applications.create(session, store.agency_id, now=NOW, answers=answers)
        session.commit()
        public_id = application.public_id
    assert purge_at(store, NOW + YEAR) == [public_id]
    with store.write() as session:
        add(session, applications.get(session, store.agency_id, public_id), added)
        session.commit()
        tables = (Application, HistoryRow, ExportRow, CommentRow, ReviewRequestRow)
        said = [
            getattr(row, f"{name}_sealed")
            for table in tables
            for row in session.scalars(select(table))
            for name in table.sealed_names()
            if SECOND in str(getattr(row, name))
        ]
    assert said
    pieces = [piece for one in said for piece in (one[5:37], one[-32:])]
    assert all(piece in store.raw_bytes() for piece in pieces)
    assert purge_at(store, added + YEAR) == [public_id]
    assert erase_leftovers(store.engine)
    raw = store.raw_bytes()
    assert [piece for piece in pieces if piece in raw] == []


def test_a_dry_run_only_says_so(store: Store, public_id: UUID) -> None:
    with store.read() as session:
        purged = purge.purge(session, None, older_than=YEAR, now=NOW + YEAR, dry_run=True)
        assert [(line.public_id, line.nominees, line.updated_at) for line in purged] == [(public_id, 3, NOW)]
        assert CANARY in everything_said(session)


def test_what_is_not_past_its_time_or_anothers_stays(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        assert purge.purge(session, store.agency_id, older_than=YEAR, now=NOW + YEAR - timedelta(seconds=1)) == []
        assert purge.purge(session, store.other_agency_id, older_than=YEAR, now=NOW + YEAR) == []
        assert applications.get(session, store.agency_id, public_id).nominee_count == 3


def save_at(store: Store, public_id: UUID, moment: datetime, county: str) -> datetime:
    """Save an answer at a moment, and return when the application counts as last changed."""
    with store.write() as session:
        application = applications.get(session, store.agency_id, public_id)
        values = {"agency.county": county}
        applications.save_values(session, application, values, version=application.version, now=moment)
        session.commit()
        return application.updated_at


def test_a_save_under_a_clock_that_ran_ahead_does_not_pin_the_moment(store: Store, public_id: UUID) -> None:
    ahead = NOW + 10 * YEAR
    assert save_at(store, public_id, ahead, "Pasco") == ahead
    later = NOW + timedelta(hours=1)
    assert save_at(store, public_id, later, "Polk") == later, "the next save counts again"
    with store.write() as session:
        assert len(purge.purge(session, None, older_than=YEAR, now=later + YEAR)) == 1


def test_a_clock_that_was_reset_does_not_make_data_old(store: Store, public_id: UUID) -> None:
    assert save_at(store, public_id, datetime(2010, 1, 1, tzinfo=UTC), "Pasco") == NOW


def test_what_was_last_saved_under_a_clock_that_ran_ahead_is_purged_after_its_time(
    store: Store, public_id: UUID
) -> None:
    """No save follows: its age counts from the first purge that noticed it, and the moment itself stays."""
    ahead = NOW + 10 * YEAR
    save_at(store, public_id, ahead, "Pasco")
    with store.write() as session:
        assert purge.purge(session, None, older_than=YEAR, now=NOW) == []
        assert purge.purge(session, None, older_than=YEAR, now=NOW + YEAR - timedelta(hours=1)) == []
        assert [line.updated_at for line in purge.purge(session, None, older_than=YEAR, now=NOW + YEAR)] == [ahead]


def test_where_this_clock_was_wrong_instead_nothing_is_purged_early(store: Store, public_id: UUID) -> None:
    with store.write() as session:
        # Noticed under a clock that stood years behind; then the clock was set right.
        assert purge.purge(session, None, older_than=YEAR, now=NOW - 3 * YEAR) == []
        assert purge.purge(session, None, older_than=YEAR, now=NOW + timedelta(days=2)) == []
        application = applications.get(session, store.agency_id, public_id)
        assert (application.future_noticed_at, application.nominee_count) == (None, 3)


@pytest.mark.parametrize("act", ["purge", "delete"])
def test_even_the_sealed_bytes_are_gone_from_the_files(sqlite_store: Store, answers: Answers, act: str) -> None:
    with sqlite_store.write() as session:
        application = applications.create(session, sqlite_store.agency_id, now=NOW, answers=answers)
        export_log.record_export(session, application, made(answers), now=NOW)
        add_copy_and_message(session, application)
        session.commit()
        rows = [row for table in (Application, HistoryRow, ExportRow) for row in session.scalars(select(table))]
        sealed = [application.document_sealed, *(r.answers_sealed for r in rows if isinstance(r, ExportRow))]
        sealed += [row.facts_sealed for row in session.scalars(select(MessageRow))]
        if act == "delete":
            sealed += [row.file_name_sealed for row in session.scalars(select(SignedCopyRow))]
        sealed += [row.change_sealed for row in rows if isinstance(row, HistoryRow) and row.number == 1]
        # The head alone may remain unseen, the tail may lie on another page: look for both.
        pieces = [piece for one in sealed for piece in (one[5:37], one[-32:])]
    assert all(piece in sqlite_store.raw_bytes() for piece in pieces)
    with sqlite_store.write() as session:
        application = applications.get(session, sqlite_store.agency_id, application.public_id)
        if act == "purge":
            purge.purge_application(session, application, now=NOW)
        else:
            applications.delete(session, application, now=NOW)
        session.commit()
    assert erase_leftovers(sqlite_store.engine)
    raw = sqlite_store.raw_bytes()
    assert [piece for piece in pieces if piece in raw] == []


def test_leftovers_are_erased_on_either(store: Store) -> None:
    assert erase_leftovers(store.engine)
