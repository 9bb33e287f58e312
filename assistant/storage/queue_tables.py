"""The tables of the queue on PostgreSQL: made by migration 0013, or at a later start, once the user may make them.

An installation that does not use the queue needs none of them, so a user of the database that may make no schema keeps
nobody from upgrading.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from assistant.errors import InputError
from assistant.storage.job_queue import SCHEMA, search_in_schema

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

SQL = Path(__file__).parent / "migrations" / "versions" / "0013_procrastinate.sql"
_HAS_TABLES = text("SELECT count(*) FROM pg_tables WHERE schemaname = :name AND tablename = 'procrastinate_jobs'")
_MAY_USE_SCHEMA = text(
    "SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM pg_namespace"
    " WHERE nspname = :name"
)
"""NULL where there is no such schema."""
_MAY_MAKE_SCHEMA = text("SELECT has_database_privilege(current_database(), 'CREATE')")
_USER = text("SELECT quote_ident(current_user)")


def make_queue_tables(connection: Connection) -> None:
    """Make schema, tables and functions on PostgreSQL, where they are absent and this user may make them."""
    if connection.dialect.name != "postgresql" or has_queue_tables(connection):
        return
    may_use = connection.scalar(_MAY_USE_SCHEMA, {"name": SCHEMA})
    if may_use is None and connection.scalar(_MAY_MAKE_SCHEMA):
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    elif not may_use:
        return
    with search_in_schema(connection):
        connection.exec_driver_sql(SQL.read_text("utf-8"), execution_options={"no_parameters": True})


def has_queue_tables(connection: Connection | Session) -> bool:
    """Return whether a database on PostgreSQL has the tables of the queue."""
    return bool(connection.scalar(_HAS_TABLES, {"name": SCHEMA}))


def require_queue_tables(connection: Connection | Session) -> None:
    """Do nothing where a database on PostgreSQL has the tables of the queue.

    Raises:
        InputError: it has none; the message is what its owner must run.
    """
    if has_queue_tables(connection):
        return
    user = connection.scalar(_USER)
    is_there = connection.scalar(_MAY_USE_SCHEMA, {"name": SCHEMA}) is not None
    statement = f"ALTER SCHEMA {SCHEMA} OWNER TO {user}" if is_there else f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {user}"
    raise InputError(
        f"The user of the database may not make the tables of the queue: have the owner of the database run {statement}"
        " and start this again."
    )
