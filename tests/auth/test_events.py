"""Each thing that happens is an event and a line in the log, with no secret in either."""

import logging

import pytest
from sqlalchemy import select, update

from shoptrack.catalog.models import Category
from shoptrack.testing import Client
from shoptrack_auth import events
from shoptrack_auth.models import User
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

LOG = "shoptrack_auth.events"


@pytest.fixture
def told(app, caplog):
    """Collect the events of a test; its lines are in the ``caplog``."""
    caplog.set_level(logging.INFO, LOG)
    told = []

    def note(event):
        told.append(event)

    app.registry.registerHandler(note, [events.AuthEvent])
    yield told
    app.registry.unregisterHandler(note, [events.AuthEvent])


@pytest.fixture
def lines(caplog):
    """Return a function that returns the lines that were logged."""
    return lambda: [r.getMessage() for r in caplog.records if r.name == LOG]


def post(app, path, body, **options):
    return Client(app).post_json(f"/api/auth/{path}", body, **options)


def test_signing_in(app, user, told, lines, sign_in):
    session_id = sign_in().session_id
    (event,) = told
    assert type(event) is events.SignedIn
    assert (event.user_id, event.username, event.address) == (user.id, "ken", "")
    assert (event.session_id, event.kind) == (session_id, "token")
    assert lines() == [f"Signed in: user {user.id} 'ken', token session {session_id}"]


def test_signing_in_from_an_address(app, user, told, lines):
    body = {"username": "ＫＥＮ", "password": PASSWORD}
    post(app, "token/", body, extra_environ={"REMOTE_ADDR": "192.0.2.1"})
    assert told[0].address == "192.0.2.1"
    assert lines()[0].startswith(f"Signed in: user {user.id} 'ken', from 192.0.2.1, token session ")


@pytest.mark.parametrize(("password", "active"), [("wrong", True), (PASSWORD, False)])
def test_failing_with_a_name_that_somebody_has(app, make_user, told, lines, password, active):
    user = make_user(is_active=active)
    body = {"username": "Ken", "password": password}
    post(app, "token/", body, status=401)
    (event,) = told
    assert type(event) is events.AuthenticationFailed
    assert (event.user_id, event.username, event.db) == (user.id, "ken", None)
    assert lines() == [f"Wrong username or password: user {user.id} 'ken'"]


@pytest.mark.parametrize("username", ["hunter2", "a\r\nSigned in: user 1 'root'", "%s\x1b[2J"])
def test_a_name_that_nobody_has_is_told_nowhere(app, told, lines, username):
    post(app, "token/", {"username": username, "password": "wrong"}, status=401)
    assert (told[0].user_id, told[0].username) == (None, "")
    assert lines() == ["Wrong username or password: unknown user"]


def test_a_name_in_the_log_cannot_forge_a_line(app, database, user, told, lines, sign_in):
    forged = "ken\r\nSigned in: user 1 'root'\x1b[2J\u202e"
    with database.engine.begin() as connection:
        connection.execute(update(User).values(username=forged))
    sign_in()
    (line,) = lines()
    assert line.isprintable()


def test_waiting(client_with, caplog, lines, user):
    caplog.set_level(logging.INFO, LOG)
    client = client_with(shoptrack__failures_per_name="1")
    told = []
    client.app.registry.registerHandler(told.append, [events.AttemptThrottled])
    for status in (401, 429):
        body = {"username": "ken", "password": "wrong"}
        client.post_json("/api/auth/token/", body, status=status)
    (event,) = told
    assert 890 <= event.retry_after <= 900
    assert lines()[1:] == [f"Throttled: unknown user, for {event.retry_after} s"]


def test_signing_out(app, user, told, lines, signed_in):
    post(app, "logout/", {"refresh": signed_in.refresh}, headers=signed_in.auth_headers)
    event = told[1]
    assert type(event) is events.SignedOut
    assert (event.user_id, event.username, event.session_id) == (
        user.id,
        "ken",
        signed_in.session_id,
    )
    assert lines() == [f"Signed out: user {user.id} 'ken', token session {signed_in.session_id}"]


def test_signing_out_again_is_nothing(app, told, signed_in):
    for _ in range(2):
        post(app, "logout/", {"refresh": signed_in.refresh})
    assert len(told) == 2


@pytest.mark.database("sqlite", "postgresql")
def test_what_is_rolled_back_is_not_logged(app, user, lines, told):
    def fail(event):
        raise RuntimeError("a subscriber fails")

    app.registry.registerHandler(fail, [events.SignedIn])
    try:
        post(app, "token/", {"username": "ken", "password": PASSWORD}, status=500)
    finally:
        app.registry.unregisterHandler(fail, [events.SignedIn])
    assert len(told) == 1
    assert lines() == []


@pytest.mark.database("sqlite", "postgresql")
def test_what_a_subscriber_writes_is_stored_with_the_event(app, user, make, database):
    def note(event):
        event.db.add(Category(name=f"signed in: {event.username}"))

    app.registry.registerHandler(note, [events.SignedIn])
    try:
        post(app, "token/", {"username": "ken", "password": PASSWORD})
    finally:
        app.registry.unregisterHandler(note, [events.SignedIn])
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(Category.name)) == "signed in: ken"


def test_neither_an_event_nor_the_log_holds_a_secret(app, user, told, caplog, sign_in):
    caplog.set_level(logging.DEBUG)
    signed_in = sign_in()
    refreshed = post(app, "token/refresh/", {"refresh": signed_in.refresh}).json["access"]
    for path, body in (
        ("token/", {"username": "ken", "password": "wrong horse"}),
        ("token/refresh/", {"refresh": "a forged token"}),
        ("token/verify/", {"token": signed_in.access}),
        ("logout/", {"refresh": signed_in.refresh}),
    ):
        post(app, path, body, headers=signed_in.auth_headers | signed_in.cookie, status="*")
    said = caplog.text + repr(told)
    for secret in (signed_in.access, signed_in.refresh, refreshed, PASSWORD, "wrong horse"):
        assert secret not in said
    assert "a forged token" not in said
