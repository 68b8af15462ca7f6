"""Remember which line of migrations each table belongs to.

Safe while the previous release serves: it only adds a table.
"""

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0004"
down_revision = "shoptrack_0003"


def upgrade() -> None:
    """Create the table. `shoptrack migrate` fills it in."""
    op.create_table(
        "lineage_tables",
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("lineage", sa.String(40), nullable=False),
        sa.Column("location", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lineage_tables"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("lineage_tables")
