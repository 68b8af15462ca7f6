"""One's own account."""

from datetime import timedelta

import pytest

from shoptrack.testing import capture_statements
from shoptrack_admin.testing import COOKIE, ENVIRON
from shoptrack_auth.models import UserSession
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

NEW = "another horse staples batteries"


@pytest.fixture
def mio(browser_of, staff):
    return browser_of(staff)


@pytest.fixture
def change(mio):
    """Return a function that fills the form in and sends it."""

    def change(current=PASSWORD, password=NEW, password2=None, status=303):
        form = mio.get("/admin/account/password/").forms[1]
        form["current"], form["password"] = current, password
        form["password2"] = password if password2 is None else password2
        return form.submit(status=status)

    return change


def said(page, field):
    return page.html.find(id=f"error-{field}").text.strip()


def test_a_new_password_keeps_this_session_and_ends_the_others(
    mio, change, browser_of, auth_headers, staff, client
):
    other, token = browser_of(staff), auth_headers(staff)
    page = change().follow()
    assert "Your password was changed." in page.html.find(class_="messages").text
    other.get("/admin/", status=302)
    client.get("/api/auth/user/", headers=token, status=401)
    body = {"username": "mio", "password": NEW}
    client.post_json("/api/auth/token/", body)
    client.post_json("/api/auth/token/", {**body, "password": PASSWORD}, status=401)


def test_the_session_goes_on_under_a_new_key(mio, change, app, visitor):
    key = mio.cookies[COOKIE].strip('"')
    (cookie,) = [c for c in change().headers.getall("Set-Cookie") if c.startswith(COOKIE)]
    assert key not in cookie
    visitor.get("/admin/", headers={"Cookie": f"{COOKIE}={key}"}, status=302)
    mio.get("/admin/account/")


def test_it_takes_the_current_password(change, mio, client):
    assert said(change("wrong", status=400), "current") == "This is not your current password."
    mio.get("/admin/account/")
    client.post_json("/api/auth/token/", {"username": "mio", "password": PASSWORD})


def test_guesses_of_the_current_password_are_counted(change):
    for _ in range(10):
        change("wrong", status=400)
    page = change(status=429)
    assert "Try again in" in page.html.find(class_="summary").text


def test_both_fields_must_be_the_same(change):
    page = change(password2=f"{NEW} ", status=400)
    assert said(page, "password2") == "The two password fields didn’t match."
    assert page.html.title.text.startswith("Error: ")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "This password is too short. It must contain at least 8 characters."),
        ("12345678", "This password is entirely numeric."),
        ("", "Enter a value."),
    ],
)
def test_a_weak_password_is_refused(change, password, sentence):
    page = change(password=password, status=400)
    assert sentence in said(page, "password")
    assert all(page.forms[1][name].value == "" for name in ("current", "password", "password2"))


def test_the_sentences_are_in_the_pages_language(change, mio):
    mio.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "ja"}
    page = change(password="short", status=400)
    assert "パスワードが短すぎます。8文字以上にしてください。" in said(page, "password")


def test_white_space_belongs_to_a_password(change, client):
    change(password=f" {NEW} ")
    client.post_json("/api/auth/token/", {"username": "mio", "password": f" {NEW} "})


def test_every_user_has_an_account_page(browser_of, user):
    page = browser_of(user).get("/admin/account/")
    assert "You are signed in as ken." in page.html.main.get_text(" ", strip=True).replace(
        " .", "."
    )
    assert "ken@example.com" in page
    for path in ("profile", "password", "tokens/add"):
        browser_of(user).get(f"/admin/account/{path}/")


def test_the_account_shows_where_one_is_signed_in(mio, browser_of, staff, auth_headers, superuser):
    browser_of(superuser)
    auth_headers(staff)
    rows = mio.get("/admin/account/").html.tbody.find_all("tr")
    assert len(rows) == 2
    assert ["this browser" in row.text for row in rows].count(True) == 1


def test_of_very_many_sessions_the_fifty_used_last_are_shown(mio, make, staff, sessions):
    [own] = sessions()
    times = {"created_at": own.created_at, "expires_at": own.expires_at}
    earlier = {"last_used_at": own.created_at - timedelta(minutes=1), "address": "192.0.2.1"}
    values = {"user_id": staff.id, "password_version": 1, **times}
    make.rows(UserSession, 49, **values, last_used_at=own.created_at)
    make.rows(UserSession, 1, **values, **earlier)
    rows = mio.get("/admin/account/").html.tbody.find_all("tr")
    assert len(rows) == 50
    assert "192.0.2.1" not in "".join(row.text for row in rows)


@pytest.mark.database("sqlite", "postgresql")
def test_another_session_of_ones_own_can_be_ended(mio, browser_of, staff):
    other = browser_of(staff)
    page = mio.get("/admin/account/")
    answer = page.forms[1].submit("session")
    assert "The session was ended." in answer.follow()
    other.get("/admin/", status=302)
    mio.get("/admin/account/")


def test_a_session_of_somebody_else_cannot(mio, admin, submit, sessions):
    theirs = sessions()[-1].id
    submit(mio, "/admin/account/", {"session": theirs}, status=303)
    admin.get("/admin/")
    for wrong in ("", "x", "9" * 30, "-1"):
        submit(mio, "/admin/account/", {"session": wrong}, status="*")
    admin.get("/admin/")


def test_the_page_takes_as_many_statements_however_many_sessions(mio, browser_of, staff, database):
    """The user, the profile, the sessions, the tokens."""
    for _ in range(3):
        browser_of(staff)
    with capture_statements(database) as statements:
        mio.get("/admin/account/")
    assert len(statements) == 4
