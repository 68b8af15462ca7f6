"""Let sessions hold the random value that their tokens name them by.

Safe while the previous release serves: it adds a table, and a column that may be empty. That release names sessions by
their numbers in tokens, and reads nothing else. So where users are, new sessions are named alike for another day.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from alembic import op

revision = "auth_0003"
down_revision = "auth_0002"

TABLE = "shoptrack_auth_sign_ins"
ROLLING = timedelta(days=1)  # how long processes of the previous release may still serve


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column(TABLE, sa.Column("sid", sa.String(22), nullable=True))
    op.create_index(f"ix_{TABLE}_sid", TABLE, ["sid"], unique=True)
    numbered = op.create_table(
        "shoptrack_auth_numbered_sessions",
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("until", name="pk_shoptrack_auth_numbered_sessions"),
    )
    connection = op.get_bind()
    users = sa.table("shoptrack_auth_users", sa.column("id"))
    if connection.scalar(sa.select(sa.select(users.c.id).exists())):
        connection.execute(sa.insert(numbered).values(until=datetime.now(UTC) + ROLLING))


def downgrade() -> None:
    """Take back what was added."""
    op.drop_table("shoptrack_auth_numbered_sessions")
    op.drop_index(f"ix_{TABLE}_sid", TABLE)
    op.drop_column(TABLE, "sid")
