"""Let stores have a note. Safe while the previous release serves: it only adds a column that may be empty."""

import sqlalchemy as sa
from alembic import op

revision = "next_release_0001"
down_revision = None


def upgrade():
    op.add_column("stores", sa.Column("note", sa.String(200)))


def downgrade():
    with op.batch_alter_table("stores") as stores:
        stores.drop_column("note")
