"""What a failing database means for the person at the screen: one sentence that says what to do, or a fault of ours.

Knows the error numbers of SQLite and PostgreSQL. The sentence names the file or the server, never a password.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assistant.errors import DamagedDatabaseError, DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE = "sqlite:///"
LEAST_FREE = 100_000
"""Bytes: the index of the log alone takes 32,768, and a change a few pages."""
DAMAGED = (
    "The database {name} is damaged. Bring your last backup back with `moa restore FILE.zip`: "
    "the damaged file is set aside, not deleted."
)
SERVER_DAMAGED = (
    "The database {name} is damaged, or its tables are not as this program made them. Let database_url name an empty "
    "database, and bring your last backup back with `moa restore FILE.zip`."
)
TABLES_DIFFER = (
    "The tables in the database {name} are not as this program made them. Bring your last backup back with "
    "`moa restore FILE.zip`: the file that is there is set aside, not deleted."
)
FULL = "The disk that holds the database {name} is full. Free some space and try again; nothing was changed."
CLOSED = "The database {name} cannot be opened or written. Check that its folder exists, and its permissions."
UNREADABLE_DISK = (
    "The disk that holds the database {name} cannot be read or written. Check that it is connected and has free space, "
    "and try again; nothing was changed."
)
BUSY = "The database {name} is in use by another program. Wait until that is done, and try again; nothing was changed."
AWAY = (
    "The database {name} does not answer, or does not let this user in. Check that the server runs and that "
    "database_url is right, and try again."
)

_SQLITE_SENTENCES = {
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: CLOSED,
    sqlite3.SQLITE_IOERR: UNREADABLE_DISK,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_POSTGRESQL_SENTENCES = {  # by the beginning of SQLSTATE; the longest that fits is taken
    "08": AWAY,
    "25006": CLOSED,
    "28": AWAY,
    "3D": AWAY,
    "40P01": BUSY,
    "42501": CLOSED,
    "53": BUSY,
    "53100": FULL,
    "55P03": BUSY,
    "57": AWAY,
    "58": UNREADABLE_DISK,
    "XX001": SERVER_DAMAGED,
    "XX002": SERVER_DAMAGED,
}


@contextmanager
def explain_failures(url: str) -> Iterator[None]:
    """Turn what the database at ``url`` fails with into one sentence, where it is no fault of this program.

    Raises:
        DatabaseError: the database is away, closed, full, busy or damaged.
    """
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
        found = explain(error, url)
        if found is None:
            raise
        raise found from error


def explain(error: BaseException, url: str) -> DatabaseError | None:
    """Return the error to show for what a database driver raised, or None where this program is at fault."""
    sentence = _sentence_of(error)
    if sentence is None:
        return None
    if sentence == UNREADABLE_DISK and url.startswith(SQLITE) and _is_full(Path(url.removeprefix(SQLITE)).parent):
        sentence = FULL
    kind = DamagedDatabaseError if sentence in {DAMAGED, SERVER_DAMAGED} else DatabaseError
    of_copy = _is_sqlite(error) and not url.startswith(SQLITE)
    return kind(sentence.format(name="copy that was being made" if of_copy else name_of(url)))


def damaged(url: str, *, tables: bool = False) -> DamagedDatabaseError:
    """Return the error for a database that is not whole, or whose ``tables`` are not ours."""
    sentence = (TABLES_DIFFER if tables else DAMAGED) if url.startswith(SQLITE) else SERVER_DAMAGED
    return DamagedDatabaseError(sentence.format(name=name_of(url)))


def name_of(url: str) -> str:
    """Return how a person knows a database: its file, or its name and server; no user and no password."""
    if url.startswith(SQLITE):
        return url.removeprefix(SQLITE)
    try:
        address = make_url(url)
    except ArgumentError:
        return "of database_url"
    host = f" on {address.host}" if address.host else ""
    return f"{address.database or ''}{host}{f':{address.port}' if address.port else ''}".strip()


def _is_full(folder: Path) -> bool:
    """Return whether the disk has no room for the files beside a database; SQLite calls that an error of the disk."""
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except OSError:
        return False


def _is_sqlite(error: BaseException) -> bool:
    return isinstance(error.orig if isinstance(error, DBAPIError) else error, sqlite3.Error)


def _sentence_of(error: BaseException) -> str | None:
    if isinstance(error, PoolTimeoutError):
        return BUSY
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", None)
        return None if number is None else _SQLITE_SENTENCES.get(number & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # The driver got no answer from the server at all.
        return AWAY if type(cause).__name__ in {"OperationalError", "ConnectionTimeout"} else None
    fitting = [start for start in _POSTGRESQL_SENTENCES if str(state).startswith(start)]
    return _POSTGRESQL_SENTENCES[max(fitting, key=len)] if fitting else None
