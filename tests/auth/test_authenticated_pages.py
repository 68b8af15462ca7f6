"""Pages for users whom a plugin's authenticator identifies, without a session of their own."""

import pytest
from webtest import TestApp

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import Principal
from shoptrack_admin.testing import COOKIE, ENVIRON
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

CARD = {"X-Card": "mio"}
NO_USER = "No active user matches your sign-in. Ask a user administrator for an account."


def authenticate(request):
    """Read the header of a card."""
    name = request.headers.get("X-Card")
    if name == "blocked":
        raise NotAuthenticated({"detail": "This card is blocked."})
    return None if name is None else Principal(username=name)


@pytest.fixture
def make_browser(build_app, plugin, plugins):
    """Return a function that returns a browser of an application with that authenticator."""

    def make_browser(**options) -> TestApp:
        def includeme(config):
            config.add_authenticator("card", authenticate, **options)

        app = build_app((*plugins, plugin("house", includeme)))
        return TestApp(app, extra_environ=dict(ENVIRON))

    return make_browser


@pytest.fixture
def browser(make_browser, make_user):
    make_user("mio", is_staff=True, is_superuser=True)
    return make_browser(with_pages=True, sign_out_url="https://auth.example.com/logout?a=1&b=2")


def test_they_see_the_pages_and_change_what_they_may(browser):
    page = browser.get("/admin/categories/add/", headers=CARD)
    assert page.html.find(class_="who").text == "mio"
    token = page.html.find("input", {"name": "csrf_token"})["value"]
    fields = {"csrf_token": token, "name": "Meat"}
    browser.post("/admin/categories/add/", fields, headers=CARD, status=303)
    assert "Meat" in browser.get("/admin/categories/", headers=CARD)
    history = browser.get("/admin/history/", headers=CARD)
    assert "mio" in history.html.tbody.find("tr").text


def test_a_form_takes_its_token_and_this_origin(browser):
    token = browser.get("/admin/", headers=CARD).html.find("input", {"name": "csrf_token"})["value"]
    fields = {"csrf_token": token, "name": "Meat"}
    url = "/admin/categories/add/"
    browser.post(url, {"name": "Meat"}, headers=CARD, status=403)
    for origin in ("https://evil.example", "null"):
        browser.post(url, fields, headers={**CARD, "Origin": origin}, expect_errors=True)
    stranger = TestApp(browser.app, extra_environ=dict(ENVIRON))  # without the cookie of the token
    stranger.post(url, fields, headers=CARD, status=403)
    assert "Meat" not in browser.get("/admin/categories/", headers=CARD)
    browser.post(url, fields, headers=CARD, status=303)


def test_on_pages_an_authenticator_counts_only_if_it_says_so(make_browser, staff):
    browser = make_browser()
    browser.get("/admin/", headers=CARD, status=302)
    browser.get("/api/auth/user/", headers=CARD, status=200)


def test_every_user_gets_in_and_only_staff_to_pages_for_staff(browser, user):
    card = {"X-Card": "ken"}
    browser.get("/admin/account/", headers=card)
    assert "which is for staff" in browser.get("/admin/users/", headers=card, status=403)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nobody", NO_USER), ("gone", NO_USER), ("blocked", "This card is blocked.")],
)
def test_the_sign_in_page_says_why_somebody_is_refused(browser, make_user, name, reason):
    make_user("gone", is_staff=True, is_active=False)
    headers = {"X-Card": name}
    answer = browser.get("/admin/", headers=headers, status=302)
    page = browser.get(answer.location, headers=headers)
    assert reason in page.html.find(class_="summary").text
    # A password still works there.
    form = page.forms[0]
    form["username"], form["password"] = "mio", PASSWORD
    form.submit(headers=headers, status=303)
    assert browser.get("/admin/", headers=headers).html.find(class_="who").text == "mio"


def test_the_reason_is_told_in_japanese(browser):
    headers = {"X-Card": "nobody", "Accept-Language": "ja"}
    summary = browser.get("/admin/login/", headers=headers).html.find(class_="summary").text
    assert "ユーザー管理者" in summary


def test_they_sign_out_where_they_signed_in(browser):
    page = browser.get("/admin/", headers=CARD)
    link = page.html.find("header").find("a", string="Sign out")
    assert link["href"] == "https://auth.example.com/logout?a=1&b=2"
    assert page.html.find("header").find("form") is None


def test_without_a_place_for_that_nothing_is_offered(make_browser, staff):
    page = make_browser(with_pages=True).get("/admin/", headers=CARD)
    assert "Sign out" not in page.html.find("header").text


def test_signing_out_here_ends_no_session_and_leads_back(browser, signed_in, sign_ins):
    token = browser.get("/admin/", headers=CARD).html.find("input", {"name": "csrf_token"})["value"]
    browser.post("/admin/logout/", {"csrf_token": token}, headers=CARD, status=303)
    assert sign_ins() == 1
    assert browser.get("/admin/login/", headers=CARD, status=303).location.endswith("/admin/")


def test_a_session_comes_first_and_is_signed_out_as_usual(browser, make_user):
    make_user("mia", is_staff=True)
    form = browser.get("/admin/login/").forms[0]
    form["username"], form["password"] = "mia", PASSWORD
    form.submit(status=303)
    page = browser.get("/admin/", headers=CARD)
    assert page.html.find(class_="who").text == "mia"
    page.forms[0].submit(headers=CARD, status=303)
    assert browser.get("/admin/", headers=CARD).html.find(class_="who").text == "mio"


def test_a_session_that_is_over_does_not_stand_in_the_way(browser):
    headers = {**CARD, "Cookie": f"{COOKIE}=unknown"}
    assert browser.get("/admin/", headers=headers).html.find(class_="who").text == "mio"


def test_a_new_password_takes_the_present_one(browser):
    url = "/admin/account/password/"
    token = browser.get(url, headers=CARD).html.find("input", {"name": "csrf_token"})["value"]
    new = "another horse, another battery"
    fields = {"csrf_token": token, "password": new, "password2": new}
    page = browser.post(url, {**fields, "current": "wrong"}, headers=CARD, status=400)
    assert "This is not your current password." in page
    browser.post(url, {**fields, "current": PASSWORD}, headers=CARD, status=303)
    assert browser.get("/admin/account/", headers=CARD).html.find(class_="who").text == "mio"
    form = browser.get("/admin/login/").forms[0]
    form["username"], form["password"] = "mio", new
    form.submit(status=303)


def test_their_page_of_sessions_has_none_of_this_browser(browser):
    page = browser.get("/admin/account/", headers=CARD)
    assert "this browser" not in page
    assert page.html.tbody.find_all("tr") == []
