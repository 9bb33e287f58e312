"""Tables for comments, requests for a review, locks and decisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("comments", "review_requests", "application_locks", "decisions")


def _make(table: str, *columns: sa.Column[Any], public: bool = True) -> None:
    ids: list[sa.Column[Any] | sa.Constraint] = []
    if public:
        ids = [
            sa.Column("public_id", sa.Uuid(), nullable=False),
            sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        ]
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *ids,
        *columns,
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f(f"fk_{table}_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_application_id"), table, ["application_id"], unique=False)


def _ended(name: str) -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column(f"{name}_by", sa.String(length=64), nullable=True),
        sa.Column(f"{name}_at", sa.DateTime(), nullable=True),
    )


def _sealed(name: str) -> sa.Column[Any]:
    return sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    _make(
        "comments",
        sa.Column("path", sa.String(length=120), nullable=False),
        *_ended("resolved"),
        sa.Column("purged_at", sa.DateTime(), nullable=True),
        _sealed("text"),
    )
    _make("review_requests", *_ended("closed"), _sealed("note"))
    _make("application_locks", *_ended("ended"), public=False)
    _make(
        "decisions",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        _sealed("name"),
        _sealed("reason"),
    )


def downgrade() -> None:
    """Drop the tables, and every comment and decision in them."""
    for table in reversed(TABLES):
        op.drop_index(op.f(f"ix_{table}_application_id"), table_name=table)
        op.drop_table(table)
