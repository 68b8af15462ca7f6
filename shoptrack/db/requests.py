"""The session and the reading connection of a request, and the end of its transaction."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.db.database import Database
from shoptrack.db.sessions import set_request

CONNECTIONS_KEY = "shoptrack.connections"
REQUEST_ENDED = (
    "This request has ended, and its connection went back to the pool. What is read while a response is sent is "
    "read by shoptrack.web.streams.stream, which hands out a connection of its own."
)


class RequestConnections:
    """The reading connections of a request. They return to the pool at the end of its response."""

    def __init__(self) -> None:
        self._connections: list[Connection] = []
        self._is_released = False

    def open(self, database: Database) -> Connection:
        """Open a connection.

        :raises RuntimeError: the response has ended
        """
        if self._is_released:
            raise RuntimeError(REQUEST_ENDED)
        connection = database.read_engine.connect()
        self._connections.append(connection)
        return connection

    def release(self) -> None:
        """Return the connections to the pool, and open no more."""
        self._is_released = True
        while self._connections:
            self._connections.pop().close()


def release_connections(environ: dict[str, Any]) -> None:
    """Return the connections of a request to the pool, once its response has ended."""
    connections = environ.get(CONNECTIONS_KEY)
    if connections is not None:
        connections.release()


def get_session(request) -> Session:
    """Return the request's session. It can write, and ends with the request's transaction."""
    session = Database.of(request.registry).session(request.tm)
    set_request(session, request)
    return session


def get_reader(request) -> Connection:
    """Return the request's reading connection, on which each statement is independent: there is no transaction.

    It returns to the pool at the end of the response; for a streamed response, that is the end of the body.

    :raises RuntimeError: the response has ended
    """
    connections = request.environ.get(CONNECTIONS_KEY)
    database = Database.of(request.registry)
    if connections is None:  # a request without a server, such as a script's
        connection = database.read_engine.connect()
        request.add_finished_callback(lambda request: connection.close())
        return connection
    connection = connections.open(database)
    # A failed request streams no body, and may be retried, which takes another connection.
    request.add_finished_callback(lambda request: request.exception and connection.close())
    return connection


def includeme(config):
    """Add ``request.db``, ``request.reader``, and a transaction that is retried."""
    settings = config.get_settings()
    settings.setdefault("tm.annotate_user", False)  # it would identify callers of public URLs
    settings.setdefault("tm.commit_veto", "pyramid_tm.default_commit_veto")
    settings.setdefault("tm.manager_hook", "pyramid_tm.explicit_manager")
    settings.setdefault("retry.attempts", 3)
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    config.add_request_method(get_session, "db", reify=True)
    config.add_request_method(get_reader, "reader", reify=True)
