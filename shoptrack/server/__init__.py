"""The server: waitress, which is stricter here about requests, and whose own answers have the headers of all others."""

from typing import Any

from waitress import create_server as create_waitress
from waitress.server import BaseWSGIServer

from shoptrack.server.channel import Channel


def create_server(app, **options: Any):
    """Return a server that listens, and serves once its ``run()`` is called.

    :param options: waitress's
    """
    sockets = options.setdefault("map", {})
    server = create_waitress(app, **options)
    for socket in sockets.values():
        if isinstance(socket, BaseWSGIServer):
            socket.channel_class = Channel
    return server


def serve_paste(app, global_conf, **options: str) -> int:
    """Serve until the process is asked to end: ``use = egg:shoptrack`` in the section ``[server:main]``."""
    server = create_server(app, **options)
    server.print_listen("Serving on http://{}:{}")
    server.run()
    return 0
