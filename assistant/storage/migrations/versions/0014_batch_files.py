"""A table for the answers files of a batch that workers make bundles of."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "batch_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("result_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("bundle_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_batch_files_public_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_batch_files_digest")),
    )
    op.create_index(op.f("ix_batch_files_batch_id"), "batch_files", ["batch_id"], unique=False)


def downgrade() -> None:
    """Drop the table, and every answers file that waits in it."""
    op.drop_index(op.f("ix_batch_files_batch_id"), table_name="batch_files")
    op.drop_table("batch_files")
