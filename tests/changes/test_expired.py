"""Cursors after which changes may be missing are refused, and no others."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text

from shoptrack.history import HistoryEntry, delete_entries, restart_feed
from shoptrack.history.feed import read_source
from shoptrack.history.models import HistoryPurge
from shoptrack.history.purging import delete_old_entries

URL = "/api/changes/"
OLD = datetime.now(UTC) - timedelta(days=400)


@pytest.fixture
def purge(database):
    """Return a function that deletes the entries of a resource, or those that are old."""

    def purge(path: str | None = None) -> int:
        with database.engine.begin() as connection:
            if path is None:
                return delete_old_entries(connection, 365)
            which = delete(HistoryEntry).where(HistoryEntry.path == path)
            return delete_entries(connection, which)

    return purge


def test_changes_that_were_deleted_are_missed(api, read, purge, write_entries):
    start = read()["cursor"]
    write_entries({"path": "units", "row_id": 1, "action": "added", "at": OLD})
    assert purge() == 1
    body = api.get(URL, {"since": start}, status=410).json
    assert body["code"] == "cursor_expired"
    assert body["detail"].startswith("Changes after this cursor were deleted. Read the lists again")
    assert read(read()["cursor"])["changes"] == []


def test_changes_of_other_resources_are_not(api, read, purge):
    start = read(resource="units")["cursor"]
    api.post_json("/api/categories/", {"name": "Meat"}, status=201)
    api.post_json("/api/units/", {"name": "g"}, status=201)
    assert purge("categories") == 1
    assert len(read(start, resource="units")["changes"]) == 1


def test_a_client_that_had_them_all_goes_on(api, read, purge):
    api.post_json("/api/units/bulk/", [{"name": "g"}, {"name": "ml"}], status=201)
    cursor = read()["cursor"]
    assert purge("units") == 2
    assert read()["cursor"] != cursor  # the entry's time is not known any more
    for newest in (cursor, read()["cursor"]):
        assert read(newest)["changes"] == []
    api.post_json("/api/units/", {"name": "kg"}, status=201)
    assert len(read(cursor)["changes"]) == 1


def test_a_later_purge_of_earlier_entries_hides_none(api, read, database, purge, write_entries):
    write_entries({"path": "units", "row_id": 1, "action": "added", "at": OLD})
    start = read()["cursor"]
    api.post_json("/api/units/", {"name": "g"}, status=201)
    with database.engine.begin() as connection:
        assert delete_entries(connection, delete(HistoryEntry).where(HistoryEntry.at > OLD)) >= 1
    assert purge() == 1
    api.get(URL, {"since": start}, status=410)


def test_rows_without_entries_let_everybody_begin_again(api, read, database):
    start = read()["cursor"]
    with database.engine.begin() as connection:
        restart_feed(connection)
    body = api.get(URL, {"since": start}, status=410).json
    assert body["detail"].startswith("The database was restored or filled")
    assert read(read()["cursor"])["changes"] == []


def test_an_older_copy_of_the_database_is_noticed(api, read, database, write_entries):
    """As when its files are put back: the cursor's entry is missing, and then another one has its id."""
    entry = {"id": 10**6, "path": "units", "row_id": 1, "action": "added"}
    write_entries(entry)
    cursor = read()["cursor"]
    forget(database)
    assert "restored" in api.get(URL, {"since": cursor}, status=410).json["detail"]
    write_entries(entry)
    assert "restored" in api.get(URL, {"since": cursor}, status=410).json["detail"]
    assert read(read()["cursor"])["changes"] == []


@pytest.mark.database("postgresql")
def test_what_another_server_purged_is_none_of_this_ones(api, read, database):
    """A dump that is restored elsewhere has its positions, while transactions are counted anew."""
    with database.engine.begin() as connection:
        values = {"path": "units", "source": "of another", "xid": 2**62, "entry_id": 10**9}
        connection.execute(insert(HistoryPurge), values)
    cursor = read()["cursor"]
    api.post_json("/api/units/", {"name": "g"}, status=201)
    assert len(read(cursor)["changes"]) == 1


@pytest.mark.database("postgresql")
def test_any_role_may_read_the_number_of_the_server(database):
    asked = "SELECT has_function_privilege('public', 'pg_control_system()', 'execute')"
    with database.read_engine.connect() as connection:
        assert connection.scalar(text(asked)) is True
        assert len(read_source(connection)) == 16


def forget(database) -> None:
    """Delete the entries, as if they had not been there."""
    with database.engine.begin() as connection:
        delete_entries(connection)
        connection.execute(delete(HistoryPurge))
