"""Below a path, as https://host/shop/: no address that the application names leads out of it."""

import json
import re
from datetime import date
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from webtest import TestApp

from shoptrack_admin.testing import ENVIRON
from shoptrack_auth import password_links
from shoptrack_auth.testing import PASSWORD

from .conftest import served

pytestmark = pytest.mark.database("sqlite")

HERE = "/shop/"
ATTRIBUTES = ("href", "src", "action", "formaction", "data-choices", "data-new", "data-schema")
IN_JSON = re.compile(r'"((?:https://localhost)?/[^"{}]*)"')
QUERY = re.compile(r"\?.*|(?<=/)\d+(?=/)")


def below_the_path(app):
    """Return the application as a proxy shows it that cuts ``/shop`` off."""

    def mounted(environ, start_response):
        path = environ["PATH_INFO"]
        if not path.startswith(HERE):
            start_response("404 Outside", [("Content-Type", "text/plain")])
            return [b"This is another program."]
        environ |= {"SCRIPT_NAME": HERE[:-1], "PATH_INFO": path.removeprefix(HERE[:-1])}
        return app(environ, start_response)

    return mounted


@pytest.fixture
def browser(app, hasher) -> TestApp:
    return TestApp(below_the_path(app), extra_environ=dict(ENVIRON))


@pytest.fixture
def tokens(browser, user) -> dict[str, str]:
    sent = {"username": user.username, "password": PASSWORD}
    answer = browser.post_json("/shop/api/auth/token/", sent)
    return {"Authorization": f"Bearer {answer.json['access']}"}


def sign_in(browser, path="/shop/admin/"):
    form = browser.get(path).follow().forms[0]
    form["username"], form["password"] = "root", PASSWORD
    return form.submit(status=303)


def named(answer, url: str) -> set[str]:
    """Return the paths that an answer names; those of other hosts are left out."""
    if answer.content_type == "text/html":
        found = [tag[name] for name in ATTRIBUTES for tag in answer.html.select(f"[{name}]")]
    elif (
        answer.content_type == "application/json"
        and "openapi" not in answer
        and "swagger" not in answer
    ):
        found = IN_JSON.findall(answer.text)
    else:
        found = []
    if answer.location:
        found.append(answer.location)
    absolute = [urlsplit(urljoin(url, one)) for one in found if not one.startswith("data:")]
    return {one._replace(scheme="", netloc="").geturl() for one in absolute if one.scheme != "data"}


def crawl(browser, *starts: str) -> set[str]:
    """Follow all that is named, each page with one query and one id; return where that led."""
    waiting, seen, kinds = list(starts), set(), set()
    while waiting:
        path = waiting.pop()
        kind = QUERY.sub("", path.partition("#")[0])
        if kind in kinds:
            continue
        kinds.add(kind)
        # Some take a sign-in by a token, others are where forms are sent.
        answer = browser.get(path, status=(200, 302, 303, 401, 405))
        seen.add(path)
        for one in named(answer, path):
            assert one.startswith(HERE), f"{path} names {one}"
            waiting.append(one)
    return seen


def test_no_page_leads_out(browser, superuser, make):
    for day in (date(2025, 3, 1), date(2025, 4, 2)):
        make.record(purchase_date=day)
    sign_in(browser)
    seen = crawl(browser, "/shop/admin/", "/shop/", "/shop/api/docs/", "/shop/api/redoc/")
    assert seen >= {"/shop/admin/users/", "/shop/admin/reports/", "/shop/admin/history/"}
    assert {path.rpartition(".")[2] for path in seen} >= {"css", "js", "svg"}
    assert len(seen) > 50


def test_the_api_leads_nowhere_else(browser, tokens, make):
    for name in ("Meat", "Milk"):
        make.category(name=name)
    make.record()
    assert browser.get("/shop/", status=302).location == "https://localhost/shop/api/"
    assert all("://localhost/shop/api/" in one for one in browser.get("/shop/api/").json.values())
    without_slash = browser.get("/shop/api/stores?a=1", status=301)
    assert without_slash.location == "https://localhost/shop/api/stores/?a=1"
    page = browser.get("/shop/api/categories/?limit=1", headers=tokens)
    assert page.headers["Link"].startswith("<https://localhost/shop/api/categories/?limit=1&")
    report = browser.get("/shop/api/reports/spending/?group_by=day", headers=tokens)
    links = IN_JSON.findall(report.text)
    assert links
    assert all(one.startswith("/shop/api/shopping-records/") for one in links)


def test_cookies_stay_below_the_path(browser, superuser, tokens):
    assert {one.path for one in browser.cookiejar} == {"/shop/api/auth/"}
    browser.post_json("/shop/api/auth/token/refresh/", {}, status=200)
    browser.post_json("/shop/api/auth/logout/", {})
    assert [*browser.cookiejar] == []
    sign_in(browser)
    form = next(
        form for form in browser.get("/shop/admin/").forms.values() if "language" in form.fields
    )
    form.submit("language", value="ja")
    adding = browser.get("/shop/admin/categories/add/").forms[1]
    adding["name"] = "Meat"
    adding.submit("save")
    assert len([*browser.cookiejar]) == 3
    assert {one.path for one in browser.cookiejar} == {"/shop/admin/"}
    out = next(
        f for f in browser.get("/shop/admin/").forms.values() if f.action.endswith("logout/")
    )
    out.submit().follow()
    assert "login" in browser.get("/shop/admin/", status=302).location


def test_whoever_signs_in_comes_back(browser, superuser):
    wanted = "/shop/admin/stores/?q=a"
    assert sign_in(browser, wanted).location == f"https://localhost{wanted}"
    browser.reset()
    form = browser.get("/shop/admin/login/?next=/admin/stores/").forms[0]
    assert form["next"].value == "", "another program's page"


def test_a_password_link_works(browser, app, database, superuser):
    with database.session() as db, db.begin():
        secret = password_links.create_link(db, superuser.id, by="operator")
    form = browser.get(f"/shop/admin/set-password/?key={secret}").forms[0]
    form["password"] = form["password2"] = "another horse staples batteries"
    assert "/shop/admin/login/" in form.submit()


def test_the_description_names_the_path(browser, client):
    swagger = browser.get("/shop/api/swagger.json")
    assert swagger.json == client.get("/api/swagger.json").json | {"basePath": "/shop"}
    for format, read in (("json", json.loads), ("yaml", yaml.safe_load)):
        address = f"/api/schema/?format={format}"
        answer, plain = browser.get(f"/shop{address}"), client.get(address)
        assert read(answer.text) == read(plain.text) | {"servers": [{"url": "/shop"}]}
        assert answer.headers["ETag"] != plain.headers["ETag"]
        known = {"If-None-Match": answer.headers["ETag"]}
        browser.get(f"/shop{address}", headers=known, status=304)
        client.get(address, headers=known, status=200)


def test_waitress_may_cut_the_path_off(make_wsgi):
    body = b"x" * 2000
    head = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n"
    with served(make_wsgi(max_body_size=1000), url_prefix="/shop") as talk:
        for path in ("/shop/api/uploads/", "/api/uploads/"):
            answer = talk(head.format(path).encode() + body)
            assert answer.startswith(b"HTTP/1.1 200"), path
            assert b'"http://localhost/shop/api/uploads/"' in answer
        assert b" 413 " in talk(head.format("/shop/api/things/").encode() + body)
        no_length = talk(head.format("/shop/api/things/").replace("2000", "many").encode())
        assert no_length.startswith(b"HTTP/1.1 400")
        assert b"Content-Type: application/json" in no_length
        bare = talk(b"GET /shop HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert b"Location: http://localhost/shop/api/" in bare
