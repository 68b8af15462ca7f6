"""Create the table of what a household says of its units.

Safe while the previous release serves: it only adds a table.
"""

import sqlalchemy as sa

from alembic import op

revision = "reports_0001"
down_revision = None

TABLE = "shoptrack_reports_unit_factors"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(10), nullable=False),
        sa.Column(
            "factor", sa.Numeric(10, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=f"fk_{TABLE}_unit_id"),
        sqlite_autoincrement=True,
    )
    for column in ("unit_id", "base", "factor"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column], unique=column == "unit_id")


def downgrade() -> None:
    """Drop the table, with what the household has said."""
    op.drop_table(TABLE)
