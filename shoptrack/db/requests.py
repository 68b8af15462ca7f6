"""What a request has of the database, and when its transaction ends."""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.db.database import Database


def request_session(request) -> Session:
    """Return the request's session. It writes, and ends with the request's transaction."""
    return Database.of(request.registry).session(request.tm)


def request_reader(request) -> Connection:
    """Return the request's reading connection; each of its statements stands for itself."""
    connection = Database.of(request.registry).reads.connect()
    request.add_finished_callback(lambda request: connection.close())
    return connection


def includeme(config):
    """Give every request ``request.db`` and ``request.reader``, and a transaction that is tried again."""
    settings = config.get_settings()
    settings.setdefault("tm.annotate_user", False)  # it would identify callers of public addresses
    settings.setdefault("tm.commit_veto", "pyramid_tm.default_commit_veto")
    settings.setdefault("tm.manager_hook", "pyramid_tm.explicit_manager")
    settings.setdefault("retry.attempts", 3)
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    config.add_request_method(request_session, "db", reify=True)
    config.add_request_method(request_reader, "reader", reify=True)
