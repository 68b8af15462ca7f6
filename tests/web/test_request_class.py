"""Requests have what was added to them, and are all of one class."""

import pytest
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from webtest import TestApp

from shoptrack.testing import make_test_app

seen = []


def view(request):
    """Note the class, and answer what was added."""
    seen.append(type(request))
    numbers = [request.number, request.number, request.plus(1)]
    return Response(json=[*numbers, request.request_id])


def includeme(config):
    """Add a property that is computed once and a method, after the core's own."""
    count = iter(range(7, 100))
    config.add_request_method(lambda request: next(count), "number", reify=True)
    config.add_request_method(lambda request, more: request.number + more, "plus")
    config.add_route("added", "/api/added/")
    config.add_view(view, route_name="added", permission=NO_PERMISSION_REQUIRED)


@pytest.mark.database("sqlite")
def test_what_plugins_add_is_each_requests_own(new_database):
    client = TestApp(make_test_app(new_database(), (__name__,)))
    seen.clear()
    for number in (7, 8):
        answer = client.get("/api/added/")
        assert answer.json == [number, number, number + 1, answer.headers["X-Request-ID"]]
    assert seen[0] is seen[1]
