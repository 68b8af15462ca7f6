"""Index the records of each product and each store by their days.

A list of a product's or a store's records is ordered by day nearly always: its newest rows are then found in the index
alone, where all of them had to be read and sorted before.

Safe while the previous release serves.
"""

from alembic import op

revision = "shoptrack_0003"
down_revision = "shoptrack_0002"

COLUMNS = ("store_id", "product_id")


def upgrade() -> None:
    """Add the indexes, and drop those that they begin with."""
    for column in COLUMNS:
        op.create_index(
            f"ix_shopping_records_{column}_purchase_date_id",
            "shopping_records",
            [column, "purchase_date", "id"],
        )
        op.drop_index(f"ix_shopping_records_{column}", "shopping_records")


def downgrade() -> None:
    """Have the former indexes again."""
    for column in COLUMNS:
        op.create_index(f"ix_shopping_records_{column}", "shopping_records", [column])
        op.drop_index(f"ix_shopping_records_{column}_purchase_date_id", "shopping_records")
