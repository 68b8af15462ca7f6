"""What tokens name their session by: a random value, or its id where the release before issued or has to read them."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import insert, inspect, select, text

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineage
from shoptrack.testing import SECRET_KEY, Client, capture_statements
from shoptrack_auth import sessions
from shoptrack_auth.models import NumberedSessions, SessionKind, UserSession, get_utc_now
from shoptrack_auth.testing import PASSWORD

AUTH = Lineage("auth", "shoptrack_auth:revisions")
ENDED = "Token is blacklisted"


def sid_of(token: str) -> str:
    return jwt.decode(token, SECRET_KEY, algorithms=["HS256"])["sid"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def number_until(database):
    """Return a function that sets until when new sessions are named by their ids."""

    def number_until(until: datetime) -> None:
        with database.engine.begin() as connection:
            connection.execute(insert(NumberedSessions).values(until=until))

    return number_until


@pytest.fixture
def tokens(app, user):
    """Return a function that signs in and returns the pair of tokens."""
    body = {"username": "ken", "password": PASSWORD}
    return lambda: Client(app).post_json("/api/auth/token/", body).json


def test_no_number_names_a_session_that_has_a_name(client, forge, signed_in):
    """So no token of a session whose id another one got, as after a restore, ever holds again."""
    for sid in (str(signed_in.session_id), signed_in.session_id):
        answer = client.get("/api/auth/user/", headers=bearer(forge(sid=sid)), status=401)
        assert answer.json["messages"][0]["message"] == ENDED
        body = {"refresh": forge(sid=sid, token_type="refresh")}
        answer = client.post_json("/api/auth/token/refresh/", body, status=401)
        assert answer.json["detail"] == ENDED
        client.post_json("/api/auth/logout/", {}, headers=bearer(forge(sid=sid)), status=200)
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=200)


def test_tokens_of_the_release_before_hold_until_they_expire(client, forge, nameless, database):
    access, refresh = (forge(sid=str(nameless), token_type=k) for k in ("access", "refresh"))
    with capture_statements(database) as made:
        client.get("/api/auth/user/", headers=bearer(access), status=200)
    assert len(made) == 1
    client.post_json("/api/auth/token/verify/", {"token": refresh}, status=200)
    body = {"refresh": refresh}
    renewed = client.post_json("/api/auth/token/refresh/", body, status=200).json["access"]
    assert sid_of(renewed) == str(nameless), "a process of that release may have to read it"
    client.get("/api/auth/user/", headers=bearer(renewed), status=200)
    client.post_json("/api/auth/logout/", {}, headers=bearer(access), status=200)
    client.get("/api/auth/user/", headers=bearer(renewed), status=401)


def test_while_both_releases_serve_new_sessions_are_named_by_their_ids(
    client, tokens, number_until, database
):
    number_until(get_utc_now() + timedelta(hours=1))
    issued = tokens()
    with database.read_engine.connect() as connection:
        session = connection.execute(select(UserSession.id, UserSession.sid)).one()
    assert session.sid is None
    assert {sid_of(issued["access"]), sid_of(issued["refresh"])} == {str(session.id)}
    client.get("/api/auth/user/", headers=bearer(issued["access"]), status=200)


def test_afterwards_they_are_not(client, tokens, number_until):
    number_until(get_utc_now() - timedelta(seconds=1))
    issued = tokens()
    assert len(sid_of(issued["access"])) == 22
    assert sid_of(tokens()["access"]) != sid_of(issued["access"])
    client.get("/api/auth/user/", headers=bearer(issued["access"]), status=200)


def test_no_token_names_a_session_of_the_administrations_pages(database, user, number_until):
    number_until(get_utc_now() + timedelta(hours=1))
    with database.session() as db, db.begin():
        proof, device = sessions.VerifiedPassword(user.id, 1), sessions.Device("", "")
        started = sessions.create_session(db, proof, device, 60, SessionKind.BROWSER, "a" * 64)
        assert started.sid


USER = """
    INSERT INTO shoptrack_auth_users (username, username_key, email, first_name, last_name, password,
        password_version, is_active, is_staff, is_superuser, joined_at)
    VALUES ('ken', 'ken', '', '', '', '!', 1, true, true, true, '2025-04-01 00:00:00')
"""


@pytest.mark.parametrize("users", [0, 1])
def test_the_migration_leaves_a_day_where_users_are(new_database, users):
    database = Database(new_database())
    with migrations.open_exclusive_transaction(database) as connection:
        AUTH.upgrade(connection, "auth_0002")
        for _ in range(users):
            connection.execute(text(USER))
    migrations.migrate(database, [AUTH])
    with database.read_engine.connect() as connection:
        left = [
            until - datetime.now(UTC)
            for until in connection.scalars(select(NumberedSessions.until))
        ]
    assert len(left) == users
    assert all(timedelta(hours=23) < some <= timedelta(days=1) for some in left)
    with migrations.open_exclusive_transaction(database) as connection:
        AUTH.downgrade(connection, "auth_0002")
    assert "shoptrack_auth_numbered_sessions" not in inspect(database.read_engine).get_table_names()
    database.dispose()
