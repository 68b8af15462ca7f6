"""Create the table of notes. Safe while the previous release serves: it only adds a table."""

import sqlalchemy as sa
from alembic import op

revision = "record_notes_0001"
down_revision = None

TABLE = "shoptrack_record_notes_notes"


def upgrade() -> None:
    """Create the table."""
    folded = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.String(1000), nullable=True),
        sa.Column("note_folded", folded, server_default="", nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["id"], ["shopping_records.id"], name=f"fk_{TABLE}_id", ondelete="CASCADE"
        ),
    )
    op.create_index(f"ix_{TABLE}_note_folded", TABLE, ["note_folded"])


def downgrade() -> None:
    """Drop the table, with all notes."""
    op.drop_table(TABLE)
