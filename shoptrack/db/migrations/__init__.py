"""Migrations: each package has a lineage of revisions with a version table of its own.

No revision depends on another package's: an uninstalled plugin would block the others for good. The core's
lineage runs first, then the plugins' lineages in the order that they declare.
"""

from shoptrack.db.migrations.differences import format_difference
from shoptrack.db.migrations.downgrade import Downgrade, DowngradeImpact
from shoptrack.db.migrations.leftovers import Leftover, find_leftovers
from shoptrack.db.migrations.lineage_tables import (
    find_differences,
    find_stored_tables,
    get_tables,
    make_include_object,
)
from shoptrack.db.migrations.lineages import (
    CORE_PACKAGE,
    Lineage,
    Lineages,
    MigrationError,
    NewerSchema,
    get_lineage_name,
    select_with_prerequisites,
    sort_lineages,
)
from shoptrack.db.migrations.readiness import (
    check_migrations,
    check_while_serving,
    log_leftovers,
)
from shoptrack.db.migrations.references import check_unreferenced
from shoptrack.db.migrations.states import (
    LineageState,
    check_not_ahead,
    find_pending,
    get_current_revisions,
)
from shoptrack.db.migrations.upgrade import (
    check_no_django_tables,
    migrate,
    open_exclusive_transaction,
    refresh_derived_tables,
)

__all__ = [
    "CORE_PACKAGE",
    "Leftover",
    "Lineage",
    "Lineages",
    "DowngradeImpact",
    "MigrationError",
    "NewerSchema",
    "LineageState",
    "Downgrade",
    "select_with_prerequisites",
    "check_migrations",
    "find_differences",
    "format_difference",
    "open_exclusive_transaction",
    "make_include_object",
    "find_leftovers",
    "get_lineage_name",
    "refresh_derived_tables",
    "migrate",
    "sort_lineages",
    "find_pending",
    "check_not_ahead",
    "check_unreferenced",
    "check_no_django_tables",
    "get_current_revisions",
    "find_stored_tables",
    "get_tables",
    "log_leftovers",
]


def includeme(config):
    """Register the core's lineage, and a health check for pending revisions."""
    config.add_migrations(CORE_PACKAGE, "shoptrack:revisions")
    config.add_health_check("migrations", check_while_serving)
