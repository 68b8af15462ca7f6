"""What goes wrong is told by a page."""

import pytest
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.database("sqlite")


def heading(page):
    assert page.content_type == "text/html"
    return page.html.h1.text


@pytest.mark.parametrize("path", ["/admin/nothing/", "/admin/..%2f", "/admin/%00/", "/admin//"])
def test_an_address_without_a_page_is_a_404_for_members_of_the_staff(admin, path):
    assert heading(admin.get(path, status=404)) == "Page not found"


def test_a_method_that_a_page_does_not_take_is_a_405(admin, submit):
    page = admin.get("/admin/logout/", status=405)
    assert page.headers["Allow"] == "POST"
    page = submit(admin, "/admin/", status=405)
    assert page.headers["Allow"] == "GET"


def test_a_body_that_is_no_form_is_refused(admin):
    assert heading(admin.post_json("/admin/language/", {}, status=415))


@pytest.mark.parametrize("body", ["a=%ff", "&".join(f"a{n}=" for n in range(1001))])
def test_a_form_that_cannot_be_read_is_refused(admin, body):
    assert heading(admin.post("/admin/language/", body, status=400)) == "Bad request"


def test_a_body_that_is_too_long_is_refused_unread(admin):
    # The server refuses it before these pages know of it.
    assert "too long" in admin.post("/admin/language/", "a" * 3_000_000, status=413)


@pytest.fixture
def break_menu(monkeypatch):
    """Return a function that has the menu raise an error."""

    def break_menu(error):
        def broken(*_):
            raise error

        monkeypatch.setattr("shoptrack_admin.menu.Menu.sections", broken)

    return break_menu


def test_a_failure_is_logged_and_tells_nothing_of_the_inside(admin, break_menu, caplog):
    break_menu(RuntimeError("the inside"))
    page = admin.get("/admin/", status=500)
    assert heading(page) == "Something went wrong"
    assert page.html.code.text == page.headers["X-Request-ID"]
    assert "the inside" not in page
    assert "the inside" in caplog.text


def test_a_database_that_is_away_is_told_of_without_asking_it(admin, break_menu):
    break_menu(OperationalError("SELECT", {}, Exception("gone")))
    page = admin.get("/admin/", status=503)
    assert heading(page) == "Not available at the moment"
    assert page.headers["Retry-After"]


def test_what_is_refused_before_there_is_a_page_is_not_kept_either(admin):
    answer = admin.get("/admin/", extra_environ={"HTTP_HOST": "evil.example"}, status=400)
    assert answer.headers["Cache-Control"] == "no-store"
