"""Whoever tries names learns nothing about which of them exist. Of time and waiting, other tests say so."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def refusal(client):
    """Return a function that tries to sign in, and returns all of the answer that does not name the request."""

    def refusal(path, body):
        answer = client.post_json(path, body, status="*")
        headers = {name: value for name, value in answer.headerlist if name != "X-Request-ID"}
        return answer.status_int, headers, answer.body

    return refusal


@pytest.fixture
def usernames(make_user):
    """Make users whose accounts are each of another kind."""
    make_user("active")
    make_user("inactive", is_active=False)
    make_user("staff", is_staff=True)
    return ["active", "inactive", "staff"]


def test_every_name_is_refused_alike(refusal, usernames):
    path = "/api/auth/token/"
    unknown = refusal(path, {"username": "nobody", "password": "wrong"})
    assert unknown[0] == 401
    for username in usernames:
        assert refusal(path, {"username": username, "password": "wrong"}) == unknown
    assert refusal(path, {"username": "inactive", "password": PASSWORD}) == unknown


def test_a_token_that_does_not_hold_tells_no_more_of_its_user(refusal, signed_in, forge):
    for path, name, kind in (
        ("/api/auth/token/refresh/", "refresh", "refresh"),
        ("/api/auth/token/verify/", "token", "access"),
    ):
        unknown = refusal(path, {name: forge(token_type=kind, user_id="999999")})
        assert unknown[0] == 401
        assert unknown == refusal(path, {name: "x"})
