"""A column for the ZIP of each export, sealed; exports from before stay without one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("exports", sa.Column("bundle_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop the column, and with it every stored ZIP; what the exports were made from stays."""
    with op.batch_alter_table("exports") as batch:
        batch.drop_column("bundle_sealed")
