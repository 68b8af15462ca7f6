"""The server: waitress, which is stricter here about requests, has the headers of all others on its own answers, waits
at its start for what it needs, and ends without breaking requests off.
"""

import logging
import os
import signal
import sys
from typing import Any, NoReturn

from waitress import create_server as create_waitress
from waitress.server import BaseWSGIServer

from shoptrack import STARTUP_FAILED
from shoptrack.db import Database
from shoptrack.db.migrations import check_migrations, log_leftovers
from shoptrack.errors import DomainError
from shoptrack.server import memory, open_files, startup
from shoptrack.server.dispatcher import Dispatcher
from shoptrack.server.listener import SPARE_CONNECTIONS, Listener
from shoptrack.server.pending import PendingRequests
from shoptrack.server.serving import Serving
from shoptrack.server.settings import ComposeSettings, ServerSettings
from shoptrack.server.shutdown import GracefulShutdown
from shoptrack.settings import Settings
from shoptrack.web.body_limit import BodyLimits
from shoptrack.web.https import warn_at_start
from shoptrack.web.request_path import MAX_APPLICATION_PATH_LENGTH, is_application_path

DEFAULT_REQUEST_SECONDS = 60
DEFAULT_FIRST_BYTE_SECONDS = 10
DEFAULT_THREADS = 4  # waitress's own number
DEFAULT_CONNECTION_LIMIT = (
    4000  # waitress's own limit, 100, is less than what a few browsers' pages keep open
)

log = logging.getLogger(__name__)


def create_server(
    app,
    request_seconds: float = DEFAULT_REQUEST_SECONDS,
    first_byte_seconds: float = DEFAULT_FIRST_BYTE_SECONDS,
    connection_limit: str | int = DEFAULT_CONNECTION_LIMIT,
    **options: Any,
):
    """Return a server that listens, and serves once its ``run()`` is called.

    :param app: ShopTrack's application
    :param request_seconds: how long a request may take to arrive
    :param first_byte_seconds: how long a connection may say nothing before its first request
    :param options: waitress's
    """
    max_connections = int(connection_limit)
    sockets = options.setdefault("map", {})
    options.setdefault("asyncore_use_poll", True)  # select() knows no file above 1,023
    options.setdefault("cleanup_interval", 1)  # seconds between two looks at silent connections
    # Bodies stay in memory, where they are counted: in Compose, temporary files are memory as well.
    options.setdefault("inbuf_overflow", sys.maxsize)
    # The parser knows how long a body may be at each path, and waitress's refusal is none of the application's.
    options["max_request_body_size"] = sys.maxsize
    server = create_waitress(app, connection_limit=max_connections + SPARE_CONNECTIONS, **options)
    server.task_dispatcher = dispatcher = Dispatcher(server.task_dispatcher)
    settings = Settings.of(app.registry)
    pending = PendingRequests(BodyLimits.of(app.registry), settings.max_pending_size)
    for socket in sockets.values():
        if isinstance(socket, BaseWSGIServer):
            listener = Listener.adopt(socket)
            listener.task_dispatcher = dispatcher
            listener.pending = pending
            listener.max_connections = max_connections
            listener.first_byte_seconds = first_byte_seconds
            listener.request_seconds = request_seconds
    return server


def serve_paste(
    app, global_conf, connection_limit: str | int = DEFAULT_CONNECTION_LIMIT, **options: str
) -> int:
    """Serve until the process is asked to end: ``use = egg:shoptrack`` in the section ``[server:main]``.

    The process ends where the database is not what the application needs, or the address cannot be listened at.

    :param app: ShopTrack's application
    :param options: waitress's
    """
    # The first process of a container ignores a signal that it does not handle, also while it only waits.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    settings = ServerSettings.of(app.registry)
    check_url_prefix(options.get("url_prefix", ""))
    memory.share_heap()
    # Reads go on in the other half, while SQLite's writers wait for each other.
    Database.of(app.registry).write_queue.limit = max(
        1, int(options.get("threads", DEFAULT_THREADS)) // 2
    )
    try:
        require_database(app.registry, settings.start_seconds)
    except DomainError as error:
        exit_with_error(str(error))
    sockets: dict[int, Any] = {}
    connections = open_files.raise_open_file_limit(int(connection_limit))
    try:
        server = create_server(
            app,
            settings.request_seconds,
            settings.first_byte_seconds,
            connections,
            map=sockets,
            **options,
        )
    except OSError as error:
        where = f"{options.get('host')}:{options.get('port')}"
        exit_with_error(
            f"It cannot listen at {where}: {error.strerror}. Another port is chosen by "
            "http_port=8123 behind the .ini file, or by make serve PORT=8123."
        )
    if server.adj.url_scheme != "https" and server.adj.trusted_proxy is None:  # waitress's own ways
        warn_at_start(Settings.of(app.registry))
    app.registry.notify(Serving(app.registry, server.adj.threads))
    ending = GracefulShutdown(server, sockets, settings.leave_seconds, settings.finish_seconds)
    for listener in sockets.values():
        if isinstance(listener, BaseWSGIServer):
            log.info("Serving on %s port %s", listener.effective_host, listener.effective_port)
    ending.serve()
    return 0


def check_url_prefix(prefix: str) -> None:
    """End the process where waitress's ``url_prefix`` is no path that addresses and cookies can have as it is."""
    path = prefix.strip().strip("/")  # as waitress does
    if path and not is_application_path(f"/{path}"):
        exit_with_error(
            f"url_prefix in the .ini file is {prefix!r}. It takes letters of ASCII, digits, '.', '_', '~', '-' and "
            f"single slashes, {MAX_APPLICATION_PATH_LENGTH} characters in all, such as /shoptrack."
        )


def require_database(registry, seconds: float) -> None:
    """Return when the database has the tables that the application needs; in debug mode, only tell."""
    if not Settings.of(registry).debug:
        startup.wait_for_check(registry, check_migrations, seconds)
    elif amiss := startup.find_problem(registry, check_migrations):
        log.warning(amiss)
        return
    startup.warn_unless_writable(registry)
    log_leftovers(registry)


def exit_with_error(sentence: str) -> NoReturn:
    """End the process, with a sentence as its last word."""
    print(f"{STARTUP_FAILED} {sentence}", file=sys.stderr, flush=True)
    # pserve would take a SystemExit of the server for its proper end, and any other error for one of its own.
    os._exit(1)


def includeme(config):
    """Read the server's settings."""
    config.add_settings_table(ServerSettings)
    config.add_settings_table(ComposeSettings)
