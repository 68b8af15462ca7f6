"""The server: waitress with stricter request parsing, deadlines, startup checks and graceful shutdown."""

import logging
import os
import signal
import sys
from typing import Any, NoReturn

from waitress import create_server as create_waitress
from waitress.server import BaseWSGIServer

from shoptrack.db import Database
from shoptrack.db.migrations import check_migrations, log_leftovers
from shoptrack.errors import DomainError
from shoptrack.events import Serving
from shoptrack.server import memory, open_files, startup
from shoptrack.server.dispatcher import Dispatcher
from shoptrack.server.listener import SPARE_CONNECTIONS, Listener
from shoptrack.server.pending import PendingRequests
from shoptrack.server.settings import ComposeSettings, ServerSettings
from shoptrack.server.shutdown import GracefulShutdown
from shoptrack.settings import STARTUP_FAILED, Settings
from shoptrack.web.body_limit import BodyLimits
from shoptrack.web.https import warn_at_start
from shoptrack.web.request_path import MAX_APPLICATION_PATH_LENGTH, is_application_path
from shoptrack.web.uploads import PENDING_UPLOADS

DEFAULT_REQUEST_SECONDS = 60
DEFAULT_FIRST_BYTE_SECONDS = 10
DEFAULT_THREADS = 4  # as waitress
DEFAULT_CONNECTION_LIMIT = 4000  # waitress's default of 100 is less than a few browsers keep open

log = logging.getLogger(__name__)


def create_server(
    app,
    request_seconds: float = DEFAULT_REQUEST_SECONDS,
    first_byte_seconds: float = DEFAULT_FIRST_BYTE_SECONDS,
    connection_limit: str | int = DEFAULT_CONNECTION_LIMIT,
    **options: Any,
):
    """Return a listening server, which serves once its ``run()`` is called.

    :param app: ShopTrack's application
    :param request_seconds: deadline of a whole request
    :param first_byte_seconds: deadline of a connection's first byte
    :param options: waitress's
    """
    max_connections = int(connection_limit)
    sockets = options.setdefault("map", {})
    options.setdefault("asyncore_use_poll", True)  # select() handles no file descriptor above 1,023
    options.setdefault("cleanup_interval", 1)  # seconds between two checks for idle connections
    # Bodies stay in memory, where they are counted. Those of uploads have a buffer of their own.
    options.setdefault("inbuf_overflow", sys.maxsize)
    # The parser knows the limit of each path, and its error responses are the application's.
    options["max_request_body_size"] = sys.maxsize
    server = create_waitress(app, connection_limit=max_connections + SPARE_CONNECTIONS, **options)
    server.task_dispatcher = dispatcher = Dispatcher(server.task_dispatcher)
    settings = Settings.of(app.registry)
    pending = PendingRequests(
        BodyLimits.of(app.registry),
        settings.max_pending_size,
        settings.max_upload_size * PENDING_UPLOADS,
    )
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
    """Serve until SIGTERM or SIGINT: ``use = egg:shoptrack`` in the section ``[server:main]``.

    The process exits with an error if the database is not ready, or the address cannot be bound.

    :param app: ShopTrack's application
    :param options: waitress's
    """
    # The first process of a container ignores signals without a handler, so SIGTERM could not stop the wait below.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    settings = ServerSettings.of(app.registry)
    check_url_prefix(options.get("url_prefix", ""))
    memory.share_heap()
    # The other half of the threads can read while SQLite's writers wait for each other.
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
            f"Cannot listen at {where}: {error.strerror}. Choose another port with "
            "http_port=8123 after the .ini file, or with make serve PORT=8123."
        )
    if (
        server.adj.url_scheme != "https" and server.adj.trusted_proxy is None
    ):  # set in the .ini file
        warn_at_start(Settings.of(app.registry))
    app.registry.notify(Serving(app.registry, server.adj.threads))
    memory.keep_application()
    shutdown = GracefulShutdown(server, sockets, settings.leave_seconds, settings.finish_seconds)
    for listener in sockets.values():
        if isinstance(listener, BaseWSGIServer):
            log.info("Serving on %s port %s", listener.effective_host, listener.effective_port)
    shutdown.serve()
    return 0


def check_url_prefix(prefix: str) -> None:
    """Exit with an error unless waitress's ``url_prefix`` can be used in URLs and cookies without encoding."""
    path = prefix.strip().strip("/")  # as waitress does
    if path and not is_application_path(f"/{path}"):
        exit_with_error(
            f"url_prefix in the .ini file is {prefix!r}. It takes ASCII letters, digits, '.', '_', '~', '-' and "
            f"single slashes, at most {MAX_APPLICATION_PATH_LENGTH} characters, such as /shoptrack."
        )


def require_database(registry, seconds: float) -> None:
    """Wait for a migrated database. In debug mode, only log what is missing."""
    if not Settings.of(registry).debug:
        startup.wait_for_check(registry, check_migrations, seconds)
    elif problem := startup.find_problem(registry, check_migrations):
        log.warning(problem)
        return
    startup.warn_unless_writable(registry)
    log_leftovers(registry)


def exit_with_error(message: str) -> NoReturn:
    """Print an error and exit with status 1."""
    print(f"{STARTUP_FAILED} {message}", file=sys.stderr, flush=True)
    # pserve takes a SystemExit of the server for a regular end, and any other error for a crash.
    os._exit(1)


def includeme(config):
    """Read the server's settings."""
    config.add_settings_table(ServerSettings)
    config.add_settings_table(ComposeSettings)
