"""A small application inside the real web, and a real server to talk to it byte by byte."""

import socket
from contextlib import contextmanager
from threading import Thread

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from webtest import TestApp

from shoptrack.errors import NotAuthenticated
from shoptrack.server import create_server
from shoptrack.settings import Settings

LONG = 2_621_440  # bytes, of bodies of one address; others are open, and take less


def echo(request):
    """Answer what a view gets to know of the request."""
    return {
        "client": request.client_addr,
        "url": request.url,
        "body": len(request.body),
        "cookies": dict(request.cookies),
        "request_id": request.request_id,
        "left": sorted(name for name in request.environ if "FORWARDED" in name),
    }


def broken(request):
    """Fail with what nobody may see."""
    raise RuntimeError("the inside")


def refused(request):
    """Refuse as the security policy does."""
    raise NotAuthenticated


def small_application(config):
    """Three addresses of an API, two that fail, a page."""
    views = {
        "/api/": echo,
        "/api/things/": echo,
        "/api/things/{id}/": echo,
        "/api/uploads/": echo,
        "/api/broken/": broken,
        "/api/refused/": refused,
        "/broken": broken,
        "/page/": lambda request: Response("page"),
    }
    for pattern, view in views.items():
        config.add_route(pattern, pattern)
        config.add_view(
            view, route_name=pattern, permission=NO_PERMISSION_REQUIRED, renderer="json"
        )
    config.set_max_body_size("/api/uploads/", LONG)


@pytest.fixture(scope="module")
def make_wsgi():
    """Make the application with settings, and with what another includeme adds to it."""

    def make(also=lambda config: None, **settings):
        config = Configurator(settings={"retry.attempts": 3, "tm.annotate_user": False})
        config.registry[Settings] = Settings(debug=True, **settings)
        for part in (
            "shoptrack.plugins",
            "pyramid_retry",
            "pyramid_tm",
            "shoptrack.web.error_views",
            "shoptrack.permissions",
            "shoptrack.web",
            small_application,
            also,
        ):
            config.include(part)
        return config.make_wsgi_app()

    return make


@pytest.fixture
def make_client(make_wsgi):
    """Make a client of such an application; it sends ``Host: localhost:80``."""
    return lambda also=lambda config: None, **settings: TestApp(make_wsgi(also, **settings))


@contextmanager
def served(wsgi, **options):
    """Serve by waitress; the value sends bytes on a new connection and returns all that comes.

    :param options: waitress's
    """
    server = create_server(wsgi, host="127.0.0.1", port=0, map={}, ident="", threads=1, **options)
    thread = Thread(target=server.run)
    thread.start()

    def talk(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", server.effective_port), 60) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    try:
        yield talk
    finally:
        for channel in list(server._map.values()):
            channel.close()
        server.task_dispatcher.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def talk(make_wsgi):
    """Talk to an application with default settings over a socket."""
    with served(make_wsgi()) as talk:
        yield talk
