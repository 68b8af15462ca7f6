"""A plugin whose answers take until a file is there: as long as a test wants."""

import time
from pathlib import Path

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

SECONDS = 300  # longer than tests have patience


def until(file: Path) -> None:
    """Say that the request has come, and wait for the file."""
    file.with_suffix(".begun").touch()
    end = time.monotonic() + SECONDS
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.01)


def slow(request) -> Response:
    """Answer when the file is there."""
    until(Path(request.GET["file"]))
    return Response("whole")


def stream(request) -> Response:
    """Answer one half at once, and the other when the file is there."""

    def parts(file: Path):
        yield b"one half, " * 30_000  # more than is held back to be sent at once
        until(file)
        yield b"and the other"

    return Response(app_iter=parts(Path(request.GET["file"])))


def includeme(config):
    """Serve both."""
    for view in (slow, stream):
        config.add_route(view.__name__, f"/{view.__name__}")
        config.add_view(view, route_name=view.__name__, permission=NO_PERMISSION_REQUIRED)
