"""The history, which is empty when a test begins: that users were made for it is no matter of its own."""

import pytest
from sqlalchemy import select

from shoptrack.history import HistoryEntry, delete_entries


@pytest.fixture
def history(database):
    """Return a function that reads the entries, the oldest first."""

    def history(**wanted):
        named = (getattr(HistoryEntry, name) == value for name, value in wanted.items())
        with database.read_engine.connect() as connection:
            statement = select(*HistoryEntry.__table__.columns).where(*named)
            return connection.execute(statement.order_by(HistoryEntry.id)).all()

    with database.engine.begin() as connection:
        delete_entries(connection)
    return history
