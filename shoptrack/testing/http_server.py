"""The application on a real HTTP server."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from shoptrack.server import create_server

SECONDS = 30  # maximum wait for the server to stop


@contextmanager
def run_server(app, threads: int = 4, **options) -> Iterator[Any]:
    """Serve an application on a free local port, and yield the server.

    :param options: waitress's
    """
    server = create_server(app, host="127.0.0.1", port=0, map={}, threads=threads, **options)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        # The server's own thread closes all connections and the trigger, which must have been pulled by then.
        is_pulled = Event()
        server.trigger.pull_trigger(lambda: _close(server, is_pulled))
        is_pulled.set()
        thread.join(SECONDS)
        server.task_dispatcher.shutdown()


@contextmanager
def serve_app(app, threads: int = 4, **options) -> Iterator[int]:
    """Serve an application on a free local port, and yield the port.

    :param options: waitress's
    """
    with run_server(app, threads, **options) as server:
        yield int(server.effective_port)


def _close(server, is_pulled: Event) -> None:
    is_pulled.wait(SECONDS)
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    for listener in list(server._map.values()):
        listener.close()
