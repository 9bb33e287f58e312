"""Tell an outage from a fault of ours: a full disk, a database that does not answer, is damaged or cannot be written.

An outage is nobody's mistake in the program: a person can do something about it, and try again. Knows the error
numbers of the system, of SQLite and of PostgreSQL; the pages and the commands each say in their own words what to do.
"""

from __future__ import annotations

import errno
import sqlite3
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, sqlite3.Error)
"""What a database fails with."""
STORAGE_ERRORS = (*DATABASE_ERRORS, OSError)
"""The kinds of error among which an outage may be."""


class Cause(Enum):
    """Why a database or a disk cannot be used."""

    DISK_FULL = "the disk has no room"
    DISK_FAILED = "the disk cannot be read or written"
    NOT_WRITABLE = "the file, the folder or the table may not be written"
    NOT_OPENED = "the file cannot be opened"
    BUSY = "another program has it; waiting helps"
    NO_ANSWER = "the server is away, or does not let this user in"
    DAMAGED = "what is there is no whole database"
    TABLE_ABSENT = "a table of this program is not there"


_SYSTEM = {
    errno.ENOSPC: Cause.DISK_FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): Cause.DISK_FULL,  # Windows has no quotas of that name
    errno.EIO: Cause.DISK_FAILED,
    errno.EROFS: Cause.NOT_WRITABLE,
    errno.EACCES: Cause.NOT_WRITABLE,
    errno.EPERM: Cause.NOT_WRITABLE,
}
# https://www.sqlite.org/rescode.html: the primary codes.
_SQLITE = {
    sqlite3.SQLITE_PERM: Cause.NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: Cause.BUSY,
    sqlite3.SQLITE_LOCKED: Cause.BUSY,
    sqlite3.SQLITE_READONLY: Cause.NOT_WRITABLE,
    # There is no server that could be away: the disk itself failed.
    sqlite3.SQLITE_IOERR: Cause.DISK_FAILED,
    sqlite3.SQLITE_CORRUPT: Cause.DAMAGED,
    sqlite3.SQLITE_FULL: Cause.DISK_FULL,
    # The folder is gone or closed. A file that opens and may only be read is SQLITE_READONLY.
    sqlite3.SQLITE_CANTOPEN: Cause.NOT_OPENED,
    sqlite3.SQLITE_NOTADB: Cause.DAMAGED,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html, by the beginning of SQLSTATE; the longest that fits
# is taken.
_SQLSTATES = {
    "08": Cause.NO_ANSWER,
    "25006": Cause.NOT_WRITABLE,
    # Name or password is wrong: whoever runs the program sets it right, no page and no command can.
    "28": Cause.NO_ANSWER,
    # The server has no database of that name: database_url is wrong, or somebody dropped it. Nothing is damaged, and
    # `moa restore` would find no database to restore into.
    "3D": Cause.NO_ANSWER,
    "40P01": Cause.BUSY,
    "42501": Cause.NOT_WRITABLE,
    "42P01": Cause.TABLE_ABSENT,
    # The server did answer: it has too many connections or too little memory just now.
    "53": Cause.BUSY,
    "53100": Cause.DISK_FULL,
    "55P03": Cause.BUSY,
    # The server is going down or starting; but a statement that ran out of time (57014) was waiting for others.
    "57": Cause.NO_ANSWER,
    "57014": Cause.BUSY,
    # "System error" of the server: input and output, a file that is gone.
    "58": Cause.DISK_FAILED,
    # XX000, an internal error of the server, says nothing about the data: nobody should restore a backup for it.
    "XX001": Cause.DAMAGED,
    "XX002": Cause.DAMAGED,
}
_NO_TABLE = "no such table"


def find_cause(error: BaseException | None) -> Cause | None:
    """Return the cause of an outage that an error tells of, or None where it is a fault of the program."""
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, PoolTimeoutError):
        return Cause.BUSY
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    return _SYSTEM.get(error.errno or 0) if isinstance(error, OSError) else None


def _of_database(error: DBAPIError) -> Cause | None:
    for one in _chain(error):
        if isinstance(one, sqlite3.Error):
            return _of_sqlite(one)
        state = getattr(one, "sqlstate", None)
        if isinstance(state, str):
            fitting = [start for start in _SQLSTATES if state.startswith(start)]
            return _SQLSTATES[max(fitting, key=len)] if fitting else None
    # Without a code of the server there was no answer of the server.
    connection_lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return Cause.NO_ANSWER if connection_lost and isinstance(error, DatabaseError | InterfaceError) else None


def _of_sqlite(error: sqlite3.Error) -> Cause | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and (cause := _SQLITE.get(code & 0xFF)):
        return cause
    # SQLite has no code of its own for it.
    absent = isinstance(error, sqlite3.OperationalError) and str(error).startswith(_NO_TABLE)
    return Cause.TABLE_ABSENT if absent else None


def _chain(error: DBAPIError) -> Iterator[BaseException]:
    cause: BaseException | None = error.orig
    while cause is not None:
        yield cause
        cause = cause.__cause__
