"""Tables for people, their roles, sign-ins, tries to sign in, one-time links and recovery codes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = (
    ("memberships", ("agency_id",)),
    ("sign_ins", ("person_id",)),
    ("sign_in_tries", ("subject", "at")),
    ("sign_in_tries", ("at",)),
    ("setup_links", ("person_id",)),
    ("recovery_codes", ("person_id",)),
)
TABLES = ("people", "memberships", "sign_ins", "sign_in_tries", "setup_links", "recovery_codes")


def _make(table: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _digest(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    """Make the tables; nobody has an account yet."""
    _make(
        "people",
        sa.Column("public_id", sa.Uuid(), nullable=False),
        *map(_digest, ("email_digest", "email_sealed", "name_sealed", "password_sealed", "code_secret_sealed")),
        sa.Column("code_step", sa.BigInteger(), nullable=False),
        _moment("created_at"),
        _moment("disabled_at", nullable=True),
        _moment("locked_at", nullable=True),
        _unique("people", "public_id"),
        _unique("people", "email_digest"),
    )
    _make(
        "memberships",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        _moment("created_at"),
        _belongs("memberships", "person_id", "people"),
        _belongs("memberships", "agency_id", "agencies"),
        _unique("memberships", "person_id", "agency_id", "role"),
    )
    _make(
        "sign_ins",
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _digest("token_digest"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        _moment("last_used_at"),
        _moment("ended_at", nullable=True),
        sa.Column("browser", sa.String(length=80), nullable=False),
        _belongs("sign_ins", "person_id", "people"),
        _belongs("sign_ins", "agency_id", "agencies"),
        _unique("sign_ins", "public_id"),
        _unique("sign_ins", "token_digest"),
    )
    _make("sign_in_tries", _digest("subject"), _moment("at"))
    _make(
        "setup_links",
        _digest("token_digest"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _belongs("setup_links", "person_id", "people"),
        _unique("setup_links", "token_digest"),
    )
    _make(
        "recovery_codes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        _digest("digest"),
        _moment("used_at", nullable=True),
        _belongs("recovery_codes", "person_id", "people"),
        _unique("recovery_codes", "digest"),
    )
    for table, columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=False)


def downgrade() -> None:
    """Drop the tables, and every account in them."""
    for table, columns in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
    for table in reversed(TABLES):
        op.drop_table(table)
