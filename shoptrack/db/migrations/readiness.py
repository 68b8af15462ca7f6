"""Whether the database is what this application works with."""

import logging

from shoptrack.contributions import Contributions
from shoptrack.db import Database
from shoptrack.db.migrations.leftovers import left_over
from shoptrack.db.migrations.lineage_tables import tables_of
from shoptrack.db.migrations.lineages import MigrationError, ordered
from shoptrack.db.migrations.states import Revisions, behind, refuse_ahead, revisions
from shoptrack.db.unfit import refuse_closed, refuse_unfit

log = logging.getLogger(__name__)


def check_migrations(registry) -> None:
    """Raise unless the database is one to work with, and has the newest revision of every line.

    :raises UnfitDatabase: it is none
    :raises MigrationError: it lacks some, or it has some that are not installed
    """
    found = _find_revisions(registry)
    refuse_ahead(found)
    _refuse_behind(found)


def check_while_serving(registry) -> None:
    """Raise unless the database is one that a process can go on with which serves already.

    A newer release that has migrated does not stop it: both serve until the newer one has taken over.

    :raises UnfitDatabase: it is none
    :raises MigrationError: it lacks revisions
    """
    _refuse_behind(_find_revisions(registry))


def _find_revisions(registry) -> Revisions:
    lineages = ordered(Contributions.of(registry).migrations)
    with Database.of(registry).reads.connect() as connection:
        refuse_unfit(connection)
        versions = {lineage.version_table for lineage in lineages}
        refuse_closed(connection, {table.name for table in tables_of(lineages)} | versions)
        return revisions(connection, lineages)


def _refuse_behind(found: Revisions) -> None:
    if names := behind(found):
        raise MigrationError(f"Not up to date: {', '.join(names)}. Run: shoptrack migrate.")


def warn_of_left_over(registry) -> None:
    """Log what plugins left in the database that are switched off or not installed."""
    with Database.of(registry).reads.connect() as connection:
        for one in left_over(connection, Contributions.of(registry).migrations.values()):
            log.warning("%s", one)
