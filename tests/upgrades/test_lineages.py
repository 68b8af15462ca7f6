"""The project's own lineages go down and up again, filled, by the check that plugins have."""

import pytest

from shoptrack.db import Database
from shoptrack.db.migrations import Lineages

from .kept import get_statements

NEEDED = {"reports": ["shoptrack_0001"]}  # whose rows those of the lineage refer to


@pytest.mark.parametrize("name", ["shoptrack", "auth", "admin", "reports"])
def test_each_goes_down_and_up_again_filled(name, check_lineage, shared_app):
    lineage = Lineages.of(shared_app.registry)[name]
    database = Database.of(shared_app.registry).url.get_backend_name()
    *later, first = lineage.revisions
    rows = {revision: get_statements(database, revision) for revision in later}
    check_lineage(name, rows | {first: get_statements(database, *NEEDED.get(name, ()), first)})


def test_these_are_all(shared_app):
    brought = Lineages.of(shared_app.registry)
    assert [*brought] == ["shoptrack", "auth", "admin", "reports"]
