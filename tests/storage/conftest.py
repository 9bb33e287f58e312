"""A scratch database for each test, on SQLite and, where one answers, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from asyncio import events
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from assistant.answers import Address, Agency, Answers, Contact, Nominee, Signatory
from assistant.services.application import applications
from assistant.services.installation.agencies import create_agency
from assistant.storage.database import make_engine, migrate, reader_factory, session_factory
from assistant.storage.sealing import Keyring, new_keyring
from assistant.storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import URL, Engine
    from sqlalchemy.orm import Session, sessionmaker

SERVER = os.environ.get("ASSISTANT_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Store:
    """A scratch database: ``write()`` and ``read()`` open sessions; ``file`` is SQLite's, None on PostgreSQL."""

    engine: Engine
    ring: Keyring
    write: sessionmaker[Session]
    read: sessionmaker[Session]
    file: Path | None
    agency_id: int
    other_agency_id: int

    def raw_bytes(self) -> bytes:
        """Return everything that SQLite has in its files, the log included."""
        assert self.file is not None
        return b"".join(path.read_bytes() for path in sorted(self.file.parent.glob(f"{self.file.name}*")))


def opened(engine: Engine, file: Path | None) -> Store:
    ring = new_keyring()
    write = session_factory(engine, ring)
    with write() as session:
        ids = [create_agency(session, f"Example Agency {number}", now=NOW).id for number in (1, 2)]
        session.commit()
    return Store(
        engine=engine,
        ring=ring,
        write=write,
        read=reader_factory(engine, ring),
        file=file,
        agency_id=ids[0],
        other_agency_id=ids[1],
    )


def wait_for_lock(session: Session, other: Future[Any]) -> None:
    """Wait until somebody waits for a lock on PostgreSQL, or has ended."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while not other.done() and not session.scalar(waits):
        session.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.02)"))


@pytest.fixture
def own_loop() -> Iterator[None]:
    """Let a test start an event loop: a browser of another test in this process leaves its own as the running one."""
    running = events._get_running_loop()
    events._set_running_loop(None)
    yield
    events._set_running_loop(running)


@contextmanager
def scratch_database() -> Iterator[URL]:
    """Make an empty database on PostgreSQL, yield its address, and remove it; skip where no server answers."""
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"moa_test_{uuid4().hex}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip(f"no PostgreSQL answers on {make_url(SERVER).host}:{make_url(SERVER).port}")
    yield make_url(SERVER).set(database=name)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def database() -> Iterator[str]:
    """Return the address of an empty database on PostgreSQL."""
    with scratch_database() as address:
        yield address.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    with scratch_database() as address:
        engine = make_engine(address.render_as_string(hide_password=False))
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def sqlite_store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "assistant.sqlite3"
    shutil.copy(empty_database, path)
    engine = make_engine(f"sqlite:///{path}")
    yield opened(engine, path)
    engine.dispose()


@pytest.fixture
def postgresql_store(postgresql: Engine) -> Store:
    with postgresql.begin() as connection:
        tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return opened(postgresql, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.write() as session:
        yield session


def nominee(name: str, **values: object) -> Nominee:
    return Nominee(full_name=name, models=("TFM",), **values)  # type: ignore[arg-type]


@pytest.fixture
def answers() -> Answers:
    return Answers(
        agency=Agency(
            legal_name="Example County Sheriff’s Office",
            kind="county",
            state="FL",
            address=Address(street="100 Main Street", city="Example City", state="FL", zip="34652"),
        ),
        models=("TFM", "WSO"),
        signatory=Signatory(full_name="Jordan Núñez", title="Sheriff"),
        program_contact=Contact(full_name="Sam O’Brien", phone="(727) 555-0102"),
        nominees=(nominee("Alex Nguyễn", rank="Deputy"), nominee("Robin Peña", rank="Sergeant")),
    )


@pytest.fixture
def public_id(store: Store, answers: Answers) -> UUID:
    """An application of these answers, stored."""
    with store.write() as session:
        application = applications.create(session, store.agency_id, now=NOW, answers=answers)
        session.commit()
        return application.public_id
