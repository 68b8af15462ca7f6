"""A history that is empty when a test begins, and somebody who may read it."""

import pytest
from sqlalchemy import insert

from shoptrack.history import HistoryEntry, delete_entries
from shoptrack.permissions import Permissions
from shoptrack_auth.models import UserPermission


@pytest.fixture
def forget(database):
    """Return a function that empties the history."""

    def forget() -> None:
        with database.engine.begin() as connection:
            delete_entries(connection)

    return forget


@pytest.fixture
def auditor(app, browser_of, make_user, database, forget):
    """Return a browser of somebody who may see the history and everything in it, and change nothing."""
    user = make_user("mai", is_staff=True)
    with database.session() as db, db.begin():
        views = (name for name in Permissions.of(app.registry).declared if name.endswith(":view"))
        db.add_all(UserPermission(user_id=user.id, permission=name) for name in views)
    browser = browser_of(user)
    forget()
    return browser


@pytest.fixture
def keep_many(database):
    """Return a function that adds entries, and returns their ids."""

    def keep_many(entries, **values) -> list[int]:
        common = {"action": "changed", "path": "products", "way": "api", **values}
        statement = insert(HistoryEntry).returning(HistoryEntry.id)
        with database.engine.begin() as connection:
            return [connection.scalar(statement, common | entry) for entry in entries]

    return keep_many


@pytest.fixture
def keep(keep_many):
    """Return a function that adds entries, and returns their ids."""
    return lambda *entries, **values: keep_many(entries or [{}], **values)
