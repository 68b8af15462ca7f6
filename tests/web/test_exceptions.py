"""A request is gone once it is answered, whatever went wrong: its body is not kept by a circle of references."""

import gc
import logging
import weakref

import pytest
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid_retry import RetryableException
from sqlalchemy import text
from webtest import TestApp

from shoptrack.errors import BadRequest, BodyTooLarge, Conflict, NotFound
from shoptrack.web.exceptions import drop_tracebacks


class OwnError(Exception):
    """An error for which a plugin has a view of its own."""


class HopelessError(Exception):
    """An error whose view fails."""


def fine(request):
    return Response("fine")


def domain(request):
    raise Conflict("no")


def http(request):
    raise HTTPForbidden


def redirection(request):
    raise HTTPSeeOther("/")


def unknown(request):
    raise RuntimeError("the inside")


def own(request):
    raise OwnError


def hopeless(request):
    raise HopelessError


def again(request):
    raise RetryableException


def named(request):
    error = Conflict("no")
    raise error


def chained(request):
    try:
        first = ValueError("the cause")
        raise first
    except ValueError as cause:
        second = KeyError("what came of it")
        raise second from cause


def hidden(request):
    try:
        first = ValueError("the cause")
        raise first
    except ValueError:
        raise NotFound from None


def group(request):
    errors = []
    for number in range(2):
        try:
            raise ValueError(number)
        except ValueError as error:
            errors.append(error)
    raise ExceptionGroup("several", errors)


def commit(request):
    def fail(*_):
        raise RuntimeError("at the end")

    request.tm.get().addBeforeCommitHook(fail)
    return Response("never sent")


def writing(request):
    request.db.execute(text("SELECT 1"))
    return Response("written")


VIEWS = [
    fine,
    domain,
    http,
    redirection,
    unknown,
    own,
    hopeless,
    again,
    named,
    chained,
    hidden,
    group,
    commit,
    writing,
]


def plugin(config):
    for view in VIEWS:
        config.add_route(view.__name__, f"/api/{view.__name__}/")
        config.add_view(view, route_name=view.__name__, permission=NO_PERMISSION_REQUIRED)
    config.add_exception_view(lambda error, request: Response("own"), context=OwnError)
    config.add_exception_view(lambda error, request: 1 / 0, context=HopelessError)


@pytest.fixture(scope="module")
def references():
    """Return references to the requests of the application, which hold none of them."""
    return []


@pytest.fixture(scope="module")
def app(make_wsgi, references):
    def also(config):
        plugin(config)
        config.add_subscriber(
            lambda event: references.append(weakref.ref(event.request)), NewRequest
        )

    return make_wsgi(also)


@pytest.fixture
def client(app):
    return TestApp(app)


@pytest.fixture
def requests(references):
    references.clear()
    return references


@pytest.fixture
def no_collector():
    """Have no circle of references be found by the garbage collector, and no traceback be kept by pytest's log.

    What others left is not collected before, which takes seconds where many applications are kept.
    """
    gc.disable()
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
    gc.enable()


@pytest.mark.parametrize("path", [*(view.__name__ for view in VIEWS), "nothing", "broken"])
def test_nothing_keeps_a_request(client, requests, no_collector, path):
    client.post(f"/api/{path}/", b"the body", expect_errors=True)
    assert len(requests) == (3 if path == "again" else 1)
    assert [reference() for reference in requests] == [None] * len(requests)


def refusals():
    return [one for one in gc.get_objects() if isinstance(one, BodyTooLarge | BadRequest)]


def test_nothing_keeps_what_is_refused_before_the_application(client, no_collector):
    before = refusals()
    client.post("/api/fine/", b"x" * 20_000, status=413)
    client.post("/api/fine/", b"the body", headers={"Host": "evil.example"}, status=400)
    said = {"The body is too long: at most 16384 bytes are taken here."}
    kept = [one for one in refusals() if not any(one is other for other in before)]
    assert [str(one) for one in kept if str(one) in said or "evil" in str(one)] == []


def test_an_error_that_comes_of_itself_is_no_endless_loop():
    one, two = ValueError(), KeyError()
    one.__context__, two.__cause__ = two, one
    drop_tracebacks(one)
    assert one.__traceback__ is None
