"""Of several things that are wrong with a request, the first of the contract's order is answered."""

from types import SimpleNamespace

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client, RowFactory, make_test_app, upgrade_database

pytestmark = pytest.mark.database("sqlite")

# A request that is wrong in everything, and what puts it right, in the order of the checks.
WRONG = {
    "host": "evil.example",
    "path": "/api/nothing/999/",
    "method": "TRACE",
    "user": "",
    "accept": "text/html",
    "type": "application/xml",
    "body": b"{",
}
REPAIRS = [
    ({"host": "localhost"}, 404, "Not found."),
    ({"path": "/api/units/999/"}, 405, 'Method "TRACE" not allowed.'),
    ({"method": "PATCH"}, 401, "Authentication credentials were not provided."),
    ({"user": "reader"}, 403, "You do not have permission to perform this action."),
    ({"user": "editor"}, 406, "Could not satisfy the request Accept header."),
    ({"accept": "application/json"}, 404, "No Unit matches the given query."),
    ({"path": "/api/units/{id}/"}, 415, 'Unsupported media type "application/xml" in request.'),
    ({"type": "application/json"}, 400, "JSON parse error - "),
    ({"body": b'{"name": "kg"}'}, 200, None),
]


def identify(request):
    """Take everybody's word for who they are: an editor may do everything, a reader may view."""
    name = request.headers.get("X-User")
    if not name:
        return None
    return SimpleNamespace(
        id=1, has_permission=lambda permission: name == "editor" or permission.endswith(":view")
    )


def includeme(config):
    config.set_identify(identify)


@pytest.fixture(scope="module")
def application(new_database):
    app = make_test_app(new_database(), (__name__,))
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


def send(application, host, path, method, user, accept, type, body):
    headers = {"Host": host, "X-User": user, "Accept": accept, "Content-Type": type}
    client = Client(application)
    return client.request(path, method=method, headers=headers, body=body, expect_errors=True)


def test_a_wrong_host_comes_first(application):
    answer = send(application, **WRONG)
    assert answer.status_int == 400
    assert "host" in answer.json["detail"].lower()


@pytest.mark.parametrize("repaired", range(1, len(REPAIRS) + 1))
def test_then_the_checks_follow_in_order(application, repaired):
    request = WRONG
    for repair, _, _ in REPAIRS[:repaired]:
        request = request | repair
    _, status, detail = REPAIRS[repaired - 1]
    make = RowFactory(Database.of(application.registry))
    id = make.unit(name=f"unit {repaired}").id
    answer = send(application, **request | {"path": request["path"].format(id=id)})
    assert answer.status_int == status
    assert detail is None or answer.json["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/units/"),
        ("PUT", "/api/units/999/"),
        ("PATCH", "/api/units/999/"),
        ("DELETE", "/api/units/999/"),
    ],
)
def test_without_a_permission_nothing_is_told_of_rows_and_bodies(application, method, path):
    answer = send(
        application,
        **WRONG | {"host": "localhost", "path": path, "method": method, "user": "reader"},
    )
    assert answer.status_int == 403
    assert answer.json == {"detail": "You do not have permission to perform this action."}
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(("path", "status"), [("/api/units/", 200), ("/api/units/999/", 404)])
def test_a_reader_reads(application, path, status):
    answer = send(application, "localhost", path, "GET", "reader", "*/*", "", b"")
    assert answer.status_int == status


def test_a_list_parameter_is_looked_at_after_the_sign_in_and_the_accept_header(application):
    path = "/api/units/?unknown=1"
    for user, accept, status in (
        ("", "text/html", 401),
        ("reader", "text/html", 406),
        ("reader", "*/*", 400),
    ):
        answer = send(application, "localhost", path, "GET", user, accept, "", b"")
        assert answer.status_int == status
