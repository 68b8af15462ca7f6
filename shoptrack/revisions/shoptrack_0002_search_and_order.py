"""Add folded names, indexes for every order, and the counts of changes.

Safe while the previous release serves: what it writes meanwhile has an empty folded name until the
row is changed again.
"""

import sqlalchemy as sa

from alembic import op

from shoptrack.db import table_versions

# A fold of its own would have to stay the same as the application's.
from shoptrack.db.folding import MAX_FOLDED_LENGTH, fold

revision = "shoptrack_0002"
down_revision = "shoptrack_0001"

FOLDED = {
    "categories": ["name"],
    "units": ["name"],
    "manufacturers": ["name"],
    "origins": ["name"],
    "stores": ["name", "location"],
    "products": ["name"],
}
BATCH = 5000


def upgrade() -> None:
    """Add the columns, fill them, and index them."""
    # A former release left its triggers behind, without the table that they write to, when it downgraded.
    table_versions.drop_triggers(op.get_bind())
    kind = sa.String(MAX_FOLDED_LENGTH).with_variant(sa.String(MAX_FOLDED_LENGTH, collation="C"), "postgresql")
    for table, names in FOLDED.items():
        for name in names:
            column = f"{name}_folded"
            op.add_column(table, sa.Column(column, kind, nullable=False, server_default=""))
            fill(table, name)
            op.create_index(f"ix_{table}_{column}", table, [column])
    for column in ("price", "quantity"):
        op.create_index(f"ix_shopping_records_{column}_id", "shopping_records", [column, "id"])
    op.create_table(
        "table_versions",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "bucket", name="pk_table_versions"),
    )


def fill(table: str, name: str) -> None:
    """Fold the text of the rows that are there."""
    columns = sa.table(table, sa.column("id"), sa.column(name), sa.column(f"{name}_folded"))
    connection, last = op.get_bind(), 0
    rows = sa.select(columns.c.id, columns.c[name]).order_by(columns.c.id).limit(BATCH)
    change = (
        sa.update(columns)
        .where(columns.c.id == sa.bindparam("row"))
        .values({f"{name}_folded": sa.bindparam("folded")})
    )
    while batch := connection.execute(rows.where(columns.c.id > last)).all():
        values = [{"row": id, "folded": fold(text)[:MAX_FOLDED_LENGTH]} for id, text in batch]
        connection.execute(change, values)
        last = batch[-1].id


def downgrade() -> None:
    """Drop what was added, and the triggers that write to it, which `shoptrack migrate` adds to tables."""
    table_versions.drop_triggers(op.get_bind())
    op.drop_table("table_versions")
    for column in ("price", "quantity"):
        op.drop_index(f"ix_shopping_records_{column}_id", "shopping_records")
    for table, names in FOLDED.items():
        for name in names:
            op.drop_index(f"ix_{table}_{name}_folded", table)
            op.drop_column(table, f"{name}_folded")
