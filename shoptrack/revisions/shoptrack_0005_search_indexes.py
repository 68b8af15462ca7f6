"""Drop the indexes of trigrams, in whose place come indexes of characters.

Safe while the previous release serves: it searches as well without them, and only takes longer. The new ones are
made by `shoptrack.db.search_indexes` afterwards, as for every table.
"""

from alembic import op

revision = "shoptrack_0005"
down_revision = "shoptrack_0004"


def upgrade() -> None:
    """Drop the old ones, of every plugin's tables as well."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            r"""
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN
                    SELECT indexname FROM pg_indexes
                    WHERE schemaname = current_schema AND indexname LIKE 'trgm\_%\_folded'
                LOOP
                    EXECUTE format('DROP INDEX %I', name);
                END LOOP;
            END $$
            """
        )


def downgrade() -> None:
    """Leave the new ones: the previous release neither uses nor minds them."""
