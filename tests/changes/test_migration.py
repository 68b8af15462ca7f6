"""A database whose history is older than the feed, and the previous release beside this one."""

import pytest
from sqlalchemy import insert, text

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineage, Lineages
from shoptrack.history import HistoryEntry
from shoptrack.history.feed import Position, read_entries, read_newest, read_source
from shoptrack.testing import make_test_app

from ..server.conftest import eventually

PREVIOUS = "shoptrack_0008"
# As the previous release writes it, which does not know the column.
ENTRY = text(
    "INSERT INTO shoptrack_admin_history (at, username, address, way, job, action, path, row_id, label, changes) "
    "VALUES ('2025-04-01 09:30:00.000000', '', '', 'api', '', 'added', 'units', :id, 'g', '{}')"
)


@pytest.fixture
def database(new_database):
    app = make_test_app(new_database())
    database = Database.of(app.registry)
    with database.engine.begin() as connection:
        Lineages.of(app.registry)["shoptrack"].upgrade(connection, PREVIOUS)
        connection.execute(ENTRY, {"id": 1})
    migrations.migrate(database, Lineages.of(app.registry).values())
    yield database
    database.dispose()


def test_entries_of_both_releases_are_read_and_earlier_ones_only_on_sqlite(database):
    """On PostgreSQL the order of earlier ones is not known. No cursor is older than the feed."""

    def read():
        with database.read_engine.connect() as connection:
            entries = read_entries(connection, ["units"], Position(0, 0), 10)
            newest = read_newest(connection, ["units"], read_source(connection))
        assert (newest.id == 3) is (bool(entries) and entries[-1].row_id == 3)
        return [entry.row_id for entry in entries]

    with database.engine.begin() as connection:
        connection.execute(ENTRY, {"id": 2})
        values = {"path": "units", "row_id": 3, "action": "added"}
        connection.execute(insert(HistoryEntry), values)
    expected = [1, 2, 3] if database.is_sqlite else [2, 3]
    eventually(lambda: read() == expected, lambda: f"{read()}")


def test_it_can_be_taken_back_with_all_entries(database):
    with database.engine.begin() as connection:
        Lineage("shoptrack", "shoptrack:revisions").downgrade(connection, PREVIOUS)
        connection.execute(ENTRY, {"id": 2})
        assert connection.scalar(text("SELECT count(*) FROM shoptrack_admin_history")) == 2
