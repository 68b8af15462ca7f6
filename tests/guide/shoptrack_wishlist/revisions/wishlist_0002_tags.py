"""Add tags to wishes. Not safe while the previous release serves: it adds wishes without tags."""

import sqlalchemy as sa
from alembic import op

revision = "wishlist_0002"
down_revision = "wishlist_0001"

TABLE = "shoptrack_wishlist_wishes"


def upgrade() -> None:
    """Add the column; no wish has tags yet."""
    op.add_column(TABLE, sa.Column("tags", sa.String(400), nullable=True))
    op.execute(f"UPDATE {TABLE} SET tags = ''")
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("tags", existing_type=sa.String(400), nullable=False)


def downgrade() -> None:
    """Drop the column, with all tags."""
    op.drop_column(TABLE, "tags")
