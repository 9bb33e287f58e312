"""A table for what was typed on a page that was left without saving."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "page_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("form_draft_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("typed_at", sa.DateTime(), nullable=False),
        sa.Column("typed_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_page_drafts_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["form_draft_id"],
            ["form_drafts.id"],
            name=op.f("fk_page_drafts_form_draft_id_form_drafts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_drafts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_page_drafts_public_id")),
    )
    for column in ("application_id", "form_draft_id", "typed_at"):
        op.create_index(op.f(f"ix_page_drafts_{column}"), "page_drafts", [column], unique=False)


def downgrade() -> None:
    """Drop the table, and every draft in it."""
    for column in ("typed_at", "form_draft_id", "application_id"):
        op.drop_index(op.f(f"ix_page_drafts_{column}"), table_name="page_drafts")
    op.drop_table("page_drafts")
