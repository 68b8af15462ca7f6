"""Rules that every page of the administration keeps, whichever plugin brought it."""

import re

import pytest
from pyramid.interfaces import IRoutesMapper

pytestmark = pytest.mark.database("sqlite")

OPEN = {"admin:sign-in", "admin:sign-out", "admin:set-password", "admin:language", "admin:asset"}
FOR_ALL_STAFF = {
    "admin:index",
    "admin:account",
    "admin:password",
    "admin:new-token",
    "admin:tokens",
}


@pytest.fixture
def pages(app) -> dict[str, str]:
    """Return an address of each page, by the name of its route."""
    routes = app.registry.getUtility(IRoutesMapper).get_routes()
    return {
        route.name: re.sub(r"\{[^}]*\}", "1", route.pattern)
        for route in routes
        if route.pattern.startswith("/admin/")
    }


def test_whoever_is_not_signed_in_gets_no_further_than_to_sign_in(visitor, pages, submit):
    assert pages.keys() >= OPEN | FOR_ALL_STAFF
    for name, path in pages.items():
        if name not in OPEN:
            for answer in (visitor.get(path), submit(visitor, path)):
                assert answer.location.startswith("https://localhost/admin/login/"), name


def test_whoever_is_no_member_of_the_staff_is_refused(browser_of, user, pages):
    client = browser_of(user)
    for path in (path for name, path in pages.items() if name not in OPEN):
        client.get(path, status=403)


def test_whoever_was_given_nothing_looks_at_nothing_and_changes_nothing(
    browser_of, staff, pages, submit
):
    client = browser_of(staff)
    for path in (path for name, path in pages.items() if name not in OPEN | FOR_ALL_STAFF):
        client.get(path, status=403)
        submit(client, path, status=403)


def test_what_changes_something_takes_a_token(admin, pages):
    for path in pages.values():
        admin.post(path, {"csrf_token": "x"}, status=403)
