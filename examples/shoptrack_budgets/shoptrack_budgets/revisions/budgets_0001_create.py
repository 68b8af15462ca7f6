"""Create the table of budgets. Safe while the previous release serves: it only adds a table."""

import sqlalchemy as sa
from alembic import op

revision = "budgets_0001"
down_revision = None

TABLE = "shoptrack_budgets_budgets"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=f"fk_{TABLE}_category_id"),
        sa.UniqueConstraint("category_id", "month", name=f"uq_{TABLE}_category_id_month"),
        sqlite_autoincrement=True,
    )
    for column in ("month", "amount"):
        op.create_index(f"ix_{TABLE}_{column}_id", TABLE, [column, "id"])


def downgrade() -> None:
    """Drop the table, with all budgets."""
    op.drop_table(TABLE)
