"""Sessions that plugins start for whom they have verified, by `start_browser_session` and `issue_token_pair`."""

import logging

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import select
from webtest import TestApp

from shoptrack.history import HistoryEntry
from shoptrack.permissions import Principal
from shoptrack.testing import Client
from shoptrack_admin.testing import COOKIE, ENVIRON
from shoptrack_auth import issue_token_pair, start_browser_session
from shoptrack_auth.events import AuthenticationFailed, PrincipalRefused, SignedIn
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

REFUSED = {
    "detail": "No active user matches your sign-in. Ask a user administrator for an account.",
    "code": "user_not_found",
}


def includeme(config):
    """Sign in whomever the address names, to the API and to the administration's pages."""

    def to_api(request):
        return issue_token_pair(request, Principal(username=request.GET["name"]), "badge")

    def to_pages(request):
        start_browser_session(request, Principal(username=request.GET["name"]), "badge")
        return request.response

    for path, view in (("/badge/api", to_api), ("/badge/pages", to_pages)):
        config.add_route(path, path)
        config.add_view(view, route_name=path, permission=NO_PERMISSION_REQUIRED, renderer="json")


@pytest.fixture
def build(build_app, plugin):
    """Return a function that builds the application with these settings."""
    plugins = ("shoptrack_auth", "shoptrack_admin", plugin("badge", includeme))
    return lambda **ini: build_app(plugins, **ini)


@pytest.fixture
def browser(build):
    return TestApp(build(), extra_environ=dict(ENVIRON))


@pytest.fixture
def entries(database):
    """Return a function that returns the history's actions, with whom each is about; without those that add users."""

    def entries():
        columns = select(HistoryEntry.action, HistoryEntry.label).order_by(HistoryEntry.id)
        with database.read_engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(columns)]
        return [row for row in rows if row[0] != "added"]

    return entries


def test_a_pair_of_tokens_is_that_of_a_password(build, user, sign_ins):
    client = Client(build())
    answer = client.get("/badge/api?name=KEN")
    assert list(answer.json) == ["refresh", "access"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Set-Cookie"].startswith(f"refresh_token={answer.json['refresh']};")
    headers = {"Authorization": f"Bearer {answer.json['access']}"}
    [session] = client.get("/api/auth/sessions/", headers=headers).json
    assert (session["kind"], session["current"]) == ("token", True)
    client.post_json("/api/auth/logout/", {}, headers=headers)
    assert sign_ins() == 0
    client.get("/api/auth/user/", headers=headers, status=401)


def test_where_tokens_are_cookies_only_so_is_this_one(build, user):
    client = Client(build(shoptrack__refresh_transport="cookie"))
    assert list(client.get("/badge/api?name=ken").json) == ["access"]


def test_a_session_of_the_pages_is_that_of_a_password(browser, make_user):
    make_user("mio", is_staff=True)
    [cookie] = browser.get("/badge/pages?name=mio").headers.getall("Set-Cookie")
    assert cookie.startswith(f"{COOKIE}=")
    assert cookie.endswith("; Path=/admin/; secure; HttpOnly; SameSite=Strict")
    page = browser.get("/admin/")
    assert page.html.find(class_="who").text == "mio"
    assert page.forms[0].action.endswith("/admin/logout/")
    page.forms[0].submit(status=303)
    browser.get("/admin/", status=302)


@pytest.mark.parametrize(("path", "name"), [("api", "gone"), ("api", "nobody"), ("pages", "gone")])
def test_without_a_user_who_may_nothing_is_started(build, user, make_user, sign_ins, path, name):
    make_user("gone", is_active=False, is_staff=True)
    answer = TestApp(build(), extra_environ=dict(ENVIRON)).get(
        f"/badge/{path}?name={name}", status=401
    )
    assert REFUSED["detail"] in answer.text
    assert "Set-Cookie" not in answer.headers
    assert sign_ins() == 0


def test_the_log_and_the_history_know_of_it(build, user, make_user, entries, caplog):
    caplog.set_level(logging.INFO, "shoptrack_auth.events")
    app, told = build(), []
    app.registry.registerHandler(told.append, [SignedIn])
    app.registry.registerHandler(told.append, [AuthenticationFailed])
    gone = make_user("gone", is_active=False)
    browser = TestApp(app, extra_environ={"REMOTE_ADDR": "192.0.2.1"})
    browser.get("/badge/api?name=ken")
    browser.get("/badge/api?name=gone", status=401)
    browser.get("/badge/api?name=hunter2", status=401)
    assert [(type(event), event.method, event.username) for event in told] == [
        (SignedIn, "badge", "ken"),
        (PrincipalRefused, "badge", "gone"),
        (PrincipalRefused, "badge", ""),
    ]
    lines = [r.getMessage() for r in caplog.records if r.name == "shoptrack_auth.events"]
    assert lines == [
        f"Signed in: user {user.id} 'ken', from 192.0.2.1, token session {told[0].session_id}, by badge",
        f"Sign-in refused: user {gone.id} 'gone', from 192.0.2.1, by badge",
        "Sign-in refused: unknown user, from 192.0.2.1, by badge",
    ]
    assert entries() == [
        ("signed in", "ken"),
        ("failed to sign in", "gone"),
        ("failed to sign in", ""),
    ]


def test_failures_are_throttled_together_with_those_of_passwords(build, user, make_user):
    make_user("gone", is_active=False)
    client = Client(
        build(shoptrack__failures_per_name="3"), extra_environ={"REMOTE_ADDR": "192.0.2.1"}
    )
    body = {"username": "Gone", "password": PASSWORD}
    client.get("/badge/api?name=gone", status=401)
    client.post_json("/api/auth/token/", body, status=401)
    client.get("/badge/api?name=GONE", status=401)
    assert int(client.get("/badge/api?name=gone", status=429).headers["Retry-After"]) > 0
    client.post_json("/api/auth/token/", body, status=429)
    client.get("/badge/api?name=ken")  # of another user nothing is known


def test_who_signs_in_has_failed_no_more(build, user):
    client = Client(
        build(shoptrack__failures_per_name="2"), extra_environ={"REMOTE_ADDR": "192.0.2.1"}
    )
    body = {"username": "ken", "password": "wrong"}
    for _ in range(3):
        client.post_json("/api/auth/token/", body, status=401)
        client.get("/badge/api?name=ken")
