import pytest

from .conftest import HAS_PAGES, PROXY, STRANGER

pytestmark = pytest.mark.skipif(not HAS_PAGES, reason="There is no administration.")


@pytest.fixture
def mio(make_user):
    return make_user("mio", is_staff=True, is_superuser=True)


def token(page):
    return page.html.find("input", {"name": "csrf_token"})["value"]


def test_the_proxys_user_sees_the_pages_and_changes_something(browse, mio):
    browser = browse(remote_user="mio")
    page = browser.get("/admin/categories/add/")
    assert page.html.find(class_="who").text == "mio"
    fields = {"csrf_token": token(page), "name": "Meat"}
    browser.post("/admin/categories/add/", fields, status=303)
    assert "mio" in browser.get("/admin/history/").html.tbody.text


def test_a_strangers_header_is_worth_nothing(browse, mio):
    answer = browse(STRANGER, remote_user="mio").get("/admin/", status=302)
    assert answer.location.startswith("https://localhost/admin/login/")


def test_another_sites_form_changes_nothing(browse, mio):
    browser = browse(remote_user="mio")
    page = browser.get("/admin/categories/add/")
    fields = {"csrf_token": token(page), "name": "Meat"}
    evil = {"Origin": "https://evil.example"}
    browser.post("/admin/categories/add/", fields, headers=evil, expect_errors=True)
    browser.post("/admin/categories/add/", {"name": "Meat"}, status=403)
    assert "Meat" not in browser.get("/admin/categories/")


def test_users_sign_out_at_the_proxy(browse, mio):
    header = browse(remote_user="mio").get("/admin/").html.find("header")
    assert header.find("a", string="Sign out")["href"] == "https://auth.example.com/logout"


@pytest.mark.parametrize(
    ("language", "sent", "reason"),
    [
        ("en", "nobody", "No active user matches your sign-in."),
        ("en", "mio, root", "The proxy has sent no valid name of one user."),
        ("ja", "mio, root", "プロキシ"),
    ],
)
def test_the_sign_in_page_says_why_somebody_is_refused(browse, mio, language, sent, reason):
    browser = browse(PROXY, remote_user=sent, accept_language=language)
    page = browser.get("/admin/").follow()
    assert reason in page.html.find(class_="summary").text
