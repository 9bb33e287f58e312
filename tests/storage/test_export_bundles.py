"""The ZIP of an export is stored, sealed, to the byte: through restarts, migrations and backups, until a purge."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import event, inspect, select, text

from assistant.cli.database import session as command_session
from assistant.cli.main import run
from assistant.editions.library import FormLibrary
from assistant.errors import SealError
from assistant.services.application import applications, export_log, history
from assistant.services.application.make_bundle import MadeBundle, make
from assistant.services.application.plan import plan_application
from assistant.services.application.review import review
from assistant.services.installation import backup, keys, purge
from assistant.services.installation.agencies import create_agency
from assistant.services.installation.rotate_keys import reseal_everything
from assistant.storage.database import erase_leftovers, migrate, session_factory
from assistant.storage.migration import _migrations, differences
from assistant.storage.tables import ExportRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
TODAY = date(2026, 1, 20)
YEAR = timedelta(days=365)


def made_of(answers: Answers, data: bytes | None = None) -> MadeBundle:
    """Return a bundle of these answers; its ZIP holds noise, so that no two are alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("example-287g-2026-01-20/noise.bin", os.urandom(5_000))
    plan = replace(plan_application(answers, FormLibrary()), agreements={})
    found = review(answers, FormLibrary(), today=TODAY)
    zipped = data or out.getvalue()
    return MadeBundle(data=zipped, plan=plan, review=found, today=TODAY, draft=False)


def add(session: Session, store: Store, answers: Answers) -> tuple[UUID, UUID, MadeBundle]:
    """Return the ids of an application and of its export, and the bundle."""
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    made = made_of(answers)
    export_id = export_log.record_once(session, application, made, now=NOW)
    session.commit()
    return application.public_id, export_id, made


def test_the_zip_comes_back_to_the_byte(store: Store, session: Session, answers: Answers) -> None:
    _, export_id, made = add(session, store, answers)
    with store.read() as reading:
        record = export_log.get_export(reading, store.agency_id, export_id)
        found = export_log.stored_bundle(record)
        assert found is not None
        assert found.data == made.data
        assert hashlib.sha256(found.data).hexdigest() == record.sha256
        assert found.name == "example-287g-2026-01-20.zip"


def test_a_real_bundle_has_the_name_it_was_made_under(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    made = make(answers, FormLibrary(), today=TODAY, draft=True)
    record = export_log.record_export(session, application, made, now=NOW)
    assert export_log.stored_bundle(record) == export_log.StoredBundle(name=made.name, data=made.data)


def test_it_is_sealed_and_bound_to_its_row(sqlite_store: Store, answers: Answers) -> None:
    with sqlite_store.write() as session:
        _, export_id, made = add(session, sqlite_store, answers)
        _, other_id, _ = add(session, sqlite_store, answers)
    raw = sqlite_store.raw_bytes()
    assert not [at for at in range(0, len(made.data) - 32, 500) if made.data[at : at + 32] in raw]
    with sqlite_store.write() as session:
        one, other = (export_log.get_export(session, sqlite_store.agency_id, found) for found in (export_id, other_id))
        other.bundle_sealed = one.bundle_sealed
        session.flush()
        with pytest.raises(SealError):
            export_log.stored_bundle(other)
        assert export_log.stored_bundle(one) is not None


def test_rows_and_lists_of_exports_do_not_read_it(store: Store, session: Session, answers: Answers) -> None:
    public_id, export_id, _ = add(session, store, answers)
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with store.read() as reading:
        application = applications.get(reading, store.agency_id, public_id)
        assert len(export_log.exports_of(reading, application)) == 1
        record = export_log.get_export(reading, store.agency_id, export_id)
        assert record.answers
        assert not [one for one in statements if "bundle_sealed" in one]
        assert record.bundle is not None
        assert [one for one in statements if "bundle_sealed" in one], "this test would see it"


def test_the_same_bundle_twice_is_one_export_unless_it_was_purged(
    store: Store, session: Session, answers: Answers
) -> None:
    public_id, first, made = add(session, store, answers)
    application = applications.get(session, store.agency_id, public_id)
    assert export_log.record_once(session, application, made, now=NOW) == first
    purge.purge_application(session, application, now=NOW)
    again = export_log.record_once(session, application, made, now=NOW)
    assert again != first
    assert export_log.stored_bundle(export_log.get_export(session, store.agency_id, again)) is not None


def test_an_export_from_before_gets_its_zip_when_the_same_is_exported(
    store: Store, session: Session, answers: Answers
) -> None:
    public_id, export_id, made = add(session, store, answers)
    session.execute(text("UPDATE exports SET bundle_sealed = NULL"))
    session.commit()
    with store.write() as later:
        record = export_log.get_export(later, store.agency_id, export_id)
        assert export_log.stored_bundle(record) is None
        application = applications.get(later, store.agency_id, public_id)
        assert export_log.record_once(later, application, made, now=NOW) == export_id
        later.commit()
    with store.read() as reading:
        record = export_log.get_export(reading, store.agency_id, export_id)
        assert record.bundle == made.data


def test_a_failed_export_leaves_neither_record_nor_zip(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    session.commit()
    export_log.record_once(session, application, made_of(answers), now=NOW)
    session.rollback()
    with store.read() as reading:
        assert reading.scalars(select(ExportRow)).all() == []


def test_a_purge_removes_the_zip_and_keeps_hash_size_and_time(store: Store, session: Session, answers: Answers) -> None:
    public_id, export_id, made = add(session, store, answers)
    with store.read() as reading:
        (would,) = purge.purge(reading, None, older_than=YEAR, now=NOW + YEAR, dry_run=True)
        assert would.to_document()["bundles"] == 1
        assert export_log.get_export(reading, store.agency_id, export_id).bundle == made.data
    with store.write() as purging:
        (done,) = purge.purge(purging, None, older_than=YEAR, now=NOW + YEAR)
        purging.commit()
    assert (done.public_id, done.bundles) == (public_id, 1)
    with store.read() as reading:
        record = export_log.get_export(reading, store.agency_id, export_id)
        assert export_log.stored_bundle(record) is None
        assert (record.sha256, record.size, record.made_at) == (made.sha256, len(made.data), NOW)
        assert record.purged_at == NOW + YEAR
        application = applications.get(reading, store.agency_id, public_id)
        assert history.verify(reading, application) == []


def test_a_purge_leaves_the_zip_of_an_export_without_nominees(store: Store, session: Session, answers: Answers) -> None:
    public_id, export_id, made = add(session, store, replace(answers, nominees=()))
    application = applications.get(session, store.agency_id, public_id)
    assert purge.purge_application(session, application, now=NOW + YEAR).bundles == 0
    record = export_log.get_export(session, store.agency_id, export_id)
    assert (record.bundle, record.purged_at) == (made.data, None)


@pytest.mark.parametrize("act", ["purge", "delete"])
def test_not_even_the_sealed_zip_is_left_in_the_files(sqlite_store: Store, answers: Answers, act: str) -> None:
    with sqlite_store.write() as session:
        public_id, export_id, _ = add(session, sqlite_store, answers)
        sealed = export_log.get_export(session, sqlite_store.agency_id, export_id).bundle_sealed
    assert sealed is not None
    pieces = [sealed[at : at + 24] for at in range(5, len(sealed) - 24, 200)]
    assert sum(piece in sqlite_store.raw_bytes() for piece in pieces) > len(pieces) // 2, "this test would see it"
    with sqlite_store.write() as session:
        application = applications.get(session, sqlite_store.agency_id, public_id)
        if act == "purge":
            purge.purge_application(session, application, now=NOW)
        else:
            applications.delete(session, application, now=NOW)
        session.commit()
        (record,) = session.scalars(select(ExportRow))
        assert record.bundle is None
    assert erase_leftovers(sqlite_store.engine)
    raw = sqlite_store.raw_bytes()
    assert [piece for piece in pieces if piece in raw] == []


def test_a_new_key_seals_the_zip_too(store: Store, session: Session, answers: Answers) -> None:
    _, export_id, made = add(session, store, answers)
    newer = store.ring.with_new_key()
    # Two agencies, title and document, two lines of history, answers, review and ZIP of the export.
    assert reseal_everything(store.engine, newer) == (2 + 2 + 2 + 3, [])
    assert reseal_everything(store.engine, newer) == (0, [])
    with session_factory(store.engine, newer.without_old_keys())() as fresh:
        assert export_log.get_export(fresh, store.agency_id, export_id).bundle == made.data


@pytest.mark.parametrize("into", ["sqlite_store", "postgresql_store"])
def test_a_backup_carries_it(
    store: Store, into: str, answers: Answers, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with store.write() as session:
        keys.confirm_keys(session)
        added = [add(session, store, answers) for _ in range(6)]
    data, _ = backup.take(store.engine, tmp_path / "forms", now=NOW, work=tmp_path)
    target: Store = request.getfixturevalue(into)
    backup.bring_back(data, target.engine, tmp_path / "other", store.ring, work=tmp_path)
    with session_factory(target.engine, store.ring)() as reading:
        for _, export_id, made in added:
            assert export_log.get_export(reading, store.agency_id, export_id).bundle == made.data


def test_the_migration_goes_up_and_down(store: Store, session: Session, answers: Answers) -> None:
    public_id, export_id, made = add(session, store, answers)
    session.close()
    with store.engine.begin() as connection:
        command.downgrade(_migrations(connection), "0004")
    assert "bundle_sealed" not in {column["name"] for column in inspect(store.engine).get_columns("exports")}
    migrate(store.engine)
    assert differences(store.engine) == []
    with store.write() as later:
        record = export_log.get_export(later, store.agency_id, export_id)
        assert export_log.stored_bundle(record) is None, "it was exported before ZIPs were stored"
        assert (record.sha256, record.size) == (made.sha256, len(made.data))
        assert record.answers
        application = applications.get(later, store.agency_id, public_id)
        export_log.record_export(later, application, made, now=NOW)
        later.commit()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """Set up an installation with an old application of which two bundles were exported."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    with command_session() as session:
        agency = create_agency(session, "Example Agency", now=NOW)
        application = applications.create(session, agency.id, now=NOW - 2 * YEAR, answers=answers)
        for _ in range(2):
            export_log.record_export(session, application, made_of(answers), now=NOW)
        session.commit()


@pytest.mark.usefixtures("installed")
def test_the_command_says_what_becomes_of_the_zips(capsys: pytest.CaptureFixture[str]) -> None:
    read: Callable[[], str] = lambda: capsys.readouterr().out  # noqa: E731 - said three times
    assert run(["purge", "--dry-run"]) == 0
    said = read()
    assert "2 exported ZIPs" in said
    assert "2 exported ZIPs would be removed with it; their dates, sizes and hashes are still stored." in said
    assert run(["purge", "--dry-run", "--json"]) == 0
    assert [row["bundles"] for row in json.loads(read())] == [2]
    assert run(["purge"]) == 0
    assert "2 exported ZIPs are removed with it; their dates, sizes and hashes are still stored." in read()
    assert run(["purge"]) == 0
    assert "ZIP" not in read()
