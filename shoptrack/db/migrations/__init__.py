"""Migrations: a line of revisions and a version table for each package.

Packages do not share a version table, and no revision depends on another package's: otherwise a plugin that is taken
away would stop the others for good. The core's line runs first, then the plugins' in the order that they ask for.
"""

from shoptrack.db.migrations.downgrade import Loss, TakingBack
from shoptrack.db.migrations.leftovers import LeftOver, left_over
from shoptrack.db.migrations.lineage_tables import differences, included, stored_tables, tables_of
from shoptrack.db.migrations.lineages import (
    CORE_PACKAGE,
    Lineage,
    MigrationError,
    NewerSchema,
    alone,
    line_name,
    ordered,
)
from shoptrack.db.migrations.readiness import (
    check_migrations,
    check_while_serving,
    warn_of_left_over,
)
from shoptrack.db.migrations.states import State, pending, refuse_ahead, revisions
from shoptrack.db.migrations.upgrade import exclusive, look_after, migrate, refuse_django

__all__ = [
    "CORE_PACKAGE",
    "LeftOver",
    "Lineage",
    "Loss",
    "MigrationError",
    "NewerSchema",
    "State",
    "TakingBack",
    "alone",
    "check_migrations",
    "differences",
    "exclusive",
    "included",
    "left_over",
    "line_name",
    "look_after",
    "migrate",
    "ordered",
    "pending",
    "refuse_ahead",
    "refuse_django",
    "revisions",
    "stored_tables",
    "tables_of",
    "warn_of_left_over",
]


def includeme(config):
    """Bring the core's own revisions, and let ``/readyz`` ask whether none is missing."""
    config.add_migrations(CORE_PACKAGE, "shoptrack:revisions")
    config.add_health_check("migrations", check_while_serving)
