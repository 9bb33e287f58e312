"""The database: engine, sessions, migrations. SQLite by default, PostgreSQL with the same code.

Knows no request: the caller opens a session for each request, commits it once and closes it. A session from
``session_factory`` may write: on SQLite it takes the write lock when it begins, so that nothing it has read can
change before it writes. A session from ``reader_factory`` cannot write, and never waits for one that does.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker

from assistant.errors import InputError
from assistant.storage import (
    account_tables,
    after_export_tables,
    approval_tables,
    batch_tables,
    draft_tables,
    listing_tables,
    roster_tables,
)
from assistant.storage.database_failures import SQLITE, explain_failures
from assistant.storage.tables import KEYRING, sealing_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from assistant.storage.sealing import Keyring

MORE_TABLES = (
    account_tables, after_export_tables, approval_tables, batch_tables, draft_tables, listing_tables, roster_tables,
)  # fmt: skip
"""Modules whose tables belong to the same metadata as those of ``tables``: a database has them all."""
BUSY_SECONDS = 30
LATER = "sqlite_write_later"
"""The option of a connection that first reads without taking SQLite's one lock for writing."""
READS_ONLY = {"sqlite_reads_only": True, "postgresql_readonly": True}
FILE_IDENTITY = "sqlite_file_identity"
"""The key under which a connection remembers which file it opened."""
# secure_delete overwrites what is deleted; temp_store keeps sorting from writing copies beside the database.
PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)


def make_engine(url: str) -> Engine:
    """Return an engine for ``sqlite:///path`` or ``postgresql+psycopg://…``; the path is taken letter for letter.

    Raises:
        InputError: it is no address of a database, or the driver for it is not installed.
    """
    if url.partition("?")[0].rstrip("/") in {"sqlite:", "sqlite:///:memory:"}:
        raise InputError("database_url names no file: what is saved would be lost when the program ends.")
    try:
        return _make_engine(url)
    except (ArgumentError, NoSuchModuleError):
        raise InputError(
            "database_url is not the address of a database. Write postgresql+psycopg://USER@HOST/NAME, or leave it out."
        ) from None
    except ModuleNotFoundError as error:
        raise InputError(
            f"The driver {error.name} for database_url is not installed: install moa-assistant[postgresql]."
        ) from None


def _make_engine(url: str) -> Engine:
    # Read as an address, a ? in a folder's name would end the path, and %20 would be a space.
    address = URL.create("sqlite", database=url.removeprefix(SQLITE)) if url.startswith(SQLITE) else make_url(url)
    engine = create_engine(address, connect_args=_connect_args(address), pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _watch_file(engine, Path(str(address.database)))
    else:
        event.listen(engine, "do_connect", _connect_postgresql)
    return engine


def session_factory(engine: Engine, keyring: Keyring) -> sessionmaker[Session]:
    """Return what opens sessions that may write."""
    return sessionmaker(engine, expire_on_commit=False, info={KEYRING: keyring})


def reader_factory(engine: Engine, keyring: Keyring) -> sessionmaker[Session]:
    """Return what opens sessions that only read; the database itself refuses a change in them."""
    return sessionmaker(engine.execution_options(**READS_ONLY), expire_on_commit=False, info={KEYRING: keyring})


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest state, all or nothing; many processes may do so at once.

    Raises:
        InputError: they are of a newer version of this program.
        DatabaseError: the database is away, closed, full, busy or damaged.
    """
    from assistant.storage.migration import upgrade_tables  # noqa: PLC0415 - Alembic takes 100 ms to load

    with explain_failures(url_of(engine)):
        upgrade_tables(engine, url_of(engine))


def url_of(engine: Engine) -> str:
    """Return the address that ``make_engine`` was given."""
    if engine.dialect.name == "sqlite":
        return f"{SQLITE}{engine.url.database}"
    return engine.url.render_as_string(hide_password=False)


def erase_leftovers(engine: Engine) -> bool:
    """Clear what deleted and changed rows left behind in the files; call it after the commit of a purge.

    On SQLite, ``secure_delete`` has overwritten the rows already, and the log is emptied here; say False where a
    reader keeps it in use for so long that it must be tried again. PostgreSQL rewrites the tables; its own
    write-ahead log and its backups stay the business of whoever runs the server.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()  # no transaction may be open around a checkpoint
        try:
            busy, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
        return not busy
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection, without_limit(connection):
        names = ", ".join(table.__tablename__ for table in sealing_tables())
        connection.execute(text(f"VACUUM (FULL) {names}"))
    return True


def _connect_args(address: URL) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if address.get_backend_name() == "sqlite" else {"connect_timeout": 10}


def _connect_postgresql(_dialect: object, _record: object, arguments: Any, settings: dict[str, Any]) -> Any:
    from assistant.storage.answer_limit import connect  # noqa: PLC0415 - psycopg is absent where PostgreSQL is not used

    return connect(*arguments, **settings)


@contextmanager
def without_limit(connection: Connection) -> Iterator[None]:
    """Let the server take as long as it needs, for work that grows with the tables."""
    driver: Any = connection.connection.driver_connection
    limited = hasattr(driver, "answer_seconds")
    if limited:
        driver.answer_seconds = None
    try:
        yield
    finally:
        if limited:
            del driver.answer_seconds


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _watch_file(engine: Engine, path: Path) -> None:
    """Use the database file only while it is at its path.

    An open file that was moved or deleted still takes every write, and nobody finds those writes later. While there
    is no file at the path, using the database fails, and no empty file takes its place; once another file is there
    (``moa restore`` puts one there), connections open that one.
    """
    opened = False

    def check_present(*_: object) -> None:
        if opened and _identity_of_file(path) is None:
            raise _absent_file()

    def remember(_connection: object, record: Any) -> None:
        nonlocal opened
        opened = True
        record.info[FILE_IDENTITY] = _identity_of_file(path)

    def compare(_connection: object, record: Any, _proxy: object) -> None:
        identity = _identity_of_file(path)
        if identity is None:
            raise _absent_file()
        if identity != record.info.get(FILE_IDENTITY):
            raise DisconnectionError

    event.listen(engine, "do_connect", check_present)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _identity_of_file(path: Path) -> tuple[int, int] | None:
    """Return the device and the inode of the file at ``path``, or None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _absent_file() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("unable to open database file: it is no longer at its path")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    return error


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads_only = bool(options.get("sqlite_reads_only"))
    if connection.info.get("query_only") is not reads_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
        connection.info["query_only"] = reads_only
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only or options.get(LATER) else "BEGIN IMMEDIATE")
