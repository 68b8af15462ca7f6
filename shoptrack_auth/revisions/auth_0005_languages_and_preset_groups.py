"""Let users have a language, and remember which preset groups were created.

Safe while the previous release serves: it adds a table, and a column with a default.
"""

import sqlalchemy as sa

from alembic import op

revision = "auth_0005"
down_revision = "auth_0004"

USERS = "shoptrack_auth_users"
TABLE = "shoptrack_auth_preset_groups"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column(USERS, sa.Column("language", sa.String(10), server_default="", nullable=False))
    op.create_table(
        TABLE,
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["shoptrack_auth_groups.id"],
            name=f"fk_{TABLE}_group_id",
            ondelete="SET NULL",
        ),
    )
    op.create_index(f"ix_{TABLE}_group_id", TABLE, ["group_id"])


def downgrade() -> None:
    """Take back what was added."""
    op.drop_table(TABLE)
    op.drop_column(USERS, "language")
