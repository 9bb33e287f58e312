"""The signed end of each history, the roll of applications, and when a time in the future was first noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; they are filled when the keys are at hand (``services.application.roll``)."""
    op.add_column("applications", sa.Column("history_seal", sa.LargeBinary(), nullable=True))
    op.add_column("applications", sa.Column("future_noticed_at", sa.DateTime(), nullable=True))
    op.create_table(
        "application_roll",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_application_roll")),
    )


def downgrade() -> None:
    """Drop them; an upgrade later begins a new roll with the applications that are there then."""
    op.drop_table("application_roll")
    op.execute("DELETE FROM settings WHERE name = 'application_roll'")
    op.drop_column("applications", "future_noticed_at")
    op.drop_column("applications", "history_seal")
