"""Create the tables of users and sign-ins. Nothing serves from them yet."""

import sqlalchemy as sa

from alembic import op

revision = "auth_0001"
down_revision = None


def instant() -> sa.DateTime:
    """Return the type of an instant."""
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "shoptrack_auth_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("first_name", sa.String(150), nullable=False),
        sa.Column("last_name", sa.String(150), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("password_version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("is_superuser", sa.Boolean(), nullable=False),
        sa.Column("joined_at", instant(), nullable=False),
        sa.Column("last_login_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_shoptrack_auth_users"),
        sa.UniqueConstraint("username_key", name="uq_shoptrack_auth_users_username_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shoptrack_auth_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("last_used_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("device", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shoptrack_auth_sign_ins"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["shoptrack_auth_users.id"],
            name="fk_shoptrack_auth_sign_ins_user_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "expires_at"):
        op.create_index(
            f"ix_shoptrack_auth_sign_ins_{column}", "shoptrack_auth_sign_ins", [column]
        )


def downgrade() -> None:
    """Drop the two tables."""
    op.drop_table("shoptrack_auth_sign_ins")
    op.drop_table("shoptrack_auth_users")
