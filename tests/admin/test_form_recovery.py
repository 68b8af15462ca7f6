"""Forms that are sent when the session is over."""

from datetime import timedelta

import pytest

from shoptrack_auth.models import get_utc_now
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

NAME = "Meat & <fish> 肉"


@pytest.fixture
def filled_in(admin, alter):
    """Fill a form in, and let the session end before it is sent."""
    form = admin.get("/admin/categories/add/").forms[1]
    form["name"] = NAME
    alter.sign_ins(last_used_at=get_utc_now() - timedelta(days=1))
    return form


@pytest.fixture
def sign_in_again():
    """Return a function that fills in the sign-in page that a form led to."""

    def sign_in_again(page, password=PASSWORD, **options):
        form = page.forms[0]
        form["username"], form["password"] = "root", password
        return form.submit(**options)

    return sign_in_again


def test_what_was_filled_in_is_sent_after_signing_in_again(admin, filled_in, sign_in_again):
    page = filled_in.submit("save", status=403)
    assert "Sign in again to recover your form." in page
    page = sign_in_again(page, password="wrong", status=400)
    page = sign_in_again(page, status=200)
    assert "Nothing was changed yet" in page
    assert NAME not in admin.get("/admin/categories/").html.get_text()
    page.forms[0].submit(status=303)
    assert NAME in admin.get("/admin/categories/").html.get_text()


def test_it_is_left_where_nobody_wants_it_any_more(admin, filled_in, sign_in_again):
    page = sign_in_again(filled_in.submit("save", status=403))
    assert page.click("Cancel").forms[1]["name"].value == ""


def test_a_form_of_another_place_does_not_wait(filled_in):
    answer = filled_in.submit("save", headers={"Origin": "https://evil.example"}, status=302)
    assert "/admin/login/" in answer.location


def test_it_waits_though_the_cookie_is_gone(admin, filled_in, sign_in_again):
    admin.cookiejar.clear()
    page = sign_in_again(filled_in.submit("save", status=403))
    page.forms[0].submit(status=303)
    assert NAME in admin.get("/admin/categories/").html.get_text()


def test_who_signed_in_anew_in_another_window_is_asked(admin, filled_in, submit):
    submit(admin, "/admin/login/", {"username": "root", "password": PASSWORD}, status=303)
    page = filled_in.submit("save", status=403)
    assert "Nothing was changed yet" in page
    page.forms[1].submit(status=303)
    assert NAME in admin.get("/admin/categories/").html.get_text()


def test_passwords_do_not_wait(admin, superuser, alter):
    form = admin.get("/admin/users/add/").forms[1]
    form["username"], form["password"], form["password2"] = "hana", PASSWORD, PASSWORD
    alter.sign_ins(last_used_at=get_utc_now() - timedelta(days=1))
    page = form.submit(status=403)
    assert "hana" in page
    assert PASSWORD not in page
