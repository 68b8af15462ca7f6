"""Bad input over a real server: always an answer, and the connection serves the next request."""

from http.client import HTTPConnection
from threading import Thread

import pytest

from shoptrack.server import create_server

pytestmark = pytest.mark.database("sqlite")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"

# In the place of every field: what no field takes.
VALUES = {
    "NUL": rb'"\u0000"',
    "a lone surrogate": rb'"\ud800"',
    "a list": b"[1]",
    "an object": b'{"a": 1}',
    "true": b"true",
    "null": b"null",
    "a huge exponent": b"1e999999999",
    "a long text": b'"' + b"x" * 2_000_000 + b'"',
    "many digits": b'"' + b"9" * 1_000_000 + b'"',
    "nested lists": b"[" * 400 + b"]" * 400,
}
BODIES = {
    "broken UTF-8": (b'{"name": "\xff"}', JSON, 400),
    "encoded surrogates": (b'{"name": "\xed\xa0\x80"}', JSON, 400),
    "100,000 brackets": (b"[" * 100_000, JSON, 400),
    "100,000 objects": (b'{"a":' * 100_000, JSON, 400),
    "a number of 10^6 digits": (b'{"name":' + b"7" * 1_000_000 + b"}", JSON, 400),
    "duplicate keys": (b'{"name": "a", "name": "a"}', JSON, 400),
    "many duplicate keys": (b"{" + b'"a":1,' * 300_000 + b'"a":1}', JSON, 400),
    "NaN": (b'{"name": NaN}', JSON, 400),
    "no object": (b"[]", JSON, 400),
    "no JSON": (b"nonsense", JSON, 400),
    "a 3 MB string": (b'{"name": "' + b"x" * 3_000_000 + b'"}', JSON, 413),
    "an unknown type": (b"<name/>", "application/xml", 415),
    "no type": (b"{}", "", 415),
    "a broken form": (b"name=%ff", FORM, 400),
    "a form of many fields": (b"a&" * 100_000, FORM, 400),
    "a broken multipart form": (b"--x\r\n\r\n\r\n--x--", MULTIPART, 400),
    "an endless multipart form": (
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n",
        MULTIPART,
        400,
    ),
}


@pytest.fixture(scope="module")
def server(shared_apps, plugins, settings):
    """Serve the application."""
    app = shared_apps.get(plugins, settings)
    server = create_server(app, host="127.0.0.1", port=0, map={}, threads=4)
    thread = Thread(target=server.run)
    thread.start()
    yield server
    for channel in list(server._map.values()):
        channel.handle_close()
    server.task_dispatcher.shutdown()
    thread.join(10)


@pytest.fixture
def ask(app, server, credentials):
    """Return a function that sends a request and returns status and body of the answer.

    All go over one connection, which must hold unless an answer says that it is the last.
    """
    connection = HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
    connection.auto_open = False
    connection.connect()

    def ask(method, path, body=b"", content_type=JSON):
        headers = {"Content-Type": content_type, **credentials}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.headers["Content-Type"] == JSON or answer.status in (204, 301)
        if answer.will_close:
            # The first two have no length, and the last was not read whole.
            assert answer.status in (204, 413) or method == "HEAD"
            connection.close()
            connection.connect()
        return answer.status, said

    yield ask
    connection.close()


@pytest.mark.parametrize("case", BODIES)
def test_bodies_that_cannot_be_read(ask, client, case):
    body, content_type, status = BODIES[case]
    for path in client.get("/api/").json:
        assert ask("POST", f"/api/{path}/", body, content_type)[0] == status
        assert ask("GET", f"/api/{path}/") == (200, b"[]")


# Among them they have a field of every kind.
@pytest.mark.parametrize("path", ["stores", "products", "shopping-records"], indirect=True)
@pytest.mark.parametrize("case", VALUES)
def test_values_that_no_field_takes(ask, body, item, case):
    before = ask("GET", item)
    optional = {"manufacturer_id", "origin_id"} if case == "null" else set()
    for name in body.keys() - optional:
        members = b'{"%s": %s}' % (name.encode(), VALUES[case])
        assert ask("PATCH", item, members)[0] == 400
    members = b",".join(b'"%s":%s' % (name.encode(), VALUES["a list"]) for name in body)
    assert ask("PUT", item, b"{%s}" % members)[0] == 400
    assert ask("GET", item) == before


@pytest.mark.parametrize(
    ("id", "status"),
    [
        ("abc", 404),
        ("1.0", 404),
        ("-1", 404),
        ("%EF%BC%91", 404),
        ("9" * 19, 404),
        ("9" * 30, 404),
        ("9" * 10_000, 404),
        ("%00", 404),
        ("%ff", 400),
        ("1%2F2", 404),
        ("..%2f..%2fetc", 404),
        ("%", 404),
        ("{id}", 404),
    ],
    ids=lambda value: str(value)[:15],
)
def test_paths_of_all_kinds(ask, make, id, status):
    make.unit()
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert ask(method, f"/api/units/{id}/")[0] == status
    assert ask("GET", "/api/units/")[0] == 200


@pytest.mark.database("sqlite", "postgresql")
def test_a_day_in_the_life_of_a_store(ask):
    status, said = ask("POST", "/api/stores/", b'{"name": "Life", "location": "Kyoto"}')
    assert status == 201
    id = said.split(b",")[0].removeprefix(b'{"id":').decode()
    assert ask("GET", f"/api/stores/{id}/") == (200, said)
    assert ask("PATCH", f"/api/stores/{id}/", b'{"name": "Aeon"}')[0] == 200
    assert ask("GET", f"/api/stores/{id}")[0] == 301
    assert ask("DELETE", f"/api/stores/{id}/") == (204, b"")
    assert ask("GET", f"/api/stores/{id}/")[0] == 404


def test_head_and_204_leave_the_connection_in_step(ask, make):
    unit = make.unit()
    assert ask("HEAD", "/api/units/") == (200, b"")
    assert ask("DELETE", f"/api/units/{unit.id}/") == (204, b"")
    assert ask("HEAD", "/api/units/999/") == (404, b"")
    assert ask("GET", "/api/units/") == (200, b"[]")


def test_a_method_that_nobody_knows_is_not_allowed(ask):
    assert ask("BREW", "/api/units/") == (405, b'{"detail":"Method \\"BREW\\" not allowed."}')
