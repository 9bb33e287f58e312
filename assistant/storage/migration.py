"""Bring the tables of a database to the newest state; loaded when that is done, since Alembic takes 100 ms to load."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from assistant.errors import InputError
from assistant.storage.database import without_limit
from assistant.storage.database_failures import damaged
from assistant.storage.queue_tables import make_queue_tables
from assistant.storage.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"
DISAGREEING = {"42P01", "42P07", "42701", "42703", "42704", "42710"}
"""SQLSTATE of a table, column, index or type that is absent, or there already."""
MIGRATION_LOCK = 287_000_001  # any number, so long as only migrations use it


def upgrade_tables(engine: Engine, url: str) -> None:
    """Upgrade the tables of the database at an address, all or nothing; ``database.migrate`` explains what fails.

    Raises:
        InputError: a newer version of this program made the tables.
        DatabaseError: they do not agree with the migrations.
    """
    with engine.begin() as connection, without_limit(connection):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        try:
            command.upgrade(_migrations(connection), "head")
            make_queue_tables(connection)
        except CommandError:
            raise InputError("A newer version of this program made the database. Install that version.") from None
        except DBAPIError as error:
            if _tables_disagree(error):
                # A table that should be there is absent, or one that should not is there.
                raise damaged(url, tables=True) from error
            raise
        if not Base.metadata.tables.keys() <= set(inspect(connection).get_table_names()):
            raise damaged(url, tables=True)


def _tables_disagree(error: DBAPIError) -> bool:
    """Return whether a migration failed on the tables themselves, not on the disk or the connection."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR or state in DISAGREEING


def revision_of(engine: Engine) -> str | None:
    """Return the migration that the tables of a database are at, None where there are none. Changes nothing."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str:
    """Return the migration that this version of the program needs."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def differences(engine: Engine) -> list[Any]:
    """Return what the tables in the database lack or have beyond ``tables``; empty when they agree."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def _migrations(connection: Connection) -> Any:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
