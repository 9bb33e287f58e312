"""A table for rosters that were given and not yet taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "roster_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=True),
        sa.Column("sheet_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_roster_drafts_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_drafts_public_id")),
    )
    op.create_index(op.f("ix_roster_drafts_application_id"), "roster_drafts", ["application_id"], unique=False)
    op.create_index(op.f("ix_roster_drafts_made_at"), "roster_drafts", ["made_at"], unique=False)


def downgrade() -> None:
    """Drop the table, and every list of people that waits in it."""
    for column in ("made_at", "application_id"):
        op.drop_index(op.f(f"ix_roster_drafts_{column}"), table_name="roster_drafts")
    op.drop_table("roster_drafts")
