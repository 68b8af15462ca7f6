"""The end of tokens: revoked, with their user, with a password if asked, and long after they have expired."""

import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from threading import Barrier

import pytest
from sqlalchemy import select
from waitress.adjustments import Adjustments

from shoptrack.catalog.models import Category
from shoptrack.history import HistoryEntry
from shoptrack.rest import views
from shoptrack.testing import Client, serve_app
from shoptrack.web import streams
from shoptrack_auth import api_tokens, password_change, users
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

from .conftest import PATH

pytestmark = pytest.mark.database("sqlite")

ROWS = "/api/categories/"
NEW = "another horse, another battery"


@pytest.fixture
def revoke(client, signed_in):
    """Return a function that revokes a token, or all, by the API."""

    def revoke(id=None, status=204, client=client):
        path = PATH if id is None else f"{PATH}{id}/"
        return client.delete(path, headers=signed_in.auth_headers, status=status)

    return revoke


@pytest.fixture
def history(database):
    """Return a function that reads the history's entries about tokens."""

    def history() -> list[tuple]:
        entry = HistoryEntry
        statement = select(entry.action, entry.label, entry.username, entry.way, entry.path)
        statement = statement.where(entry.action.startswith("token")).order_by(entry.id)
        with database.read_engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    return history


@pytest.mark.database("sqlite", "postgresql")
def test_a_revoked_token_is_refused_at_the_next_request(create, revoke, with_token, rows):
    made, other = create().json, create().json
    client = with_token(made["token"])
    client.get(ROWS)
    revoke(made["id"])
    client.get(ROWS, status=401)
    with_token(other["token"]).get(ROWS)
    assert revoke(made["id"], 404).json == {"detail": "No ApiToken matches the given query."}
    revoke()
    assert rows() == []
    revoke()


@pytest.mark.parametrize("id", [0, -1, 2**63, 10**30, "abc", "1/2", "%00"])
def test_an_id_that_no_token_has_is_not_found(create, revoke, rows, id):
    create()
    revoke(id, 404)
    assert len(rows()) == 1


def test_nobody_revokes_somebody_elses(create, make_user, sign_in, client, rows):
    made = create().json
    make_user("mary")
    headers = sign_in("mary").auth_headers
    assert client.get(PATH, headers=headers).json == []
    client.delete(f"{PATH}{made['id']}/", headers=headers, status=404)
    client.delete(PATH, headers=headers, status=204)
    assert len(rows()) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_of_two_revocations_at_once_one_succeeds(app, create, revoke, history):
    made = create().json
    together = Barrier(2)

    def one(_):
        together.wait()
        return revoke(made["id"], "*", Client(app)).status_int

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(one, range(2))) == [204, 404]
    assert [action for action, *_ in history()] == ["token created", "token revoked"]


@pytest.fixture
def small_buffers(monkeypatch):
    """Let a response that is not read wait half-way."""
    monkeypatch.setattr(streams, "READ_AHEAD_BYTES", 1000)
    monkeypatch.setattr(streams, "CHUNK_ROWS", 100)
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", 0)
    options = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)]
    monkeypatch.setattr(Adjustments, "socket_options", options)


@pytest.mark.database("sqlite", "postgresql")
def test_a_response_that_has_begun_goes_on_and_the_next_request_is_refused(
    app, database, create, revoke, make, with_token, small_buffers
):
    categories = make.rows(Category, 2000)
    made = create().json
    headers = {"Authorization": f"Bearer {made['token']}"}
    with serve_app(app, outbuf_high_watermark=1000) as port, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        client.connect(("127.0.0.1", port))
        connection = HTTPConnection("127.0.0.1", port)
        connection.sock = client
        connection.request("GET", ROWS, headers=headers)
        with connection.getresponse() as response:
            body = response.read(100)
            assert database.engine.pool.checkedout(), "the rest is still to be read"
            revoke(made["id"])
            with_token(made["token"]).get(ROWS, status=401)
            body += response.read()
        assert response.status == 200
    assert len(json.loads(body)) == len(categories)


@pytest.mark.database("sqlite", "postgresql")
def test_tokens_end_with_their_user(act, script, rows, user, history):
    script.get(ROWS)
    act(users.change, user.id, by=OPERATOR, is_active=False)
    script.get(ROWS, status=401)
    assert rows() == []
    act(users.change, user.id, by=OPERATOR, is_active=True)
    script.get(ROWS, status=401)
    assert history()[-1] == ("token revoked", "ken: script", "", "command", "users")


@pytest.mark.database("sqlite", "postgresql")
def test_a_token_whose_user_was_deleted_is_refused(act, script, rows, user, history):
    script.get(ROWS)
    act(users.delete, user.id, by=OPERATOR)
    script.get(ROWS, status=401)
    assert rows() == []
    assert history()[-1][:2] == ("token revoked", "ken: script")


@pytest.mark.database("sqlite", "postgresql")
def test_one_of_an_inactive_user_is_refused_whoever_deactivated_that(
    script, change_user, delete_user, rows
):
    change_user(is_active=False)
    assert script.get(ROWS, status=401).json == {
        "detail": "User is inactive",
        "code": "user_inactive",
    }
    delete_user()
    script.get(ROWS, status=401)
    assert rows() == []


def test_another_password_leaves_it(client, signed_in, script):
    body = {"old_password": PASSWORD, "new_password": NEW}
    client.post_json("/api/auth/password/", body, headers=signed_in.auth_headers)
    script.get(ROWS)


@pytest.mark.database("sqlite", "postgresql")
def test_another_password_revokes_it_if_asked(client, signed_in, script, rows, history):
    body = {"old_password": PASSWORD, "new_password": NEW, "revoke_tokens": True}
    wrong = {**body, "old_password": "wrong"}
    client.post_json("/api/auth/password/", wrong, headers=signed_in.auth_headers, status=400)
    script.get(ROWS)
    client.post_json("/api/auth/password/", body, headers=signed_in.auth_headers)
    script.get(ROWS, status=401)
    assert rows() == []
    assert history()[-1] == ("token revoked", "ken: script", "ken", "api", "users")


def test_the_member_is_a_boolean(client, signed_in, script):
    body = {"old_password": PASSWORD, "new_password": NEW, "revoke_tokens": "maybe"}
    answer = client.post_json(
        "/api/auth/password/", body, headers=signed_in.auth_headers, status=400
    )
    assert answer.json == {"revoke_tokens": ["Must be a valid boolean."]}


def test_an_administrators_password_for_a_user_leaves_them_too(act, hasher, user, script):
    act(password_change.set_password, hasher, user.id, NEW, by=OPERATOR)
    script.get(ROWS)
    act(password_change.set_password, hasher, user.id, NEW, by=OPERATOR, with_tokens=True)
    script.get(ROWS, status=401)


def test_the_history_and_the_log_name_it_and_its_secret_is_nowhere(
    create, revoke, history, caplog, database, user, client
):
    caplog.set_level(logging.DEBUG)
    client.extra_environ["REMOTE_ADDR"] = "192.0.2.7"
    made = create(name="Kitchen\n tablet").json
    revoke(made["id"])
    label = "ken: Kitchen\n tablet"
    assert history() == [
        ("token created", label, "ken", "api", "users"),
        ("token revoked", label, "ken", "api", "users"),
    ]
    told = [r.getMessage() for r in caplog.records if r.name == "shoptrack_auth.events"]
    subject = f"user {user.id} 'ken', from 192.0.2.7, API token {made['id']} 'Kitchen\\n tablet'"
    assert told == [f"API token created: {subject}", f"API token revoked: {subject}"]
    with database.read_engine.connect() as connection:
        entries = str(connection.execute(select(HistoryEntry.__table__)).all())
    for secret in (made["token"], api_tokens.hash_secret(made["token"])):
        assert secret not in caplog.text
        assert secret not in entries


@pytest.mark.database("sqlite", "postgresql")
def test_the_job_deletes_those_that_expired_a_month_ago(run_job, new_token, expire, rows, caplog):
    caplog.set_level("INFO")
    for _ in range(3):
        new_token()
    expire(timedelta(days=29, hours=23))
    run_job("auth.purge")
    assert len(rows()) == 3
    expire(timedelta(days=30, seconds=1))
    new_token(expires_at=None)
    run_job("auth.purge")
    assert len(rows()) == 1
    assert "and 3 expired API tokens" in caplog.text


def test_an_expired_one_is_listed_until_then(create, client, signed_in, expire):
    create()
    expire()
    (listed,) = client.get(PATH, headers=signed_in.auth_headers).json
    assert listed["name"] == "script"
