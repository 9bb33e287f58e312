"""What a failing database means for the person at the screen: one sentence that says what to do, or a fault of ours.

The sentence names the file or the server, never a password.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from assistant.errors import DamagedDatabaseError, DatabaseError
from assistant.storage.outages import DATABASE_ERRORS, Cause, find_cause

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE = "sqlite:///"
LEAST_FREE = 100_000
"""Bytes: the index of the log alone takes 32,768, and a change a few pages."""
DAMAGED = (
    "The database {name} is damaged. Restore your last backup with `moa restore FILE.zip`. The damaged file is "
    "renamed, not deleted."
)
SERVER_DAMAGED = (
    "The database {name} is damaged, or its tables are not as this program made them. Set database_url to an "
    "empty database, and restore your last backup with `moa restore FILE.zip`."
)
TABLES_DIFFER = (
    "The tables in the database {name} are not as this program made them. Restore your last backup with `moa "
    "restore FILE.zip`. The file that is there is renamed, not deleted."
)
FULL = "The disk that holds the database {name} is full. Free some space and try again. Nothing was changed."
CLOSED = "The database {name} cannot be opened or written. Check that its folder exists, and its permissions."
UNREADABLE_DISK = (
    "The disk that holds the database {name} cannot be read or written. Check that it is connected and has free "
    "space, and try again. Nothing was changed."
)
BUSY = "The database {name} is in use by another program. Wait until that is done, and try again. Nothing was changed."
AWAY = (
    "The database {name} does not answer, or does not let this user in. Check that the server is running and "
    "that database_url is right, and try again."
)

_SENTENCES = {
    Cause.DISK_FULL: FULL,
    Cause.DISK_FAILED: UNREADABLE_DISK,
    Cause.NOT_WRITABLE: CLOSED,
    Cause.NOT_OPENED: CLOSED,
    Cause.BUSY: BUSY,
    Cause.NO_ANSWER: AWAY,
}
"""Damage to a file and to a server get different sentences. A command brings the tables up to date first, and says then
what differs: that one is absent later is a fault of this program."""


@contextmanager
def explain_failures(url: str) -> Iterator[None]:
    """Turn what the database at ``url`` fails with into one sentence, where it is no fault of this program.

    Raises:
        DatabaseError: the database is away, closed, full, busy or damaged.
    """
    try:
        yield
    except DATABASE_ERRORS as error:
        explanation = explain(error, url)
        if explanation is None:
            raise
        raise explanation from error


def explain(error: BaseException, url: str) -> DatabaseError | None:
    """Return the error to show for what a database driver raised, or None where this program is at fault."""
    cause = find_cause(error)
    if cause is Cause.DISK_FAILED and url.startswith(SQLITE) and _is_full(Path(url.removeprefix(SQLITE)).parent):
        cause = Cause.DISK_FULL
    of_copy = _is_sqlite(error) and not url.startswith(SQLITE)
    name = "copy that was being made" if of_copy else name_of(url)
    if cause is Cause.DAMAGED:
        return DamagedDatabaseError((DAMAGED if _is_sqlite(error) else SERVER_DAMAGED).format(name=name))
    sentence = None if cause is None else _SENTENCES.get(cause)
    return None if sentence is None else DatabaseError(sentence.format(name=name))


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
