"""How often each table has changed, counted by the database itself.

A list's ETag is derived from these counts. Triggers count, so rows written by other programs count as well.
They count in the transaction that changes the rows, so a new count is never visible without its change.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, String, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base

BUCKETS = 16  # concurrent writers of one table on PostgreSQL before they wait for each other
BASE_BUCKET = -1  # the initial bucket


class TableVersion(Base):
    """A bucket of a table's version, which is the sum of its buckets.

    The initial bucket has a random number, so that another or a recreated database does not reach the same version.
    """

    __tablename__ = "table_versions"
    __table_args__ = {"info": {"outlives_tests": True}}

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


# Once per transaction is enough, since no other transaction sees an intermediate count. Every further row version
# would remain until the end, and a million of them slow down the next update.
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION shoptrack_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO table_versions AS v (name, bucket, version)
    VALUES (TG_TABLE_NAME, pg_backend_pid() % {BUCKETS}, 1)
    ON CONFLICT (name, bucket) DO UPDATE SET version = v.version + 1
    WHERE v.xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE OR REPLACE TRIGGER shoptrack_count_change
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION shoptrack_count_change()
"""
_SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS shoptrack_count_{change}_{name} AFTER {change} ON {table}
BEGIN
    UPDATE table_versions SET version = version + 1 WHERE name = '{name}' AND bucket = {base};
END
"""


def install_triggers(connection: Connection, tables: Collection[str]) -> None:
    """Make the database count the changes of these tables, unless it already does."""
    counted = set(connection.scalars(select(TableVersion.name)))
    for name in sorted(set(tables) - counted):
        # 2**52 leaves room for as many changes before a sum could exceed 64 bits.
        row = {"name": name, "bucket": BASE_BUCKET, "version": secrets.randbelow(2**52)}
        connection.execute(insert(TableVersion), row)
    quote = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "sqlite":
        for name in sorted(tables):
            for change in ("insert", "update", "delete"):
                trigger = _SQLITE_TRIGGER.format(
                    name=name, table=quote(name), change=change, base=BASE_BUCKET
                )
                connection.execute(text(trigger))
        return
    connection.execute(text(_POSTGRESQL_FUNCTION))
    for name in sorted(tables):
        connection.execute(text(_POSTGRESQL_TRIGGER.format(table=quote(name))))


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers, so that their tables can be dropped; ``install_triggers`` reinstalls them."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("DROP FUNCTION IF EXISTS shoptrack_count_change CASCADE"))
        return
    triggers = text(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'shoptrack\\_count\\_%' ESCAPE '\\'"
    )
    for name in connection.scalars(triggers).all():
        connection.execute(
            text(f"DROP TRIGGER {connection.dialect.identifier_preparer.quote(name)}")
        )
