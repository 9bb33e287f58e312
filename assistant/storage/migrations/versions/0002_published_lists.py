"""Tables for ICE's published lists."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "list_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_imports")),
    )
    op.create_index(op.f("ix_list_imports_kind"), "list_imports", ["kind"], unique=False)
    op.create_table(
        "listings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("agency_kind", sa.String(length=20), nullable=True),
        sa.Column("county", sa.String(length=100), nullable=True),
        sa.Column("model", sa.String(length=4), nullable=True),
        sa.Column("signed", sa.Date(), nullable=True),
        sa.Column("moa_url", sa.String(length=2000), nullable=True),
        sa.Column("addendum_url", sa.String(length=2000), nullable=True),
        sa.Column("first_seen_id", sa.Integer(), nullable=False),
        sa.Column("last_seen_id", sa.Integer(), nullable=False),
        sa.Column("removed_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_seen_id"], ["list_imports.id"], name=op.f("fk_listings_first_seen_id_list_imports")
        ),
        sa.ForeignKeyConstraint(
            ["last_seen_id"], ["list_imports.id"], name=op.f("fk_listings_last_seen_id_list_imports")
        ),
        sa.ForeignKeyConstraint(["removed_id"], ["list_imports.id"], name=op.f("fk_listings_removed_id_list_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index(op.f("ix_listings_kind_removed_id"), "listings", ["kind", "removed_id"], unique=False)
    op.create_table(
        "listing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["list_imports.id"], name=op.f("fk_listing_changes_import_id_list_imports")
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_changes_listing_id_listings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_changes")),
    )
    op.create_index(op.f("ix_listing_changes_listing_id"), "listing_changes", ["listing_id"], unique=False)


def downgrade() -> None:
    """Drop the tables, and every imported list in them."""
    op.drop_index(op.f("ix_listing_changes_listing_id"), table_name="listing_changes")
    op.drop_table("listing_changes")
    op.drop_index(op.f("ix_listings_kind_removed_id"), table_name="listings")
    op.drop_table("listings")
    op.drop_index(op.f("ix_list_imports_kind"), table_name="list_imports")
    op.drop_table("list_imports")
