"""How many statements each endpoint takes, which does not depend on how much is stored."""

import pytest

from shoptrack.db import Database
from shoptrack.testing import capture_statements
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.testing import PASSWORD


@pytest.fixture
def statements(app, client, database):
    """Return a function that posts, and returns how many statements that took."""

    # Which hashes are stored is read once a minute by whoever comes first.
    with database.read_engine.connect() as connection:
        StoredHashes.of(app.registry).get_dummy(connection, "")

    def statements(path, body, status, **headers) -> int:
        with capture_statements(database) as made:
            client.post_json(f"/api/auth/{path}", body, headers=headers, status=status)
        return len(made)

    return statements


@pytest.mark.parametrize(
    ("username", "password"),
    [("nobody", "x"), ("ken", "wrong"), ("gone", "wrong"), ("gone", PASSWORD)],
)
def test_every_refusal_of_a_sign_in_takes_the_same(
    statements, database, make_user, username, password
):
    make_user("ken")
    make_user("gone", is_active=False)
    # Failures, the account; failures again, the new one, old ones; the history's entry. PostgreSQL takes a lock before.
    expected = 6 if database.is_sqlite else 7
    assert statements("token/", {"username": username, "password": password}, 401) == expected


def test_a_sign_in_takes_eight(statements, user):
    # Failures, the account, failures again; the user, the sign-in; forgotten failures, expired sign-ins; the history's
    # entry.
    assert statements("token/", {"username": "ken", "password": PASSWORD}, 200) == 8


def test_an_attempt_that_has_to_wait_takes_one(client_with, user):
    client = client_with(shoptrack__failures_per_name="1")
    body = {"username": "ken", "password": "wrong"}
    client.post_json("/api/auth/token/", body, status=401)
    with capture_statements(Database.of(client.app.registry)) as made:
        client.post_json("/api/auth/token/", body, status=429)
    assert len(made) == 1


def test_a_refresh_takes_three_and_a_verification_two(statements, signed_in):
    # Failures, whose the token is; its last use.
    assert statements("token/refresh/", {"refresh": signed_in.refresh}, 200) == 3
    assert statements("token/verify/", {"token": signed_in.access}, 200) == 2
