"""The rows of sign-ins, as the administration's pages leave them."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from shoptrack_auth.models import User, UserSession


@pytest.fixture
def sessions(database):
    """Return a function that reads the sign-ins there are, oldest first."""

    def sessions() -> list:
        with database.read_engine.connect() as connection:
            return list(connection.execute(select(UserSession.__table__).order_by(UserSession.id)))

    return sessions


@pytest.fixture
def alter(database):
    """Return functions that change a user, or all sign-ins, behind the application's back."""

    def user(user: User, **values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(User).where(User.id == user.id).values(values))

    def sign_ins(**values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(UserSession).values(values))

    return SimpleNamespace(user=user, sign_ins=sign_ins)


@pytest.fixture
def said():
    """Return a function that returns the messages of a page."""

    def said(page) -> list[str]:
        return [message.text for message in page.html.select(".messages .message")]

    return said
