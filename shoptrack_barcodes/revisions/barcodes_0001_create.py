"""Create the tables of barcodes. Safe while the previous release serves: it only adds tables."""

import sqlalchemy as sa

from alembic import op

revision = "barcodes_0001"
down_revision = None

TABLE = "shoptrack_barcodes_barcodes"
PRODUCTS = "shoptrack_barcodes_products"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(13), nullable=False),
        sa.Column("normalized", sa.String(13), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=f"fk_{TABLE}_product_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("normalized", name=f"uq_{TABLE}_normalized"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{TABLE}_product_id", TABLE, ["product_id"])
    op.create_table(
        PRODUCTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("barcodes", sa.Text(), nullable=False),
        sa.Column("normalized", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{PRODUCTS}"),
        sa.ForeignKeyConstraint(
            ["id"], ["products.id"], name=f"fk_{PRODUCTS}_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables, with all barcodes."""
    op.drop_table(PRODUCTS)
    op.drop_table(TABLE)
