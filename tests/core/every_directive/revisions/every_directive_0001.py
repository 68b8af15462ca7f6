"""Create the tables of wishes and hints. Safe while the previous release serves."""

import sqlalchemy as sa
from alembic import op

revision = "every_directive_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "every_directive_wishes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("name_folded", sa.String(400), nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
    product = sa.ForeignKey("products.id", ondelete="CASCADE")
    op.create_table(
        "every_directive_hints",
        sa.Column("id", sa.Integer(), product, primary_key=True, autoincrement=False),
        sa.Column("hint", sa.Text(), nullable=True),
    )
    op.create_index("ix_wishes_name", "every_directive_wishes", ["name_folded"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("every_directive_hints")
    op.drop_table("every_directive_wishes")
