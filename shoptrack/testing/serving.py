"""The application behind the real server."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from shoptrack.server import create_server


@contextmanager
def served(app, threads: int = 4, **options) -> Iterator[int]:
    """Serve an application by the real server, and yield the port.

    :param options: waitress's
    """
    server = create_server(app, host="127.0.0.1", port=0, map={}, threads=threads, **options)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        # In the server's own thread, which may have done it before the trigger is pulled, where others pull it as well.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: _close(server))
        thread.join(10)
        server.task_dispatcher.shutdown()


def _close(server) -> None:
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    for listener in list(server._map.values()):
        listener.close()
