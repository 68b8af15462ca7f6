"""When something breaks, neither the answer nor the log says what must stay secret."""

import logging

import pytest
from sqlalchemy import text
from webtest import TestApp

from shoptrack.testing import SECRET_KEY
from shoptrack_auth.events import AuthEvent
from shoptrack_auth.testing import PASSWORD

NEW = "another horse, another battery"


@pytest.fixture
def breaking(app, user):
    """Let the database refuse a statement that is given a hash, whenever anything happens."""

    def fail(event):
        event.db.execute(text("SELECT :hash FROM no_such_table"), {"hash": user.password})

    app.registry.registerHandler(fail, [AuthEvent])
    yield
    app.registry.unregisterHandler(fail, [AuthEvent])


def test_a_sign_in_that_fails_tells_no_password_and_no_hash(app, user, breaking, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"username": "ken", "password": PASSWORD}
    answer = TestApp(app).post_json("/api/auth/token/", body, status=500)
    assert answer.json.keys() == {"detail", "request_id"}
    assert "no_such_table" in caplog.text, "the log names the reason"
    for secret in (PASSWORD, user.password):
        assert secret not in caplog.text
        assert secret not in answer.text


def test_a_change_of_the_password_that_fails_tells_neither(app, user, signed_in, breaking, caplog):
    body = {"old_password": PASSWORD, "new_password": NEW}
    path = "/api/auth/password/"
    answer = TestApp(app).post_json(path, body, headers=signed_in.auth_headers, status=500)
    for secret in (PASSWORD, NEW, user.password, signed_in.access):
        assert secret not in caplog.text
        assert secret not in answer.text


def test_a_secret_in_an_address_that_is_refused_is_not_in_its_log(app, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    TestApp(app).get(f"/api/auth/user/?token={signed_in.access}", status=401)
    assert signed_in.access not in caplog.text


def test_no_key_is_shown_by_what_an_application_holds(app):
    assert SECRET_KEY not in " ".join(repr(value) for value in app.registry.values())
