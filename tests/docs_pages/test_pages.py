"""The two pages as they come from the server, whether anybody is signed in or not and with the core alone."""

import re
from html.parser import HTMLParser

import pytest
from webtest import TestApp

from shoptrack.testing import make_test_app

pytestmark = pytest.mark.database("sqlite")

PAGES = ["/api/docs/", "/api/redoc/"]
every_page = pytest.mark.parametrize("path", PAGES)


@pytest.fixture(scope="module")
def client(new_database):
    return TestApp(make_test_app(new_database()))


@every_page
def test_they_are_open_and_asked_for_again(client, path):
    answer = client.get(path, headers={"Accept": "text/html", "Authorization": "Bearer abc"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "styles"),
    [("/api/docs/", "'self'"), ("/api/redoc/", "'self' 'unsafe-inline'")],
)
def test_they_load_nothing_but_from_here(client, path, styles):
    header = client.get(path).headers["Content-Security-Policy"]
    policy = dict(directive.split(" ", 1) for directive in header.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["style-src"] == styles
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"


class Tags(HTMLParser):
    """Notes the elements of a page, and the text inside of scripts and styles."""

    def __init__(self):
        super().__init__()
        self.elements = []
        self.inside = None
        self.inline = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = tag

    def handle_data(self, data):
        if self.inside in ("script", "style") and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag):
        self.inside = None


@every_page
def test_nothing_is_inline_and_no_other_host_is_named(client, path):
    text = client.get(path).text
    tags = Tags()
    tags.feed(text)
    assert tags.inline == []
    attributes = {name for _, attrs in tags.elements for name in attrs}
    assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert "//" not in text


@every_page
def test_they_say_their_language_and_their_title(client, path):
    tags = Tags()
    tags.feed(client.get(path).text)
    assert tags.elements[0] == ("html", {"lang": "en"})
    assert "title" in [name for name, _ in tags.elements]


@every_page
def test_what_the_address_asks_for_is_not_in_the_page(client, path):
    plain = client.get(path).text
    for query in ("url=https://evil.example/", "configUrl=//evil.example", "spec=<script>"):
        assert client.get(f"{path}?{query}").text == plain


@every_page
def test_they_link_the_description(client, path):
    page = client.get(path)
    assert page.click("OpenAPI 3.1").status_int == 200
    assert page.click("Swagger 2.0").json["swagger"] == "2.0"


@every_page
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_they_are_only_read(client, path, method):
    answer = client.request(path, method=method, status=405)
    assert answer.headers["Allow"] == "GET, HEAD"
    assert answer.json == {"detail": f'Method "{method}" not allowed.'}


@every_page
def test_head_tells_the_length(client, path):
    assert client.head(path).headers["Content-Length"] == str(len(client.get(path).body))


@every_page
def test_without_the_slash_they_are_found(client, path):
    assert client.get(path.rstrip("/"), status=301).headers["Location"].endswith(path)


def test_links_know_where_the_application_is_mounted(new_database):
    client = TestApp(make_test_app(new_database()), extra_environ={"SCRIPT_NAME": "/shop"})
    addresses = re.findall(r'(?:href|src|schema)="(/[^"]+)"', client.get("/api/docs/").text)
    assert len(addresses) > 5
    assert all(address.startswith("/shop/api/") for address in addresses)
