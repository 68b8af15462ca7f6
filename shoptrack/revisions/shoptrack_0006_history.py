"""Make the history the core's, which refuses to be changed.

Up to now the administration's line created its table. Where it did, the table stays as it is, with every entry, and
only changes hands. Safe while the previous release serves: nothing is changed that it uses.
"""

import sqlalchemy as sa

from alembic import op

revision = "shoptrack_0006"
down_revision = "shoptrack_0005"

TABLE = "shoptrack_admin_history"
REFUSED = "the history is only added to"


def upgrade() -> None:
    """Create the table, unless it is there, and write down that it is the core's."""
    if not sa.inspect(op.get_bind()).has_table(TABLE):
        _create()
    op.execute(
        "UPDATE lineage_tables SET lineage = 'shoptrack', location = 'shoptrack:revisions' "
        f"WHERE name = '{TABLE}'"
    )


def _create() -> None:
    """Create the table, and the triggers that refuse changes and deletions."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("path", sa.String(100), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{TABLE}_at", TABLE, ["at"])
    op.create_index(f"ix_{TABLE}_path", TABLE, ["path", "row_id", "id"])
    op.create_index(f"ix_{TABLE}_username", TABLE, ["username", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER shoptrack_admin_no_{change.lower()} BEFORE {change} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        f"""
        CREATE FUNCTION shoptrack_admin_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND current_setting('shoptrack_admin.purging', true) = 'on' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{REFUSED}';
        END $$
        """
    )
    for name, change, each in (
        ("rows", "UPDATE OR DELETE", "ROW"),
        ("table", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER shoptrack_admin_keep_{name} BEFORE {change} ON {TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION shoptrack_admin_keep_history()"
        )


def downgrade() -> None:
    """Drop the table, with all its entries: of the previous release, the administration's line creates it."""
    op.drop_table(TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION shoptrack_admin_keep_history()")
