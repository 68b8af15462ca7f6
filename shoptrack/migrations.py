"""The runner of migrations: a line of revisions and a version table for each package.

Packages do not share a version table, and no revision depends on another package's: otherwise a plugin that is taken
away would stop the others for good. The core's line runs first, then the plugins' in the order that they ask for.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from typing import Any
from zlib import crc32

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, text

from shoptrack import search_indexes
from shoptrack.contributions import Contributions
from shoptrack.db import Base, Database
from shoptrack.errors import DomainError
from shoptrack.settings import ConfigurationError
from shoptrack.versions import TableVersion, watch

CORE = "shoptrack"
NAME = re.compile("[a-z][a-z0-9_]{0,39}")  # of a line; PostgreSQL's names have 63 characters
LOCK = crc32(b"shoptrack migrations")  # PostgreSQL names advisory locks by number


class MigrationError(DomainError):
    """The database cannot be brought up to date; nothing was changed."""


class NewerSchema(MigrationError):
    """The database has a revision that this release does not know."""


@dataclass(frozen=True)
class Lineage:
    """One package's line of revisions.

    :param location: ``package:folder``
    :param after: names of the lines that must be up to date before this one
    """

    name: str
    location: str
    after: tuple[str, ...] = ()

    def __post_init__(self):
        """Refuse a name that could be no part of a table's.

        :raises ConfigurationError: it could not
        """
        if not NAME.fullmatch(self.name):
            raise ConfigurationError(
                f"Migrations cannot be called {self.name!r}: the name takes small letters, digits and "
                "underscores, begins with a letter, and has 40 characters at most."
            )

    @property
    def package(self) -> str:
        """Return the package that the line belongs to."""
        return self.location.partition(":")[0]

    @property
    def version_table(self) -> str:
        """Return the table that says how far this line has come."""
        return f"alembic_version_{self.name}"

    @property
    def scripts(self) -> ScriptDirectory:
        """Return the revisions."""
        package, _, folder = self.location.partition(":")
        path = str(files(package) / folder)
        return ScriptDirectory(path, version_locations=[path])

    def revision(self, connection: Connection) -> str | None:
        """Return the revision that the database has, ``None`` before the first."""
        context = MigrationContext.configure(connection, opts={"version_table": self.version_table})
        return context.get_current_revision()

    def upgrade(self, connection: Connection, to: str = "head") -> None:
        """Run what is missing, inside the transaction of the connection."""
        scripts = self.scripts
        self._run(
            connection, scripts, to, lambda revision, context: scripts._upgrade_revs(to, revision)
        )

    def downgrade(self, connection: Connection, to: str = "base") -> None:
        """Take revisions back, inside the transaction of the connection; ``base`` is all of them."""
        scripts = self.scripts
        self._run(
            connection, scripts, to, lambda revision, context: scripts._downgrade_revs(to, revision)
        )

    def _run(
        self, connection: Connection, scripts: ScriptDirectory, to: str, steps: Callable
    ) -> None:
        with EnvironmentContext(Config(), scripts, fn=steps) as environment:
            environment.configure(
                connection=connection,
                version_table=self.version_table,
                destination_rev=to,
                transactional_ddl=True,
                render_as_batch=True,
            )
            environment.run_migrations()


def ordered(lineages: Mapping[str, Lineage]) -> list[Lineage]:
    """Return the lines in the order in which they run.

    :raises ConfigurationError: one waits for a line that nobody brought, or two wait for each other
    """
    for lineage in lineages.values():
        for name in lineage.after:
            if name not in lineages:
                raise ConfigurationError(
                    f"The migrations {lineage.name!r} come after {name!r}, which no plugin brings. "
                    f"There are: {', '.join(sorted(lineages))}."
                )
    graph = {
        name: {*lineage.after, *({CORE} & lineages.keys() - {name})}
        for name, lineage in sorted(lineages.items())
    }
    try:
        return [lineages[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ConfigurationError(f"These migrations wait for each other: {circle}.") from None


def pending(connection: Connection, lineages: Iterable[Lineage]) -> list[str]:
    """Return the names of the lines whose newest revision the database does not have.

    :raises NewerSchema: it has one that this release does not know
    """
    behind = []
    for lineage in lineages:
        revision, scripts = lineage.revision(connection), lineage.scripts
        if revision == scripts.get_current_head():
            continue
        known = {script.revision for script in scripts.walk_revisions()}
        if revision is not None and revision not in known:
            raise NewerSchema(
                f"The database was migrated by a newer release: {lineage.name} stands at {revision}, "
                "which this release does not know. Run the newer one, or restore a backup of before."
            )
        behind.append(lineage.name)
    return behind


def migrate(
    database: Database,
    lineages: Iterable[Lineage],
    *,
    tables: Collection[str] = (),
    beside_django: bool = False,
) -> None:
    """Bring every line up to date: all of it, or nothing.

    Several processes may call this at once: one works, the others wait and then find nothing to do.

    :param tables: those whose changes the database shall count
    :param beside_django: also where the database holds a Django project's tables
    :raises MigrationError: the database belongs to a Django project, or references are broken
    """
    with exclusive(database) as connection:
        refuse_django(connection, beside_django)
        for lineage in lineages:
            lineage.upgrade(connection)
        look_after(connection, tables)


def refuse_django(connection: Connection, beside_django: bool) -> None:
    """Refuse a database that holds a Django project's tables, unless that is known.

    :raises MigrationError: it does
    """
    if inspect(connection).has_table("django_migrations") and not beside_django:
        raise MigrationError(
            "This database holds a Django project's tables. ShopTrack's own never collide with "
            "them; to keep both in one database, say so with --beside-django."
        )


def look_after(connection: Connection, tables: Collection[str]) -> None:
    """Give resources' tables what is no part of the schema: counted changes, faster searching."""
    if tables:
        watch(connection, tables)
        search_indexes.ensure(connection, set(tables))


@contextmanager
def exclusive(database: Database) -> Iterator[Connection]:
    """Open a transaction that no other migration can run beside."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            # Whatever the role's limit is: a table is rebuilt, and others are waited for.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
            connection.commit()
            return
        # SQLite rebuilds a table to change it, which foreign keys would forbid or cascade; the
        # pragma does nothing inside a transaction, so it comes before the first statement.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = off")
        try:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise MigrationError(f"Rows of {tables} would refer to rows that do not exist.")
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = on")


def differences(connection: Connection, lineages: Iterable[Lineage]) -> list:
    """Return what Alembic finds different between the models and the database's tables.

    Only the tables of these lines' packages count: others may share the database.
    """
    context = MigrationContext.configure(
        connection, opts={"include_object": included(lineages), "compare_type": True}
    )
    return compare_metadata(context, Base.metadata)


def included(lineages: Iterable[Lineage]) -> Callable[..., bool]:
    """Return Alembic's filter ``include_object`` for the tables of these lines' packages.

    Without it, the tables of a plugin that is switched off would be dropped.
    """
    packages = {lineage.package for lineage in lineages}
    ours = _tables_of(packages)
    prefixes = tuple(f"{package}_" for package in packages)

    def include(item, name: str, kind: str, reflected: bool, compared) -> bool:
        if kind == "index" and reflected and name.startswith(search_indexes.PREFIX):
            return False
        return kind != "table" or name in ours or (reflected and name.startswith(prefixes))

    return include


def tables_of(lineages: Iterable[Lineage]) -> list[Table]:
    """Return the tables of these lines' packages that hold data, after those that they refer to."""
    ours = _tables_of({lineage.package for lineage in lineages}) - {TableVersion.__tablename__}
    return [table for table in Base.metadata.sorted_tables if table.name in ours]


def _tables_of(packages: Collection[str]) -> set[str]:
    return {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.partition(".")[0] in packages
    }


def check_migrations(registry) -> None:
    """Raise unless the database has the newest revision of every line."""
    lineages = ordered(Contributions.of(registry).migrations)
    with Database.of(registry).reads.connect() as connection:
        behind = pending(connection, lineages)
    if behind:
        raise MigrationError(f"Not up to date: {', '.join(behind)}. Run: shoptrack migrate.")


def includeme(config):
    """Bring the core's own revisions, and let ``/readyz`` ask whether all are applied."""
    config.add_migrations(CORE, "shoptrack:revisions")
    config.add_health_check("migrations", check_migrations)
