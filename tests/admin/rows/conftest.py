"""Members of the staff with just some permissions."""

import pytest

from shoptrack_auth.models import UserPermission


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
