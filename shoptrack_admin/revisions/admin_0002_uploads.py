"""Keep files that wait to be imported. Safe while the previous release serves: it only adds tables."""

import sqlalchemy as sa

from alembic import op

revision = "admin_0002"
down_revision = "admin_0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "shoptrack_admin_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shoptrack_admin_uploads"),
    )
    op.create_index("ix_shoptrack_admin_uploads_at", "shoptrack_admin_uploads", ["at"])
    op.create_table(
        "shoptrack_admin_upload_parts",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "number", name="pk_shoptrack_admin_upload_parts"),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["shoptrack_admin_uploads.id"],
            name="fk_shoptrack_admin_upload_parts_upload",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("shoptrack_admin_upload_parts")
    op.drop_table("shoptrack_admin_uploads")
