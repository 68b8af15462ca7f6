"""Index the history by the filters of its pages: kind of row, action and source.

Safe while the previous release serves: it only adds indexes. Changes wait while they are created.
"""

from alembic import op

revision = "shoptrack_0011"
down_revision = "shoptrack_0010"

HISTORY = "shoptrack_admin_history"
INDEXES = {
    "kind": ["path", "id"],
    "kind_action": ["path", "action", "id"],
    "action": ["action", "id"],
    "way": ["way", "id"],
}


def upgrade() -> None:
    """Add the indexes."""
    for name, columns in INDEXES.items():
        op.create_index(f"ix_{HISTORY}_{name}", HISTORY, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name in INDEXES:
        op.drop_index(f"ix_{HISTORY}_{name}", HISTORY)
