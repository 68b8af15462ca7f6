"""What plugins left in the database that are switched off, or no longer installed. It stops nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec

from sqlalchemy import Connection, inspect

from shoptrack.db.migrations.lineage_tables import written_down
from shoptrack.db.migrations.lineages import VERSION_TABLE, Lineage


@dataclass(frozen=True)
class LeftOver:
    """A line of migrations that no plugin brings now.

    :param location: of its revisions, where it was written down
    :param tables: those that were written down as its
    """

    name: str
    location: str | None
    tables: tuple[str, ...]

    def __str__(self) -> str:
        """Say what is there, and how it goes away."""
        version_table = f"{VERSION_TABLE}{self.name}"
        return (
            f"No plugin that is switched on brings the migrations {self.name!r}, and the database "
            f"still has {', '.join((*self.tables, version_table))}. That does no harm. To remove "
            f"them: shoptrack migrate --plugin {self.name} --down base"
        )

    @property
    def lineage(self) -> Lineage | None:
        """Return the line, where its revisions are still installed."""
        package = self.location.partition(":")[0] if self.location else None
        if self.location is None or package is None or find_spec(package.split(".")[0]) is None:
            return None
        return Lineage(self.name, self.location)


def left_over(connection: Connection, lineages: Iterable[Lineage]) -> list[LeftOver]:
    """Return the lines that the database has and that are not among these, by name."""
    there = inspect(connection).get_table_names()
    known = {lineage.name for lineage in lineages}
    names = {n.removeprefix(VERSION_TABLE) for n in there if n.startswith(VERSION_TABLE)} - known
    if not names:
        return []
    remembered = written_down(connection, there)
    found = ((name, *remembered.get(name, (None, set()))) for name in sorted(names))
    return [LeftOver(name, location, tuple(sorted(tables))) for name, location, tables in found]
