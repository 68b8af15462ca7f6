"""Create the seven tables of the catalog and the records. Nothing serves from them yet."""

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    for table, length in (
        ("categories", 50),
        ("units", 10),
        ("manufacturers", 100),
        ("origins", 100),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint("name", name=f"uq_{table}_name"),
            sqlite_autoincrement=True,
        )
    op.create_table(
        "stores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("location", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stores"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("manufacturer_id", sa.Integer(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_products_{column}")
            for column, target in (
                ("category_id", "categories.id"),
                ("unit_id", "units.id"),
                ("manufacturer_id", "manufacturers.id"),
                ("origin_id", "origins.id"),
            )
        ),
        sqlite_autoincrement=True,
    )
    for column in ("category_id", "unit_id", "manufacturer_id", "origin_id"):
        op.create_index(f"ix_products_{column}", "products", [column])
    op.create_table(
        "shopping_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("purchase_date", sa.Date(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column(
            "quantity", sa.Numeric(10, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shopping_records"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name="fk_shopping_records_store_id"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_shopping_records_product_id"
        ),
        sqlite_autoincrement=True,
    )
    for columns in (["store_id"], ["product_id"], ["purchase_date", "id"]):
        name = "_".join(columns)
        op.create_index(f"ix_shopping_records_{name}", "shopping_records", columns)


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "shopping_records",
        "products",
        "stores",
        "origins",
        "manufacturers",
        "units",
        "categories",
    ):
        op.drop_table(table)
