"""The tables that refer to a row, also those that no resource describes, such as leftovers."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    column,
    exists,
    inspect,
    select,
    table,
)
from sqlalchemy.exc import ProgrammingError

from shoptrack.db.migrations.leftovers import find_leftovers, make_delete_command
from shoptrack.db.migrations.lineages import Lineage
from shoptrack.errors import InUse

# These foreign keys let a row be deleted.
CASCADES = ("CASCADE", "SET NULL", "SET DEFAULT")


def check_unreferenced(
    connection: Connection,
    lineages: Iterable[Lineage],
    referred: str,
    ids: Collection[int],
    noun: str,
    moved: Collection[tuple[str, str]] = (),
) -> None:
    """Check that no row of any table keeps some rows from being deleted.

    It reads the database's schema, so call it only to explain why the database refused, or in a dry run.

    :param connection: without a transaction
    :param lineages: of the application
    :param referred: the table of the rows
    :param noun: what a row is, as in "category"
    :param moved: tables and columns whose references are reassigned before
    :raises InUse: naming the tables, and how to delete those that no enabled plugin uses
    """
    names = {
        name
        for (_, name), keys in inspect(connection).get_multi_foreign_keys().items()
        for key in keys
        if name
        and key["referred_table"] == referred
        and not any((name, column) in moved for column in key["constrained_columns"])
        and _refers(connection, name, key, ids)
    }
    if names:
        commands = {
            name: make_delete_command(leftover.name)
            for leftover in find_leftovers(connection, lineages)
            for name in leftover.tables
        }
        raise InUse(noun, {}, tables={name: commands.get(name) for name in sorted(names)})


def _refers(connection: Connection, name: str, key: Any, ids: Collection[int]) -> bool:
    """Return whether a row of the table refers to one of the rows by this foreign key."""
    if key["options"].get("ondelete") in CASCADES:
        return False
    one = table(key["referred_table"], column("id"), *map(column, key["referred_columns"])).alias()
    other = table(name, *map(column, key["constrained_columns"])).alias()
    pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
    condition = and_(*(other.c[ours] == one.c[theirs] for ours, theirs in pairs))
    bound = bindparam("ids", type_=BigInteger, expanding=True)
    rows = select(other).where(one.c.id.in_(bound), condition)
    try:
        return bool(connection.scalar(select(exists(rows)), {"ids": list(ids)}))
    except ProgrammingError:  # the database's user may not read it, so it may be the reason
        return True
