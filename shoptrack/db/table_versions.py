"""How often each table has changed, counted by the database itself.

A list's tag is made of these counts. Triggers count, so that rows count too that something else
than this process writes; and they count in the transaction that changes the rows, so that a count is
never seen without its change.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, String, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base

BUCKETS = 16  # writers of one table at a time on PostgreSQL, before they wait for each other
BASE_BUCKET = -1  # the bucket that is there from the beginning


class TableVersion(Base):
    """A part of a table's version, which is the sum of its parts.

    The first part is a random number: another database, or this one made anew, does not come to the
    same version.
    """

    __tablename__ = "table_versions"
    __table_args__ = {"info": {"outlives_tests": True}}

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


# Once a transaction is enough, as nobody sees a part of it; every further version of the row would
# stay until its end, and a million of them make the next one slow.
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
    """Have the database count the changes of these tables from now on, where it does not yet."""
    counted = set(connection.scalars(select(TableVersion.name)))
    for name in sorted(set(tables) - counted):
        # 2**52: so many more changes fit before a sum could leave 64 bits.
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
    """Take the triggers away, so that tables can be; ``install_triggers`` brings them back."""
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
