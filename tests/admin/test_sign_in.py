"""Signing in and out on the administration's pages."""

import pytest
from sqlalchemy import select

from shoptrack_admin.testing import COOKIE
from shoptrack_auth.browser_sessions import hash_key
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User, UserSession
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

WRONG = "Please enter a correct username and password."


@pytest.fixture
def sign_in(visitor):
    """Return a function that fills the form in and sends it."""

    def sign_in(username="mio", password=PASSWORD, next="", status=303, client=visitor, **options):
        form = client.get("/admin/login/", {"next": next} if next else {}).forms[0]
        form["username"], form["password"] = username, password
        return form.submit(status=status, **options)

    return sign_in


@pytest.mark.parametrize("is_staff", [False, True])
def test_a_user_signs_in_and_gets_where_they_wanted(visitor, make_user, is_staff):
    make_user("mio", is_staff=is_staff)
    form = visitor.get("/admin/account/").follow().forms[0]
    form["username"], form["password"] = "mio", PASSWORD
    answer = form.submit(status=303)
    assert answer.location == "https://localhost/admin/account/"
    assert answer.follow().html.find(class_="who").text == "mio"


def test_the_session_is_a_row_that_knows_the_keys_digest_only(sign_in, staff, sessions):
    cookie = sign_in(extra_environ={"HTTP_USER_AGENT": "Browser/1"}).headers["Set-Cookie"]
    key = cookie.partition("=")[2].partition(";")[0]
    (row,) = sessions()
    assert (row.user_id, row.kind, row.device) == (staff.id, "browser", "Browser/1")
    assert row.key_digest == hash_key(key) != key
    assert (row.expires_at - row.created_at).total_seconds() == 43_200


def test_the_cookie_is_for_these_pages_alone(sign_in, staff):
    (cookie,) = sign_in().headers.getall("Set-Cookie")
    name, _, attributes = cookie.partition("; ")
    assert name.startswith(f"{COOKIE}=")
    assert attributes == "Path=/admin/; secure; HttpOnly; SameSite=Strict"
    assert len(cookie) < 4096


def test_the_key_is_a_new_one_whatever_the_browser_had(visitor, staff, sessions):
    planted = {"Cookie": f"{COOKIE}=of-the-attacker"}
    page = visitor.get("/admin/login/", headers=planted)
    assert "Set-Cookie" not in page.headers
    page.forms[0]["username"], page.forms[0]["password"] = "mio", PASSWORD
    answer = page.forms[0].submit(headers=planted, status=303)
    assert answer.headers["Set-Cookie"].startswith(f"{COOKIE}=")
    assert "of-the-attacker" not in answer.headers["Set-Cookie"]
    visitor.reset()
    visitor.get("/admin/", headers=planted, status=302)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("mio", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("mio", f" {PASSWORD} "),
    ],
)
def test_whoever_may_not_sign_in_reads_the_same(
    sign_in, make_user, staff, username, password, sessions
):
    make_user("gone", is_staff=True, is_active=False)
    page = sign_in(username, password, status=400)
    assert WRONG in page.html.find(class_="summary").text
    assert page.html.title.text.startswith("Error: ")
    assert page.forms[0]["username"].value == username
    assert page.forms[0]["password"].value == ""
    assert sessions() == []


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("name", ["MIO", "\N{FULLWIDTH LATIN SMALL LETTER M}io", "  mio "])
def test_a_name_is_read_as_by_the_api(sign_in, staff, name):
    sign_in(name)


def test_fields_that_are_missing_are_named(sign_in):
    page = sign_in("", "", status=400)
    for field in ("username", "password"):
        control = page.html.find(id=f"field-{field}")
        assert control["aria-invalid"] == "true"
        assert page.html.find(id=control["aria-describedby"]).text.strip() == "Enter a value."
    links = [link["href"] for link in page.html.find(class_="summary").find_all("a")]
    assert links == ["#field-username", "#field-password"]


def test_what_was_typed_is_escaped(sign_in):
    page = sign_in('"><script>alert(1)</script>', "x", status=400)
    assert "<script>alert" not in page
    assert page.forms[0]["username"].value == '"><script>alert(1)</script>'


def test_nul_and_long_texts_are_refused_without_fuss(sign_in):
    sign_in("a\0b", "x", status=400)
    sign_in("a" * 7_000, "b" * 7_000, status=400)


@pytest.mark.database("sqlite", "postgresql")
def test_failures_here_and_by_the_api_are_counted_together(sign_in, staff, client):
    client.extra_environ["REMOTE_ADDR"] = "127.0.0.1"
    body = {"username": "mio", "password": "wrong"}
    for _ in range(9):
        client.post_json("/api/auth/token/", body, status=401)
    sign_in(password="wrong", status=400)
    page = sign_in(status=429)
    assert 0 < int(page.headers["Retry-After"]) <= 900
    assert "Try again in 15 min." in page.html.find(class_="summary").text
    client.post_json("/api/auth/token/", body, status=429)


def test_a_session_that_was_started_elsewhere_without_the_form_is_refused(visitor, staff, sessions):
    fields = {"username": "mio", "password": PASSWORD}
    visitor.post("/admin/login/", fields, status=403)
    token = visitor.get("/admin/login/").forms[0]["csrf_token"].value
    foreign = {"Origin": "https://evil.example"}
    visitor.post("/admin/login/", {**fields, "csrf_token": token}, headers=foreign, status=403)
    assert sessions() == []


def test_whoever_is_signed_in_is_led_on(admin):
    assert admin.get("/admin/login/").location == "https://localhost/admin/"
    answer = admin.get("/admin/login/?next=/admin/account/")
    assert answer.location == "https://localhost/admin/account/"


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil", "/api/"])
def test_signing_in_leads_nowhere_else(sign_in, staff, next):
    assert sign_in(next=next).location == "https://localhost/admin/"


def test_signing_out_ends_the_session_for_whoever_has_the_cookie(admin, sessions, app, browser_of):
    key = admin.cookies[COOKIE]
    answer = admin.get("/admin/").forms[0].submit(status=303)
    assert answer.location == "https://localhost/admin/login/"
    assert answer.headers["Set-Cookie"].startswith(f"{COOKIE}=; Max-Age=0; Path=/admin/")
    assert sessions()[0].ended_at is not None
    admin.get("/admin/", headers={"Cookie": f"{COOKIE}={key}"}, status=302)


def test_signing_out_takes_a_form_and_its_token(admin, sessions):
    admin.get("/admin/logout/", status=405)
    admin.post("/admin/logout/", status=403)
    assert sessions()[0].ended_at is None


def test_signing_out_twice_is_no_error(visitor, submit):
    submit(visitor, "/admin/logout/", status=303)


@pytest.mark.database("sqlite", "postgresql")
def test_the_last_sign_in_is_noted(sign_in, staff, database):
    sign_in()
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(User.last_login_at))
        assert connection.scalar(select(UserSession.address)) == "127.0.0.1"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Too many passwords are being checked at the moment."),
        ("ja", "現在、確認中のパスワードが多すぎます。"),
    ],
)
def test_while_too_many_hash_the_page_says_so(
    app, visitor, sign_in, staff, monkeypatch, language, sentence
):
    visitor.extra_environ["HTTP_ACCEPT_LANGUAGE"] = language
    monkeypatch.setattr(app.registry[UserPasswordHasher].limiter, "max_slots", 0)
    answer = sign_in(status=503)
    assert int(answer.headers["Retry-After"]) > 0
    assert sentence in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    monkeypatch.undo()
    sign_in(status=303)
