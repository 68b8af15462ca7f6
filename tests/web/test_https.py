"""Plain http is turned away where a setting says so."""

import pytest

from shoptrack.settings import Settings
from shoptrack.web import https, logs

HTTPS = {"wsgi.url_scheme": "https"}
STRICT = "Strict-Transport-Security"


def test_by_default_both_are_served_and_browsers_are_told_nothing(make_client):
    client = make_client()
    assert STRICT not in client.get("/page/").headers
    assert STRICT not in client.get("/page/", extra_environ=HTTPS).headers


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/page/", "https://localhost/page/"),
        ("/page/?a=1&b=%2F", "https://localhost/page/?a=1&b=%2F"),
        ("/nothing%20here", "https://localhost/nothing%20here"),
        ("//evil.example/", "https://localhost//evil.example/"),
    ],
)
def test_a_page_leads_to_its_https_address(make_client, path, location):
    client = make_client(https_only=True)
    answer = client.get(path, status=301, extra_environ={"HTTP_HOST": "localhost:8000"})
    assert answer.headers["Location"] == location
    assert STRICT not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_api_refuses_since_a_token_has_travelled_in_the_open(make_client, method):
    client = make_client(https_only=True, cors_allowed_origins="http://app.example")
    headers = {
        "Authorization": "Bearer secret",
        "Origin": "http://app.example",
        "Access-Control-Request-Method": "GET",
    }
    answer = client.request("/api/things/", method=method, headers=headers, status=400)
    assert answer.json == {"detail": "HTTPS is required."}
    assert answer.headers["Access-Control-Allow-Origin"] == "http://app.example"


@pytest.mark.parametrize("path", ["/page/?a=1", "/"])
def test_below_a_path_it_leads_there(make_client, path):
    environ = {"SCRIPT_NAME": "/shop"}
    answer = make_client(https_only=True).get(path, status=301, extra_environ=environ)
    assert answer.headers["Location"] == f"https://localhost/shop{path}"


def test_a_form_is_not_sent_twice(make_client):
    make_client(https_only=True).post("/page/", {"a": "1"}, status=400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_over_http(make_client, path):
    make_client(https_only=True).get(path, status=200)


def test_over_https_browsers_are_told_to_stay(make_client):
    client = make_client(https_only=True)
    for path in ("/page/", "/nothing", "/api/broken/", "/page", "/api/things/"):
        answer = client.get(path, extra_environ=HTTPS, expect_errors=True)
        assert answer.headers.getall(STRICT) == ["max-age=31536000"]


def test_how_long_can_be_said(make_client):
    for seconds, header in ((3600, "max-age=3600"), (0, None)):
        client = make_client(https_only=True, hsts_seconds=seconds)
        assert client.get("/page/", extra_environ=HTTPS).headers.get(STRICT) == header


def test_only_a_trusted_proxy_says_that_a_request_came_encrypted(make_client):
    client = make_client(https_only=True, trusted_proxies="10.0.0.0/8")
    headers = {"X-Forwarded-Proto": "https"}
    client.get("/page/", headers=headers, extra_environ={"REMOTE_ADDR": "10.0.0.1"}, status=200)
    client.get("/page/", headers=headers, extra_environ={"REMOTE_ADDR": "192.0.2.1"}, status=301)


@pytest.fixture
def warnings(make_client, caplog):
    """Return a function that asks over what counts as http, and returns what the log has of it."""
    client = make_client(https_only=True, trusted_proxies="10.0.0.0/8")

    def ask(peer, headers=None):
        caplog.clear()
        client.get("/page/", headers=headers, extra_environ={"REMOTE_ADDR": peer}, status=301)
        return [one.getMessage() for one in caplog.records if one.name == https.__name__]

    return ask


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-Proto": "https"}, {"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "a"}],
)
def test_the_log_names_who_was_not_believed_and_the_setting(warnings, headers):
    (line,) = warnings("192.0.2.1", headers)
    assert "from 192.0.2.1 was ignored" in line
    assert "SHOPTRACK_TRUSTED_PROXIES" in line


def test_the_log_names_a_trusted_proxy_that_does_not_say_the_scheme(warnings):
    (line,) = warnings("10.0.0.9", {"X-Forwarded-For": "203.0.113.9"})
    assert "proxy 10.0.0.9 sends no X-Forwarded-Proto" in line


def test_the_log_names_a_socket_without_an_address(warnings):
    (line,) = warnings("/run/shop.sock\x1b", {"X-Forwarded-Proto": "https"})
    assert r"'/run/shop.sock\x1b'" in line
    assert "use a port" in line


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.0.2.1", {}),
        ("192.0.2.1", {"X-Forwarded-Proto": "http"}),
        ("10.0.0.9", {"X-Forwarded-Proto": "http"}),
    ],
)
def test_whoever_did_come_by_http_is_no_line(warnings, peer, headers):
    assert warnings(peer, headers) == []


def test_there_is_a_line_a_minute(warnings, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(logs, "monotonic", lambda: now)
    said = {"X-Forwarded-Proto": "https"}
    assert len(warnings("192.0.2.1", said)) == 1
    now = 1059.9
    assert warnings("192.0.2.1", said) == warnings("192.0.2.2", said) == []
    now = 1060.0
    assert "192.0.2.3" in warnings("192.0.2.3", said)[0]


@pytest.mark.parametrize(
    ("only", "proxies", "lines"), [(True, "", 1), (True, "10.0.0.1", 0), (False, "", 0)]
)
def test_the_start_warns_where_no_proxy_is_trusted(caplog, only, proxies, lines):
    https.warn_at_start(Settings(debug=True, https_only=only, trusted_proxies=proxies))
    assert ["SHOPTRACK_TRUSTED_PROXIES" in line for line in caplog.messages] == [True] * lines
