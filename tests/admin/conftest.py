"""The rows of sign-ins, as the administration's pages leave them."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from shoptrack_auth.models import SignIn, User, UserPermission


@pytest.fixture
def sessions(database):
    """Return a function that reads the sign-ins there are, oldest first."""

    def sessions() -> list:
        with database.reads.connect() as connection:
            return list(connection.execute(select(SignIn.__table__).order_by(SignIn.id)))

    return sessions


@pytest.fixture
def alter(database):
    """Return functions that change a user, or all sign-ins, behind the application's back."""

    def user(user: User, **values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(User).where(User.id == user.id).values(values))

    def sign_ins(**values) -> None:
        with database.engine.begin() as connection:
            connection.execute(update(SignIn).values(values))

    return SimpleNamespace(user=user, sign_ins=sign_ins)


@pytest.fixture
def staff_with(browser_of, make_user, database):
    """Return a function that signs in a member of the staff who holds just these permissions."""
    numbers = iter(range(1, 100))

    def staff_with(*permissions: str):
        user = make_user(f"staff{next(numbers)}", is_staff=True)
        with database.session() as db, db.begin():
            db.add_all(UserPermission(user_id=user.id, permission=name) for name in permissions)
        return browser_of(user)

    return staff_with


@pytest.fixture
def said():
    """Return a function that returns the messages of a page."""

    def said(page) -> list[str]:
        return [message.text for message in page.html.select(".messages .message")]

    return said
