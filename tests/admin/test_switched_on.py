"""What the administration needs, and what does without it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from webtest import TestApp

from shoptrack.db import Database
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app
from shoptrack_admin.testing import ENVIRON
from shoptrack_auth.models import FailedAttempt
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def app_with(database):
    """Return a function that builds an application with these plugins on the test's database."""
    built = []

    def app_with(*plugins, **ini):
        app = make_test_app(database.url, plugins, **ini)
        built.append(app)
        return app

    yield app_with
    for app in built:
        Database.of(app.registry).dispose()


def test_without_the_plugin_everything_else_works(app_with, staff):
    client = Client(app_with("shoptrack_auth"))
    client.get("/admin/", status=404)
    body = {"username": "mio", "password": PASSWORD}
    access = client.post_json("/api/auth/token/", body).json["access"]
    bearer = {"Authorization": f"Bearer {access}"}
    client.post_json("/api/categories/", {"name": "Meat"}, headers=bearer, status=201)
    assert client.get("/api/categories/", headers=bearer).json[0]["name"] == "Meat"


def test_without_users_it_does_not_start(app_with):
    with pytest.raises(ConfigurationError, match="needs shoptrack_auth.*Name both in"):
        app_with("shoptrack_admin")


def test_the_order_of_plugins_does_not_matter(app_with):
    app_with("shoptrack_admin", "shoptrack_auth")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Pacific/Kiritimati", "2025-01-02 01:30"), ("Pacific/Pago_Pago", "2025-01-01 00:30")],
)
def test_days_stay_and_instants_are_shown_by_the_households_clock(
    app_with, browser_of, superuser, make, database, monkeypatch, zone, shown
):
    make.record(purchase_date=date(2025, 1, 1))
    monkeypatch.setattr("shoptrack_admin.overview.failures.RECENT", timedelta(days=100_000))
    with database.session() as db, db.begin():
        at = datetime(2025, 1, 1, 11, 30, tzinfo=UTC)
        db.add(FailedAttempt(kind="password", address="192.0.2.1", at=at))
    client = browser_of(superuser)
    client.app = app_with("shoptrack_auth", "shoptrack_admin", shoptrack__time_zone=zone)
    page = client.get("/admin/")
    assert f"Times are in {zone}." in page
    assert page.html.find(id="newest").parent.tbody.time.text == "2025-01-01"
    assert page.html.find(id="failures").parent.tbody.time.text == shown


def test_how_long_a_session_holds_is_set(app_with, staff, sessions):
    app = app_with(
        "shoptrack_auth",
        "shoptrack_admin",
        shoptrack__browser_seconds="600",
        shoptrack__browser_idle_seconds="120",
    )
    client = TestApp(app, extra_environ=dict(ENVIRON))
    form = client.get("/admin/login/").forms[0]
    form["username"], form["password"] = "mio", PASSWORD
    form.submit(status=303)
    (row,) = sessions()
    assert row.expires_at - row.created_at == timedelta(seconds=600)


def test_in_debug_mode_the_cookie_travels_by_http(app_with, staff):
    app = app_with("shoptrack_auth", "shoptrack_admin", shoptrack__debug="on")
    environ = {"HTTP_HOST": "localhost", "HTTP_ORIGIN": "http://localhost"}
    form = TestApp(app, extra_environ=environ).get("/admin/login/").forms[0]
    form["username"], form["password"] = "mio", PASSWORD
    cookie = form.submit(status=303).headers["Set-Cookie"]
    assert cookie.startswith("shoptrack-admin=")
    assert cookie.endswith("; Path=/admin/; HttpOnly; SameSite=Strict")


def test_behind_a_proxy_that_speaks_tls_the_cookie_is_secure(app_with, staff):
    app = app_with("shoptrack_auth", "shoptrack_admin", shoptrack__trusted_proxies="192.0.2.1")
    proxied = {
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    }
    cookie = TestApp(app, extra_environ=proxied).get("/admin/login/").headers["Set-Cookie"]
    assert cookie.startswith("__Secure-shoptrack-admin=")
    assert "; secure; " in cookie
