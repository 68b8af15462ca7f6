"""Rules that every page of the administration keeps, whichever plugin brought it."""

import re

import pytest
from pyramid.interfaces import IRoutesMapper

from shoptrack.permissions import Permissions

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.model_permissions]

OPEN = {"admin:sign-in", "admin:sign-out", "admin:set-password", "admin:language", "admin:asset"}
OWN = {
    "admin:index",
    "admin:account",
    "admin:profile",
    "admin:password",
    "admin:new-token",
    "admin:tokens",
}


# The pages of what people themselves did, and of the others.
FOR_STAFF = re.compile("admin:(user|group|history|row-history)")


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
    assert pages.keys() >= OPEN | OWN
    for name, path in pages.items():
        if name not in OPEN:
            for answer in (visitor.get(path), submit(visitor, path)):
                assert answer.location.startswith("https://localhost/admin/login/"), name


def test_whoever_is_no_staff_is_refused_the_pages_for_staff_whatever_was_granted(
    app, browser_of, user, grant, pages, submit
):
    grant(user, *Permissions.of(app.registry).declared)
    client = browser_of(user)
    for name, path in pages.items():
        if FOR_STAFF.match(name):
            client.get(path, status=403)
            submit(client, path, status=403)
        elif name not in OPEN:
            assert client.get(path, status="*").status_int != 403, name


def test_whoever_was_given_nothing_looks_at_nothing_and_changes_nothing(
    browser_of, staff, user, pages, submit
):
    for client in browser_of(staff), browser_of(user):
        check_refused(client, pages, submit)


def check_refused(client, pages, submit):
    for path in (path for name, path in pages.items() if name not in OPEN | OWN):
        client.get(path, status=403)
        submit(client, path, status=403)


def test_what_changes_something_takes_a_token(admin, pages):
    for path in pages.values():
        admin.post(path, {"csrf_token": "x"}, status=403)
