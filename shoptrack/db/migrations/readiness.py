"""Checks that the database is ready for this application."""

import logging

from shoptrack.db import Database
from shoptrack.db.migrations.leftovers import find_leftovers
from shoptrack.db.migrations.lineage_tables import get_tables
from shoptrack.db.migrations.lineages import Lineages, MigrationError, sort_lineages
from shoptrack.db.migrations.states import (
    Revisions,
    check_not_ahead,
    get_current_revisions,
    select_pending,
)
from shoptrack.db.unfit import check_database, check_table_privileges

log = logging.getLogger(__name__)


def check_migrations(registry) -> None:
    """Check that the database is usable, and has the newest revision of every lineage.

    :raises UnfitDatabase: it is not usable
    :raises MigrationError: revisions are pending, or not installed
    """
    found = _find_revisions(registry)
    check_not_ahead(found)
    _check_nothing_pending(found)


def check_while_serving(registry) -> None:
    """Check that a running process can keep using the database.

    A migration by a newer release does not stop it: both serve during a rolling update.

    :raises UnfitDatabase: it is not usable
    :raises MigrationError: revisions are pending
    """
    _check_nothing_pending(_find_revisions(registry))


def _find_revisions(registry) -> Revisions:
    lineages = sort_lineages(Lineages.of(registry))
    with Database.of(registry).read_engine.connect() as connection:
        check_database(connection)
        versions = {lineage.version_table for lineage in lineages}
        check_table_privileges(
            connection, {table.name for table in get_tables(lineages)} | versions
        )
        return get_current_revisions(connection, lineages)


def _check_nothing_pending(found: Revisions) -> None:
    if names := select_pending(found):
        raise MigrationError(f"Not up to date: {', '.join(names)}. Run: shoptrack migrate.")


def log_leftovers(registry) -> None:
    """Log the leftovers: tables of plugins that are disabled or uninstalled."""
    with Database.of(registry).read_engine.connect() as connection:
        for one in find_leftovers(connection, Lineages.of(registry).values()):
            log.warning("%s", one)
