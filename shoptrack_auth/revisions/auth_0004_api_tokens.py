"""Create the table of API tokens.

Safe while the previous release serves: it only adds a table.
"""

import sqlalchemy as sa

from alembic import op

revision = "auth_0004"
down_revision = "auth_0003"

TABLE = "shoptrack_auth_api_tokens"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("key_digest", name=f"uq_{TABLE}_key_digest"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["shoptrack_auth_users.id"],
            name=f"fk_{TABLE}_user_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "expires_at"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table(TABLE)
