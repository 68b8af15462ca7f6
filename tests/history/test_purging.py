"""Old entries are deleted by a command, and by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.exc import DBAPIError

from shoptrack.history import HistoryEntry, delete_entries


def test_old_entries_go_and_the_others_are_as_safe_as_before(database, history):
    now = datetime.now(UTC)
    with database.engine.begin() as connection:
        for days in (1, 400):
            at = now - timedelta(days=days)
            connection.execute(insert(HistoryEntry).values(action="added", label=str(days), at=at))
    with database.engine.begin() as connection:
        bound = now - timedelta(days=365)
        assert delete_entries(connection, delete(HistoryEntry).where(HistoryEntry.at < bound)) == 1
    assert [entry.label for entry in history()] == ["1"]
    with pytest.raises(DBAPIError, match="only added to"), database.engine.begin() as connection:
        connection.execute(delete(HistoryEntry))
