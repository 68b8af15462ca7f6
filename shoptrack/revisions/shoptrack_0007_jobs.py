"""Keep the state of each job, and the job that made a history entry.

Safe while the previous release serves: it only adds a table, and a column that has a default.
"""

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0007"
down_revision = "shoptrack_0006"

HISTORY = "shoptrack_admin_history"


def upgrade() -> None:
    """Create the table, and add the column."""
    op.create_table(
        "job_states",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("successes", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job_states"),
    )
    op.add_column(HISTORY, sa.Column("job", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_column(HISTORY, "job")
    op.drop_table("job_states")
