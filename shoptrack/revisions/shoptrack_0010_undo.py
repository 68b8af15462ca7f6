"""Keep which history entries belong together, and which one undoes which.

Safe while the previous release serves: it only adds columns that may be null, with indexes of the few rows that use them.
"""

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0010"
down_revision = "shoptrack_0009"

HISTORY = "shoptrack_admin_history"
COLUMNS = ("part_of", "undoes")


def upgrade() -> None:
    """Add the columns and their indexes."""
    for name in COLUMNS:
        op.add_column(HISTORY, sa.Column(name, sa.Integer(), nullable=True))
        is_used = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_{HISTORY}_{name}",
            HISTORY,
            [name, "id"],
            sqlite_where=is_used,
            postgresql_where=is_used,
        )


def downgrade() -> None:
    """Drop the columns."""
    for name in COLUMNS:
        op.drop_index(f"ix_{HISTORY}_{name}", HISTORY)
        op.drop_column(HISTORY, name)
