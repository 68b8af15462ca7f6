"""Two installations on one host, at two ports: browsers send the cookies of each to both."""

from http.cookiejar import CookieJar

import pytest
from webtest import TestApp

from shoptrack.db import Database
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack_admin.testing import ENVIRON
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.testing import OPERATOR, PASSWORD

pytestmark = pytest.mark.database("sqlite")

PAIR = {"username": "root", "password": PASSWORD}
TOKEN, REFRESH, LOGOUT = "/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/logout/"


@pytest.fixture
def install(plugins, new_database):
    """Return a function that makes an installation with a superuser, and returns its application."""
    apps = []

    def install(**ini: str):
        app = make_test_app(new_database(), plugins, **ini)
        upgrade_database(app)
        apps.append(app)
        with Database.of(app.registry).session() as db, db.begin():
            hasher = app.registry[UserPasswordHasher]
            users.create(
                db, hasher, "root", PASSWORD, by=OPERATOR, is_superuser=True, is_staff=True
            )
        return app

    yield install
    for app in apps:
        Database.of(app.registry).dispose()


@pytest.fixture
def both(install):
    """Return what one browser is to both: it has one jar of cookies."""
    jar = CookieJar()
    apps = install(), install(shoptrack__cookie_prefix="cottage-", shoptrack__secret_key="k" * 40)
    return [
        TestApp(
            app,
            cookiejar=jar,
            extra_environ=ENVIRON
            | {"HTTP_HOST": f"localhost:{port}", "HTTP_ORIGIN": f"https://localhost:{port}"},
        )
        for app, port in zip(apps, (8001, 8002), strict=True)
    ]


@pytest.mark.parametrize("prefix", ["__Host-", "a b", "a;", "ä", "-", "a" * 41])
def test_a_prefix_that_no_name_has_is_refused(new_database, plugins, prefix):
    with pytest.raises(ConfigurationError, match="SHOPTRACK_COOKIE_PREFIX.* It takes up to 40"):
        make_test_app(new_database(), plugins, shoptrack__cookie_prefix=prefix)


def names(browser) -> set[str]:
    return {cookie.name for cookie in browser.cookiejar}


def sign_in(browser):
    form = browser.get("/admin/login/").forms[0]
    form["username"], form["password"] = PAIR.values()
    form.submit(status=303)


def test_each_has_refresh_tokens_of_its_own(both):
    home, cottage = both
    for each in both:
        each.post_json(TOKEN, PAIR)
    assert names(home) == {"refresh_token", "cottage-refresh_token"}
    for each in both:
        each.post_json(REFRESH, {})
    cottage.post_json(REFRESH, {"refresh": "x"}, status=401)  # which deletes the cookie
    assert names(home) == {"refresh_token"}
    home.post_json(REFRESH, {})
    cottage.post_json(TOKEN, PAIR)
    home.post_json(LOGOUT, {})
    assert names(home) == {"cottage-refresh_token"}
    cottage.post_json(REFRESH, {})


def test_each_has_sessions_of_its_own(both):
    home, cottage = both
    sign_in(home)
    sign_in(cottage)
    for each, language in ((home, "ja"), (cottage, "en")):
        form = next(
            form for form in each.get("/admin/").forms.values() if "language" in form.fields
        )
        form.submit("language", value=language)
        assert f'lang="{language}"' in each.get("/admin/")
    own = {"shoptrack-language", "__Secure-shoptrack-admin"}
    others = {"cottage-shoptrack-language", "__Secure-cottage-shoptrack-admin"}
    assert names(home) == own | others
    adding = cottage.get("/admin/categories/add/").forms[1]
    adding["name"] = "Meat"
    adding.submit("save", status=303)
    assert "Meat" not in home.get("/admin/")
    assert names(home) == own | others | {"cottage-shoptrack-messages"}
    out = next(f for f in cottage.get("/admin/").forms.values() if f.action.endswith("logout/"))
    out.submit(status=303)
    home.get("/admin/", status=200)
    cottage.get("/admin/", status=302)


def test_the_description_has_the_name(both):
    for browser, name in zip(both, ("refresh_token", "cottage-refresh_token"), strict=True):
        paths = browser.get("/api/schema/?format=json").json["paths"]
        refresh = paths["/api/auth/token/refresh/"]["post"]
        (sent,) = [one for one in refresh["parameters"] if one["in"] == "cookie"]
        assert sent["name"] == name
        assert f"`{name}=…" in str(paths["/api/auth/token/"]["post"]["responses"]["200"])
