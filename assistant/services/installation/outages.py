"""Tell an outage from a fault of ours: a full disk, a database that does not answer, is damaged or cannot be written.

An outage is nobody's mistake in the program: the person at the screen can do something about it, and try again.
Everything else that goes wrong is no outage.
"""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

STORAGE_ERRORS = (DBAPIError, PoolTimeoutError, OSError, sqlite3.Error)
"""The kinds of error among which an outage may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What is the matter, as it stands after "because", and what to do about it.

    ``code`` names it in the log. ``readable`` says that pages can still be read from the database. ``answer`` is a
    whole sentence that stands in place of "… because …".
    """

    code: str
    because: str
    advice: str
    readable: bool
    answer: str = ""

    def sentence(self, undone: str) -> str:
        """Return what to tell the person: ``undone`` says what could not be done."""
        first = f"{self.answer} {undone}." if self.answer else f"{undone} because {self.because}."
        return f"{first} {self.advice}"


DISK_FULL = Outage(
    code="disk-full",
    because="the disk of this computer is full",
    advice="Free some space on the disk, then try again.",
    readable=True,
)
NOT_WRITABLE = Outage(
    code="not-writable",
    because="this program may not write to its database or its folder",
    advice="Ask whoever runs this program to make both writable, then try again.",
    readable=True,
)
BUSY = Outage(
    code="busy",
    because="the database was busy with other work for too long",
    advice="Wait a minute, then try again.",
    readable=True,
)
NO_ANSWER = Outage(
    code="database-away",
    because="",
    advice="Wait a minute, then try again; if it happens again, tell whoever runs this program.",
    readable=False,
    answer="The database does not answer.",
)
DAMAGED = Outage(
    code="database-damaged",
    because="the database is damaged or is not the one of this program",
    advice="Tell whoever runs this program: a backup can be put back with moa restore.",
    readable=False,
)

_FULL_NUMBERS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CLOSED_NUMBERS = {errno.EROFS, errno.EACCES, errno.EPERM}
# https://www.sqlite.org/rescode.html: the primary codes.
_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_PERM: NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CANTOPEN: NO_ANSWER,
    sqlite3.SQLITE_IOERR: NO_ANSWER,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes first, then classes.
_SQLSTATES = {
    "53100": DISK_FULL,
    "25006": NOT_WRITABLE,
    "55P03": BUSY,
    "57014": BUSY,
    "3D000": DAMAGED,
    "42P01": DAMAGED,
    "08": NO_ANSWER,
    "53": NO_ANSWER,
    "57": NO_ANSWER,
    "58": NO_ANSWER,
    "XX": DAMAGED,
}
_NO_TABLE = "no such table"


def outage_of(error: BaseException | None) -> Outage | None:
    """Return the outage that an error tells of, or None where it is a fault of the program."""
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, PoolTimeoutError):
        return BUSY
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, OSError):
        return _of_system(error)
    return None


def _of_database(error: DBAPIError) -> Outage | None:
    for cause in _causes(error):
        if isinstance(cause, sqlite3.Error):
            return _of_sqlite(cause)
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            return _SQLSTATES.get(state) or _SQLSTATES.get(state[:2])
    # Without a code of the server there was no answer of the server.
    lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return NO_ANSWER if lost and isinstance(error, DatabaseError | InterfaceError) else None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        found = _SQLITE.get(code & 0xFF)
        if found is not None:
            return found
    return DAMAGED if isinstance(error, sqlite3.OperationalError) and str(error).startswith(_NO_TABLE) else None


def _of_system(error: OSError) -> Outage | None:
    if error.errno in _FULL_NUMBERS:
        return DISK_FULL
    return NOT_WRITABLE if error.errno in _CLOSED_NUMBERS else None


def _causes(error: DBAPIError) -> Iterator[BaseException]:
    cause: BaseException | None = error.orig
    while cause is not None:
        yield cause
        cause = cause.__cause__
