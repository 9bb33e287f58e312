"""A column for the forms and facts that an answers file of a batch was ordered with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what waits already has none, and is refused by the workers."""
    op.add_column("batch_files", sa.Column("fingerprint", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("batch_files", "fingerprint")
