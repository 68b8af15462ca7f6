"""Downgrades a lineage to an earlier revision, or removes its tables."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, delete, func, inspect, select, table, text

from shoptrack.db import Database
from shoptrack.db.migrations.leftovers import find_leftovers
from shoptrack.db.migrations.lineage_tables import (
    LineageTable,
    delete_recorded_tables,
    find_owned_tables,
    get_recorded_tables,
    record_tables,
)
from shoptrack.db.migrations.lineages import (
    CORE_PACKAGE,
    VERSION_TABLE_PREFIX,
    Lineage,
    MigrationError,
    get_prerequisites,
)
from shoptrack.db.migrations.states import check_not_ahead
from shoptrack.db.migrations.upgrade import open_exclusive_transaction
from shoptrack.db.table_versions import TableVersion, install_triggers

BASE = "base"


@dataclass(frozen=True)
class DowngradeImpact:
    """The tables and columns that a downgrade deletes.

    :param tables: deleted tables with their number of rows
    :param columns: deleted columns of remaining tables, as in ``wishlist_wishes.note``
    """

    tables: dict[str, int]
    columns: list[str]


@dataclass(frozen=True)
class Downgrade:
    """A downgrade of one lineage.

    :param lineages: all lineages of the application
    :param name: name of the lineage, which may be a leftover
    :param target: a revision of it, or ``base``
    """

    database: Database
    lineages: Collection[Lineage]
    name: str
    target: str

    def preview(self) -> DowngradeImpact:
        """Return the impact, by a downgrade that is rolled back.

        :raises MigrationError: the lineage cannot be downgraded
        """
        with open_exclusive_transaction(self.database) as connection:
            tables = self._tables(connection)
            rows = {name: _count_rows(connection, name) for name in tables}
            columns = _get_columns(connection)
            self._downgrade(connection, tables)
            left = _get_columns(connection)
            connection.rollback()
        return DowngradeImpact(
            {name: rows[name] for name in sorted(tables) if name not in left},
            sorted(
                f"{name}.{column}"
                for name in columns.keys() & left.keys() & tables
                for column in columns[name] - left[name]
            ),
        )

    def run(self) -> None:
        """Downgrade in one transaction.

        :raises MigrationError: the lineage cannot be downgraded
        """
        with open_exclusive_transaction(self.database) as connection:
            self._downgrade(connection, self._tables(connection))

    @property
    def _lineage(self) -> Lineage | None:
        return next((line for line in self.lineages if line.name == self.name), None)

    def _tables(self, connection: Connection) -> set[str]:
        existing = inspect(connection).get_table_names()
        if self._lineage:
            return find_owned_tables(self._lineage, self.lineages, existing)
        return get_recorded_tables(connection, existing).get(self.name, ("", set()))[1]

    def _downgrade(self, connection: Connection, tables: set[str]) -> None:
        lineage = self._lineage or self._find_leftover(connection)
        _check_references(connection, self.name, tables)
        if lineage is None:
            if self.target != BASE:
                raise MigrationError(
                    f"The revisions of {self.name!r} are not installed, so only --down base is possible."
                )
            _drop_tables(connection, tables)
        else:
            self._check_is_last(connection, lineage)
            lineage.downgrade(connection, self.target)
        self._clean_up(connection, lineage, tables)

    def _find_leftover(self, connection: Connection) -> Lineage | None:
        for one in find_leftovers(connection, self.lineages):
            if one.name == self.name:
                return one.lineage
        raise MigrationError(f"The database has nothing of {self.name!r}.")

    def _check_is_last(self, connection: Connection, lineage: Lineage) -> None:
        """Check that the lineage has a later revision, and that no other lineage comes after it."""
        revision = lineage.get_current_revision(connection)
        if revision is None:
            raise MigrationError(f"The database has nothing of {self.name!r}.")
        check_not_ahead({lineage: revision})
        earlier = [*lineage.revisions[lineage.revisions.index(revision) + 1 :], BASE]
        if self.target not in earlier:
            raise MigrationError(
                f"{self.name!r} is at {revision}, which comes not after {self.target!r}. It can be taken "
                f"back to: {', '.join(earlier)}."
            )
        names = {line.name for line in self.lineages}
        later = [
            line.name
            for line in self.lineages
            if self.name in get_prerequisites(line, names)
            and line.get_current_revision(connection) is not None
        ]
        if self.name == CORE_PACKAGE:  # every leftover depends on the core, too
            later += [one.name for one in find_leftovers(connection, self.lineages)]
        if later:
            raise MigrationError(
                f"The migrations {', '.join(map(repr, later))} come after {self.name!r}. Take them "
                "back first."
            )

    def _clean_up(self, connection: Connection, lineage: Lineage | None, tables: set[str]) -> None:
        """Delete counters and records of deleted tables, and reinstall the triggers of rebuilt tables."""
        left = set(inspect(connection).get_table_names())
        if TableVersion.__tablename__ in left:
            gone = tables - left
            connection.execute(delete(TableVersion).where(TableVersion.name.in_(gone)))
            counted = connection.scalars(select(TableVersion.name).distinct())
            install_triggers(connection, tables & set(counted))
        if self.target == BASE:
            version_table = connection.dialect.identifier_preparer.quote(
                VERSION_TABLE_PREFIX + self.name
            )
            connection.execute(text(f"DROP TABLE {version_table}"))
            if LineageTable.__tablename__ in left:
                delete_recorded_tables(connection, [self.name])
        elif lineage:
            record_tables(connection, [lineage])


def _check_references(connection: Connection, name: str, tables: set[str]) -> None:
    """Check that no table of another lineage references these."""
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


def _drop_tables(connection: Connection, tables: set[str]) -> None:
    """Drop tables, referencing tables first."""
    found = MetaData()
    found.reflect(connection, only=list(tables))  # also loads referenced tables; they are kept
    found.drop_all(connection, [found.tables[name] for name in tables])


def _get_columns(connection: Connection) -> dict[str, set[str]]:
    found = inspect(connection).get_multi_columns()
    return {
        name: {column["name"] for column in columns} for (_, name), columns in found.items() if name
    }


def _count_rows(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0
