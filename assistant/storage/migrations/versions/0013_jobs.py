"""The tables of Procrastinate, which keeps the jobs of `moa worker`; on PostgreSQL alone, in a schema of their own.

The SQL is a copy: what a migration makes must not change with the version of a package. A newer version of
Procrastinate that needs other tables gets a migration of its own, which changes nothing where the tables are absent.
Where the user may make no schema, none is made, and `upgrade_tables` tries again at each start.
"""

import sqlalchemy as sa
from alembic import op

from assistant.storage.job_queue import SCHEMA
from assistant.storage.queue_tables import make_queue_tables

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make schema, tables and functions, where this user may."""
    make_queue_tables(op.get_bind())


def downgrade() -> None:
    """Drop them, and every job that waits."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
