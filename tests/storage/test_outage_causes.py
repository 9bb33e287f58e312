"""One classification of what a database or a disk fails with serves the pages and the commands."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError as AnyDatabaseError
from sqlalchemy.exc import OperationalError, ProgrammingError

from assistant.services.installation.outages import outage_of
from assistant.storage.database_failures import explain
from assistant.storage.outages import Cause, find_cause

SERVER = "postgresql+psycopg://clerk@127.0.0.1/records"


class ServerError(Exception):
    """Stands for the driver's."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("words of the driver")
        self.sqlstate = sqlstate


def of_sqlite(code: int, words: str = "words of the driver") -> OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("state", "page", "command"),
    [
        ("28P01", "database-away", "does not answer, or does not let this user in"),
        ("3D000", "database-away", "database_url is right"),
        ("40P01", "busy", "is in use"),
        ("42501", "not-writable", "cannot be opened or written"),
        ("53100", "disk-full", "is full"),
        ("53300", "busy", "is in use"),
        ("57014", "busy", "is in use"),
        ("57P01", "database-away", "does not answer"),
        ("58030", "disk-failed", "cannot be read or written"),
        ("XX001", "database-damaged", "is damaged"),
        ("XX000", None, None),
        ("42703", None, None),
        # A page finds that somebody replaced the database; a command has just made the tables.
        ("42P01", "database-damaged", None),
    ],
)
def test_pages_and_commands_agree_on_a_server(state: str, page: str | None, command: str | None) -> None:
    error = AnyDatabaseError("SELECT 1", {}, ServerError(state))
    outage, sentence = outage_of(error), explain(error, SERVER)
    assert (outage.code if outage else None) == page
    assert (sentence is None) is (command is None)
    assert command is None or command in str(sentence)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, Cause.DISK_FAILED),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, Cause.NOT_OPENED),
        (sqlite3.SQLITE_READONLY_DBMOVED, Cause.NOT_WRITABLE),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Cause.BUSY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_MISUSE, None),
    ],
)
def test_longer_codes_of_sqlite_go_by_their_primary_code(code: int, cause: Cause | None) -> None:
    assert find_cause(of_sqlite(code)) is cause


def test_a_failing_disk_is_not_called_a_database_that_does_not_answer() -> None:
    outage = outage_of(of_sqlite(sqlite3.SQLITE_IOERR_READ))
    assert outage is not None
    assert outage.sentence("This page cannot be shown").startswith("This page cannot be shown because the disk")
    assert find_cause(OSError(errno.EIO, "Input/output error")) is Cause.DISK_FAILED
    assert find_cause(OSError(errno.EBADF, "Bad file descriptor")) is None


def test_an_absent_table_is_an_outage_and_an_absent_column_is_not() -> None:
    assert find_cause(of_sqlite(sqlite3.SQLITE_ERROR, "no such table: exports")) is Cause.TABLE_ABSENT
    assert find_cause(of_sqlite(sqlite3.SQLITE_ERROR, "no such column: x")) is None
    assert find_cause(ProgrammingError("SELECT 1", {}, Exception("no code"))) is None
