"""Keep after which transaction each history entry came, and how far entries were deleted, for the feed of changes.

Safe while the previous release serves: it only adds tables and a column that may be null. PostgreSQL fills the column in,
also for entries by the previous release. Existing entries are not written anew: the default comes after the column.
"""

import secrets

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0009"
down_revision = "shoptrack_0008"

HISTORY = "shoptrack_admin_history"
INDEX = f"ix_{HISTORY}_feed"


def upgrade() -> None:
    """Add the column, its index, and the tables."""
    op.add_column(HISTORY, sa.Column("xid", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE {HISTORY} ALTER COLUMN xid SET DEFAULT greatest("
            "pg_current_xact_id()::text::bigint, "
            "pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)"
        )
    op.create_index(
        INDEX, HISTORY, ["path", "xid", "id"], postgresql_where=sa.text("xid IS NOT NULL")
    )
    op.create_table(
        "history_purges",
        sa.Column("path", sa.String(100), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_history_purges"),
    )
    feed = op.create_table(
        "history_feed",
        sa.Column("token", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_history_feed"),
    )
    op.bulk_insert(feed, [{"token": secrets.token_hex(8)}])


def downgrade() -> None:
    """Drop the tables, the index and the column."""
    op.drop_table("history_feed")
    op.drop_table("history_purges")
    op.drop_index(INDEX, HISTORY)
    op.drop_column(HISTORY, "xid")
