"""Leftovers: tables of plugins that are disabled or uninstalled.

They do no harm but one: rows that they refer to cannot be deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec

from sqlalchemy import Connection, inspect

from shoptrack.db.migrations.lineage_tables import get_recorded_tables
from shoptrack.db.migrations.lineages import VERSION_TABLE_PREFIX, Lineage


def make_delete_command(name: str) -> str:
    """Return the command that deletes a lineage's tables, even if its revisions are uninstalled."""
    return f"shoptrack migrate --plugin {name} --down base"


@dataclass(frozen=True)
class Leftover:
    """A lineage that no enabled plugin has.

    :param location: of its revisions, if recorded
    :param tables: its recorded tables
    """

    name: str
    location: str | None
    tables: tuple[str, ...]

    def __str__(self) -> str:
        """Describe the leftover, and how to delete it."""
        version_table = f"{VERSION_TABLE_PREFIX}{self.name}"
        return (
            f"The database has leftover tables of {self.name!r}, which no enabled plugin uses: "
            f"{', '.join((*self.tables, version_table))}. Rows that they refer to cannot be deleted. "
            f"To delete the tables, run: {make_delete_command(self.name)}"
        )

    @property
    def lineage(self) -> Lineage | None:
        """Return the lineage if its revisions are still installed."""
        package = self.location.partition(":")[0] if self.location else None
        if self.location is None or package is None or find_spec(package.split(".")[0]) is None:
            return None
        return Lineage(self.name, self.location)


def find_leftovers(connection: Connection, lineages: Iterable[Lineage]) -> list[Leftover]:
    """Return the lineages of the database that are not among these, by name."""
    existing = inspect(connection).get_table_names()
    known = {lineage.name for lineage in lineages}
    names = {
        n.removeprefix(VERSION_TABLE_PREFIX) for n in existing if n.startswith(VERSION_TABLE_PREFIX)
    } - known
    if not names:
        return []
    remembered = get_recorded_tables(connection, existing)
    found = ((name, *remembered.get(name, (None, set()))) for name in sorted(names))
    return [Leftover(name, location, tuple(sorted(tables))) for name, location, tables in found]
