"""A plugin whose responses are made while they are sent, in the way that the guide tells and in others."""

from io import BytesIO

from pyramid.response import FileIter, Response
from sqlalchemy import text

from shoptrack.permissions import SIGNED_IN
from shoptrack.web.streams import stream

BINARY = "application/octet-stream"
ROWS = text("SELECT id FROM shopping_records ORDER BY id")


def make_lines(connection):
    for row in connection.execute(ROWS):
        yield b"%0100d" % row.id


def told(request):
    return stream(request, make_lines, content_type=BINARY)


def own(request):
    return Response(app_iter=make_lines(request.reader), content_type=BINARY)


def late(request):
    """Touch the reader only when the request is over."""

    def read():
        yield from make_lines(request.reader)

    return Response(app_iter=read(), content_type=BINARY)


def write(request):
    """Use the session, whose transaction has ended."""
    request.db.execute(ROWS)

    def read():
        yield bytes(300_000)
        yield from make_lines(request.db)

    return Response(app_iter=read(), content_type=BINARY)


def file(request):
    return Response(app_iter=FileIter(BytesIO(bytes(1_000_000))), content_type="text/plain")


def includeme(config):
    for view in (told, own, late, write, file):
        name = view.__name__
        config.add_route(name, f"/api/streams/{name}/")
        config.add_view(view, route_name=name, permission=SIGNED_IN)
