from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from assistant.answers import Answers
from assistant.app import create_app
from assistant.config import Config
from assistant.errors import DamagedDatabaseError, SealError
from assistant.services.application import applications
from assistant.services.installation import keys
from assistant.services.installation.rotate_keys import reseal_everything
from assistant.storage.database import make_engine, migrate, session_factory
from assistant.storage.migration import differences
from assistant.storage.sealing import new_keyring, write_keyring
from assistant.storage.tables import Application, UtcDateTime

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


def test_migrations_and_tables_agree(store: Store) -> None:
    assert differences(store.engine) == []


def test_a_missing_column_is_a_difference(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE settings DROP COLUMN value"))
    assert len(differences(engine)) == 1
    engine.dispose()


@pytest.mark.parametrize("name", ["what now?", "100 % done", "a%20b", "no. #3", "Büro ễ", "o'clock", "a&b=c"])
def test_the_database_lies_in_its_folder_whatever_that_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    engine = make_engine(f"sqlite:///{(folder / 'assistant.sqlite3').as_posix()}")
    migrate(engine)
    engine.dispose()
    assert (folder / "assistant.sqlite3").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_migrating_again_changes_nothing(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    session.commit()
    migrate(store.engine)
    with store.read() as reading:
        assert applications.get(reading, store.agency_id, application.public_id).answers == answers


def test_many_may_migrate_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from assistant.storage.database import make_engine, migrate; "
        "engine = make_engine(sys.argv[1]); migrate(engine); engine.dispose()"
    )
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"

    def start(_number: int) -> int:
        # From another folder: nothing may lean on the one it is started in.
        environment = os.environ | {"PYTHONPATH": os.getcwd()}  # noqa: PTH109 - the folder of the clone
        return subprocess.run(
            [sys.executable, "-c", code, address], cwd=tmp_path, env=environment, check=False
        ).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, range(3))) == [0, 0, 0]
    engine = make_engine(address)
    assert differences(engine) == []
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'half.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE exports (id INTEGER)"))  # stands in the way halfway through
    with pytest.raises(DamagedDatabaseError, match="not as this program made them"):
        migrate(engine)
    assert inspect(engine).get_table_names() == ["exports"]
    engine.dispose()


def test_sqlite_is_opened_for_safety(sqlite_store: Store) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "secure_delete": 1,
        "trusted_schema": 0,
    }
    for factory in (sqlite_store.write, sqlite_store.read):
        with factory() as session:
            found = {name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in expected}
        assert found == expected


def test_a_writer_locks_as_it_begins_and_a_reader_never_waits(sqlite_store: Store) -> None:
    with sqlite_store.write() as writing:
        writing.execute(text("SELECT 1"))
        with sqlite_store.read() as reading:
            assert applications.list_for(reading, sqlite_store.agency_id) == []
        assert sqlite_store.file is not None
        other = sqlite3.connect(sqlite_store.file, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_session_that_wrote_can_follow_one_that_only_read(sqlite_store: Store) -> None:
    # Both come from one pool: the ban on writing must not stay with the connection.
    for _ in range(3):
        with sqlite_store.read() as session:
            applications.list_for(session, sqlite_store.agency_id)
        with sqlite_store.write() as session:
            applications.create(session, sqlite_store.agency_id, now=NOW)
            session.commit()


def test_nothing_belongs_to_an_agency_that_is_not_there(session: Session) -> None:
    with pytest.raises(IntegrityError):
        applications.create(session, 999, now=NOW)


def test_a_moment_needs_its_zone(store: Store, session: Session) -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), session.get_bind().dialect)  # noqa: DTZ001 - on purpose
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - on purpose
    with pytest.raises(Exception, match="time zone"):
        applications.create(session, store.agency_id, now=naive)


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE applications SET document_sealed = title_sealed WHERE id = 1",
        """UPDATE applications SET document_sealed = (SELECT document_sealed FROM applications WHERE id = 2)
        WHERE id = 1""",
    ],
)
def test_a_swapped_column_or_row_does_not_open(store: Store, answers: Answers, swap: str) -> None:
    with store.write() as session:
        made = [applications.create(session, store.agency_id, now=NOW, answers=a) for a in (answers, Answers())]
        assert [application.id for application in made] == [1, 2]
        session.commit()
    with store.engine.begin() as connection:
        connection.execute(text(swap))
    with store.read() as session:
        found = applications.get(session, store.agency_id, made[0].public_id)
        with pytest.raises(SealError, match=r"applications\.document\.[0-9a-f]{32}: This was changed outside"):
            _ = found.answers


def test_keys_are_held_against_the_database(store: Store) -> None:
    with store.write() as session:
        keys.confirm_keys(session)
        session.commit()
    with store.read() as session:
        keys.confirm_keys(session)
    with session_factory(store.engine, new_keyring())() as session, pytest.raises(SealError, match="key file"):
        keys.confirm_keys(session)


def test_a_new_key_reseals_everything(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    keys.confirm_keys(session)
    session.commit()
    newer = store.ring.with_new_key()
    # Two agencies; title and document of one application, one line of its history.
    assert reseal_everything(store.engine, newer) == (2 + 2 + 1, [])
    assert reseal_everything(store.engine, newer) == (0, [])
    with session_factory(store.engine, newer.without_old_keys())() as fresh:
        keys.confirm_keys(fresh)
        assert applications.get(fresh, store.agency_id, application.public_id).answers == answers
    with store.write() as old, pytest.raises(SealError):
        _ = old.get_one(Application, application.id).title


def test_a_sealed_text_needs_a_session() -> None:
    with pytest.raises(RuntimeError, match="session"):
        Application().title = "x"


def test_the_wizard_does_not_start_on_anothers_keys(tmp_path: Path) -> None:
    config = Config(instance_dir=tmp_path)
    create_app(config).extensions["assistant"].engine.dispose()
    write_keyring(config.keyring_file, new_keyring())
    with pytest.raises(SealError, match="right key file"):
        create_app(config)
