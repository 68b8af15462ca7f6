"""The page to which a one-time link leads."""

import pytest
from pyramid.request import Request

from shoptrack_admin.password_link import make_link_url
from shoptrack_auth import password_links
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

NEW = "another horse staples batteries"


@pytest.fixture
def link(app, database, staff):
    """Make a link for a member of the staff, and return its address."""
    with database.session() as db, db.begin():
        secret = password_links.create_link(db, staff.id, by="operator")
    return f"/admin/set-password/?key={secret}"


@pytest.fixture
def choose(visitor, link):
    """Return a function that fills the form in and sends it."""

    def choose(password=NEW, password2=None, status=200):
        form = visitor.get(link).forms[0]
        form["password"], form["password2"] = password, password2 or password
        return form.submit(status=status)

    return choose


def test_a_user_chooses_a_password_once(visitor, link, choose, client):
    form = visitor.get(link).forms[0]
    assert "Your password is set" in choose()
    client.post_json("/api/auth/token/", {"username": "mio", "password": NEW})
    page = visitor.get(link, status=404)
    assert "This link is invalid or has expired." in page
    form["password"] = form["password2"] = "yet another horse staples"
    form.submit(status=404)


def test_looking_at_it_uses_nothing_up(visitor, link):
    for _ in range(3):
        assert "mio" in visitor.get(link)


def test_a_weak_password_leaves_the_link_as_it_was(choose):
    assert "too short" in choose("short", status=400)
    assert "didn’t match" in choose(NEW, "x", status=400)
    choose()


def test_it_signs_nobody_in_and_others_out(choose, visitor, browser_of, staff):
    elsewhere = browser_of(staff)
    choose()
    visitor.get("/admin/", status=302)
    elsewhere.get("/admin/", status=302)


@pytest.mark.parametrize("key", ["", "?key=", "?key=x", "?key=%00", "?key=%E3%81%82", "?other=x"])
def test_what_is_no_link_is_told_so(visitor, key):
    page = visitor.get(f"/admin/set-password/{key}", status=404)
    assert "This link is invalid or has expired." in page


def test_the_secret_is_named_to_nobody(visitor, link, caplog):
    with caplog.at_level("INFO"):
        page = visitor.get(link)
    secret = link.partition("=")[2]
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert secret not in caplog.text
    assert not any(secret in a.get("href", "") for a in page.html.find_all(["a", "link", "script"]))


def test_it_is_guarded_as_every_form(visitor, link, client):
    secret = link.partition("=")[2]
    fields = {"key": secret, "password": NEW, "password2": NEW}
    visitor.post("/admin/set-password/", fields, status=403)
    client.post_json("/api/auth/token/", {"username": "mio", "password": PASSWORD})


def test_its_address_names_the_server_as_the_browser_knows_it(app):
    environ = Request.blank("/admin/", base_url="https://shop.example").environ
    with app.request_context(environ) as request:
        link = make_link_url(request, "a-secret_")
    assert link == "https://shop.example/admin/set-password/?key=a-secret_"


@pytest.mark.parametrize("path", ["/admin/set-password/", "/admin/login/"])
def test_a_form_that_anybody_may_send_is_short(visitor, path):
    visitor.post(path, "a" * 16_385, status=413)
