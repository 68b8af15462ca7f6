"""Create groups, permissions, failures and password links, and tell kinds of sign-ins apart.

Safe while the previous release serves: it adds tables, and columns that have a default.
"""

import sqlalchemy as sa

from alembic import op

revision = "auth_0002"
down_revision = "auth_0001"


def instant() -> sa.DateTime:
    """Return the type of an instant."""
    return sa.DateTime(timezone=True)


def belongs_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return a reference whose rows go with the row that they refer to."""
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    """Create the tables and add the columns."""
    op.create_table(
        "shoptrack_auth_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shoptrack_auth_groups"),
        sa.UniqueConstraint("name_key", name="uq_shoptrack_auth_groups_name_key"),
        sqlite_autoincrement=True,
    )
    table = "shoptrack_auth_user_groups"
    op.create_table(
        table,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=f"pk_{table}"),
        belongs_to(table, "user_id", "shoptrack_auth_users"),
        belongs_to(table, "group_id", "shoptrack_auth_groups"),
    )
    op.create_index(f"ix_{table}_group_id", table, ["group_id"])
    for owner in ("user", "group"):
        table = f"shoptrack_auth_{owner}_permissions"
        op.create_table(
            table,
            sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
            sa.Column("permission", sa.String(255), nullable=False),
            sa.PrimaryKeyConstraint(f"{owner}_id", "permission", name=f"pk_{table}"),
            belongs_to(table, f"{owner}_id", f"shoptrack_auth_{owner}s"),
        )
    table = "shoptrack_auth_failures"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name_digest", sa.String(64), nullable=True),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_address", table, ["address", "at"])
    op.create_index(f"ix_{table}_name_digest", table, ["name_digest", "at"])
    op.create_index(f"ix_{table}_at", table, ["at"])
    table = "shoptrack_auth_password_links"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("password_version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("key_digest", name=f"uq_{table}_key_digest"),
        belongs_to(table, "user_id", "shoptrack_auth_users"),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "expires_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    # One by one: SQLite would have to build the table anew for a constraint, but not for an index.
    table = "shoptrack_auth_sign_ins"
    kind = sa.Column("kind", sa.String(10), nullable=False, server_default="token")
    op.add_column(table, kind)
    op.add_column(table, sa.Column("key_digest", sa.String(64), nullable=True))
    op.create_index(f"ix_{table}_key_digest", table, ["key_digest"], unique=True)


def downgrade() -> None:
    """Take back what was added."""
    table = "shoptrack_auth_sign_ins"
    op.drop_index(f"ix_{table}_key_digest", table)
    for column in ("key_digest", "kind"):
        op.drop_column(table, column)
    for name in (
        "password_links",
        "failures",
        "group_permissions",
        "user_permissions",
        "user_groups",
        "groups",
    ):
        op.drop_table(f"shoptrack_auth_{name}")
