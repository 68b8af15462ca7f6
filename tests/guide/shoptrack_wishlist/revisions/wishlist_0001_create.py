"""Create the tables of wishes and votes. Safe while the previous release serves: it only adds tables."""

import sqlalchemy as sa
from alembic import op

revision = "wishlist_0001"
down_revision = None

WISHES = "shoptrack_wishlist_wishes"
VOTES = "shoptrack_wishlist_votes"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        WISHES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column(
            "reason_folded",
            sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql"),
            server_default="",
            nullable=False,
        ),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{WISHES}"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=f"fk_{WISHES}_product_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{WISHES}_product_id", WISHES, ["product_id"])
    op.create_index(f"ix_{WISHES}_reason_folded", WISHES, ["reason_folded"])
    op.create_table(
        VOTES,
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wish_id", "user_id", name=f"pk_{VOTES}"),
        sa.ForeignKeyConstraint(
            ["wish_id"], [f"{WISHES}.id"], name=f"fk_{VOTES}_wish_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["shoptrack_auth_users.id"],
            name=f"fk_{VOTES}_user_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(f"ix_{VOTES}_user_id", VOTES, ["user_id"])


def downgrade() -> None:
    """Drop the tables, with all wishes and votes."""
    op.drop_table(VOTES)
    op.drop_table(WISHES)
