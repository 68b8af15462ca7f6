"""Taking a line of migrations back: to an earlier revision, or for good."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, delete, func, inspect, select, table, text

from shoptrack.db import Database
from shoptrack.db.migrations.leftovers import left_over
from shoptrack.db.migrations.lineage_tables import (
    LineageTable,
    forget,
    owned,
    write_down,
    written_down,
)
from shoptrack.db.migrations.lineages import (
    CORE_PACKAGE,
    VERSION_TABLE,
    Lineage,
    MigrationError,
    before,
)
from shoptrack.db.migrations.states import refuse_ahead
from shoptrack.db.migrations.upgrade import exclusive
from shoptrack.db.table_versions import TableVersion, watch

BASE = "base"


@dataclass(frozen=True)
class Loss:
    """What goes when a line is taken back.

    :param tables: the number of rows in each
    :param columns: of tables that stay, as in ``wishlist_wishes.note``
    """

    tables: dict[str, int]
    columns: list[str]


@dataclass(frozen=True)
class TakingBack:
    """What is asked for.

    :param lineages: all that the application has
    :param name: of the line; one that no plugin brings any more will do
    :param to: a revision of it, or ``base``
    """

    database: Database
    lineages: Collection[Lineage]
    name: str
    to: str

    def preview(self) -> Loss:
        """Return what would go. It is tried out, and undone.

        :raises MigrationError: the line cannot be taken back
        """
        with exclusive(self.database) as connection:
            tables = self._tables(connection)
            rows = {name: _count(connection, name) for name in tables}
            columns = _columns(connection)
            self._take_back(connection, tables)
            left = _columns(connection)
            connection.rollback()
        return Loss(
            {name: rows[name] for name in sorted(tables) if name not in left},
            sorted(
                f"{name}.{column}"
                for name in columns.keys() & left.keys() & tables
                for column in columns[name] - left[name]
            ),
        )

    def carry_out(self) -> None:
        """Take the line back: all of it, or nothing.

        :raises MigrationError: the line cannot be taken back
        """
        with exclusive(self.database) as connection:
            self._take_back(connection, self._tables(connection))

    @property
    def _lineage(self) -> Lineage | None:
        return next((line for line in self.lineages if line.name == self.name), None)

    def _tables(self, connection: Connection) -> set[str]:
        there = inspect(connection).get_table_names()
        if self._lineage:
            return owned(self._lineage, self.lineages, there)
        return written_down(connection, there).get(self.name, ("", set()))[1]

    def _take_back(self, connection: Connection, tables: set[str]) -> None:
        lineage = self._lineage or self._left_over(connection)
        _refuse_references(connection, self.name, tables)
        if lineage is None:
            if self.to != BASE:
                raise MigrationError(
                    f"The revisions of {self.name!r} are not installed, so only --down base is possible."
                )
            _drop(connection, tables)
        else:
            self._refuse(connection, lineage)
            lineage.downgrade(connection, self.to)
        self._clear_up(connection, lineage, tables)

    def _left_over(self, connection: Connection) -> Lineage | None:
        for one in left_over(connection, self.lineages):
            if one.name == self.name:
                return one.lineage
        raise MigrationError(f"The database has nothing of {self.name!r}.")

    def _refuse(self, connection: Connection, lineage: Lineage) -> None:
        """Refuse where the line is not at a later revision, or other lines come after it."""
        revision = lineage.revision(connection)
        if revision is None:
            raise MigrationError(f"The database has nothing of {self.name!r}.")
        refuse_ahead({lineage: revision})
        earlier = [*lineage.revisions[lineage.revisions.index(revision) + 1 :], BASE]
        if self.to not in earlier:
            raise MigrationError(
                f"{self.name!r} is at {revision}, which comes not after {self.to!r}. It can be taken "
                f"back to: {', '.join(earlier)}."
            )
        names = {line.name for line in self.lineages}
        later = [
            line.name
            for line in self.lineages
            if self.name in before(line, names) and line.revision(connection) is not None
        ]
        if self.name == CORE_PACKAGE:  # which whatever was left over came after as well
            later += [one.name for one in left_over(connection, self.lineages)]
        if later:
            raise MigrationError(
                f"The migrations {', '.join(map(repr, later))} come after {self.name!r}. Take them "
                "back first."
            )

    def _clear_up(self, connection: Connection, lineage: Lineage | None, tables: set[str]) -> None:
        """Take away what tables were given that are gone, and give it anew to those that were rebuilt."""
        left = set(inspect(connection).get_table_names())
        if TableVersion.__tablename__ in left:
            gone = tables - left
            connection.execute(delete(TableVersion).where(TableVersion.name.in_(gone)))
            counted = connection.scalars(select(TableVersion.name).distinct())
            watch(connection, tables & set(counted))
        if self.to == BASE:
            version_table = connection.dialect.identifier_preparer.quote(VERSION_TABLE + self.name)
            connection.execute(text(f"DROP TABLE {version_table}"))
            if LineageTable.__tablename__ in left:
                forget(connection, [self.name])
        elif lineage:
            write_down(connection, [lineage])


def _refuse_references(connection: Connection, name: str, tables: set[str]) -> None:
    """Refuse where tables of others refer to these."""
    keys = inspect(connection).get_multi_foreign_keys()
    referring = sorted(
        f"{other} ({', '.join(key['constrained_columns'])})"
        for (_, other), found in keys.items()
        for key in found
        if other not in tables and key["referred_table"] in tables
    )
    if referring:
        raise MigrationError(
            f"Other tables refer to those of {name!r}: {', '.join(referring)}. Take away what they "
            "belong to first."
        )


def _drop(connection: Connection, tables: set[str]) -> None:
    """Drop tables, each before those that it refers to."""
    found = MetaData()
    found.reflect(connection, only=list(tables))  # with what they refer to, which stays
    found.drop_all(connection, [found.tables[name] for name in tables])


def _columns(connection: Connection) -> dict[str, set[str]]:
    found = inspect(connection).get_multi_columns()
    return {
        name: {column["name"] for column in columns} for (_, name), columns in found.items() if name
    }


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0
