"""The tables of Procrastinate, which keeps the jobs of `moa worker`; on PostgreSQL alone, in a schema of their own.

The SQL is a copy: what a migration makes must not change with the version of a package. A newer version of
Procrastinate that needs other tables gets a migration of its own.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from assistant.errors import InputError
from assistant.storage.job_queue import SCHEMA

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("0013_procrastinate.sql")
FIND_SCHEMA = "SELECT count(*) FROM pg_namespace WHERE nspname = :name"
MAY_MAKE = "SELECT has_database_privilege(current_database(), 'CREATE')"
MAY_NOT = (
    f"The user of the database may make no schema. Have its owner run CREATE SCHEMA {SCHEMA} AUTHORIZATION with the "
    "name of that user, and try again."
)


def upgrade() -> None:
    """Make schema, tables and functions."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    if not connection.scalar(sa.text(FIND_SCHEMA), {"name": SCHEMA}):
        if not connection.scalar(sa.text(MAY_MAKE)):
            raise InputError(MAY_NOT)
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    earlier = connection.scalar(sa.text("SELECT current_setting('search_path')"))
    search = sa.text("SELECT set_config('search_path', :path, true)")
    connection.execute(search, {"path": SCHEMA})
    connection.exec_driver_sql(SQL.read_text("utf-8"), execution_options={"no_parameters": True})
    connection.execute(search, {"path": earlier})


def downgrade() -> None:
    """Drop them, and every job that waits."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
