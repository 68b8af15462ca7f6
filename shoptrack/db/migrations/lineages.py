"""Lineages of revisions, and the order in which they run."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from shoptrack.db.bulk_load import keep_sequences
from shoptrack.errors import DomainError
from shoptrack.packages import CORE_PACKAGE, locate_error
from shoptrack.settings import ConfigurationError

VALID_NAME = re.compile("[a-z][a-z0-9_]{0,39}")  # of a lineage; PostgreSQL's limit is 63 characters
VERSION_TABLE_PREFIX = "alembic_version_"

log = logging.getLogger(__name__)


class Lineages(dict[str, "Lineage"]):
    """The lineages of one application, by name."""

    @classmethod
    def of(cls, registry: Any) -> "Lineages":
        """Return the application's lineages."""
        return registry.setdefault(cls, cls())


class MigrationError(DomainError):
    """The migration failed, and nothing was changed."""


class NewerSchema(MigrationError):
    """The database has a revision that is not installed."""


@dataclass(frozen=True)
class Lineage:
    """The revisions of one package.

    :param location: ``package:folder``
    :param after: names of the lineages that are upgraded before this one
    """

    name: str
    location: str
    after: tuple[str, ...] = ()

    def __post_init__(self):
        """Check that the name can be part of a table name.

        :raises ConfigurationError: it cannot
        """
        if not VALID_NAME.fullmatch(self.name):
            raise ConfigurationError(
                f"Migrations cannot be called {self.name!r}: the name takes small letters, digits and "
                "underscores, begins with a letter, and has 40 characters at most."
            )

    @property
    def package(self) -> str:
        """Return the package of the lineage."""
        return self.location.partition(":")[0]

    @property
    def version_table(self) -> str:
        """Return the name of the version table."""
        return f"{VERSION_TABLE_PREFIX}{self.name}"

    @cached_property
    def scripts(self) -> ScriptDirectory:
        """Return the revisions."""
        package, _, folder = self.location.partition(":")
        path = str(files(package) / folder)
        return ScriptDirectory(path, version_locations=[path])

    @cached_property
    def revisions(self) -> list[str]:
        """Return the names of all revisions, the newest first.

        :raises MigrationError: they cannot be read, or have several heads
        """
        try:
            self.scripts.get_current_head()  # raises if there are several
            return [script.revision for script in self.scripts.walk_revisions()]
        except Exception as error:
            raise self._failure("The migrations {name!r} cannot be read", error) from error

    @property
    def head(self) -> str | None:
        """Return the newest revision."""
        return next(iter(self.revisions), None)

    def get_current_revision(self, connection: Connection) -> str | None:
        """Return the revision of the database, ``None`` before the first."""
        context = MigrationContext.configure(connection, opts={"version_table": self.version_table})
        return context.get_current_revision()

    def upgrade(self, connection: Connection, to: str = "head") -> None:
        """Apply pending revisions, within the transaction of the connection.

        :raises MigrationError: a revision failed
        """
        self._run(connection, to, lambda revision, _: self.scripts._upgrade_revs(to, revision))

    def downgrade(self, connection: Connection, to: str = "base") -> None:
        """Downgrade to a revision, within the transaction of the connection; ``base`` is before the first.

        :raises MigrationError: a revision failed
        """
        self._run(connection, to, lambda revision, _: self.scripts._downgrade_revs(to, revision))

    def _run(self, connection: Connection, to: str, steps: Callable) -> None:
        with EnvironmentContext(Config(), self.scripts, fn=steps) as environment:
            environment.configure(
                connection=connection,
                version_table=self.version_table,
                destination_rev=to,
                transactional_ddl=True,
                render_as_batch=True,
            )
            try:
                with keep_sequences(connection):
                    environment.run_migrations()
            except Exception as error:
                raise self._failure("The migrations {name!r} failed", error) from error

    def _failure(self, what: str, error: Exception) -> MigrationError:
        """Return an error with file and line of the failed revision."""
        reason = error.orig if isinstance(error, DBAPIError) else error
        kind = "" if isinstance(error, CommandError) else f"{type(reason).__name__}: "
        # The folder is unknown if reading it failed.
        place = locate_error(error, self.scripts.dir) if "scripts" in self.__dict__ else None
        log.debug("The migrations %r failed", self.name, exc_info=error)
        said, where = str(reason).strip().rstrip("."), f" ({place})" if place else ""
        return MigrationError(
            f"{what.format(name=self.name)}: {kind}{said}{where}. Nothing was changed."
        )


def sort_lineages(lineages: Mapping[str, Lineage]) -> list[Lineage]:
    """Return the lineages in the order in which they run.

    :raises ConfigurationError: a prerequisite is missing, or they are circular
    """
    for lineage in lineages.values():
        for name in lineage.after:
            if name not in lineages:
                raise ConfigurationError(
                    f"The migrations {lineage.name!r} come after {name!r}, which no plugin brings. "
                    f"There are: {', '.join(sorted(lineages))}."
                )
    graph = {
        name: get_prerequisites(lineage, lineages) for name, lineage in sorted(lineages.items())
    }
    try:
        return [lineages[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ConfigurationError(f"These migrations wait for each other: {circle}.") from None


def get_prerequisites(lineage: Lineage, lineages: Iterable[str]) -> set[str]:
    """Return the names of the direct prerequisites of a lineage: those it declares, and the core's."""
    return {*lineage.after, *({CORE_PACKAGE} & set(lineages) - {lineage.name})}


def get_lineage_name(lineages: Iterable[Lineage], plugin: str) -> str:
    """Return the name of a plugin's lineage.

    :param plugin: that name, or its package; any other text is the name of a leftover
    """
    return next((line.name for line in lineages if plugin in (line.name, line.package)), plugin)


def select_with_prerequisites(lineages: Sequence[Lineage], plugin: str) -> list[Lineage]:
    """Return a plugin's lineage after its prerequisites.

    :param lineages: all, in the order in which they run
    :raises MigrationError: no enabled plugin has this lineage
    """
    known = {line.name: line for line in lineages}
    name = get_lineage_name(lineages, plugin)
    if name not in known:
        raise MigrationError(
            f"No enabled plugin has a lineage {plugin!r}. Available: {', '.join(known)}."
        )
    needed = {name}
    for line in reversed(lineages):
        if line.name in needed:
            needed |= get_prerequisites(line, known)
    return [line for line in lineages if line.name in needed]
