"""The history, which is empty when a test begins: that users were made for it is no matter of its own."""

import pytest
from sqlalchemy import select

from shoptrack.contributions import Contributions
from shoptrack_admin.history.models import Entry, clear
from shoptrack_auth.models import UserPermission


@pytest.fixture
def forget(database):
    """Return a function that empties the history."""

    def forget() -> None:
        with database.engine.begin() as connection:
            clear(connection)

    return forget


@pytest.fixture
def history(database, forget):
    """Return a function that reads the entries, the oldest first."""

    def history(**wanted):
        named = (getattr(Entry, name) == value for name, value in wanted.items())
        with database.read_engine.connect() as connection:
            statement = select(*Entry.__table__.columns).where(*named).order_by(Entry.id)
            return connection.execute(statement).all()

    forget()
    return history


@pytest.fixture
def auditor(app, browser_of, make_user, database, forget):
    """Return a browser of somebody who may see the history and everything in it, and change nothing."""
    user = make_user("mai", is_staff=True)
    with database.session() as db, db.begin():
        views = (
            name for name in Contributions.of(app.registry).permissions if name.endswith(":view")
        )
        db.add_all(UserPermission(user_id=user.id, permission=name) for name in views)
    browser = browser_of(user)
    forget()
    return browser
