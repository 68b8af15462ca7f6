"""Failures of what plugins add to a page. The rest of the page is shown."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Otherwise = TypeVar("Otherwise")


def run_part(
    request, about: str, run: Callable[[], Result], otherwise: Otherwise
) -> Result | Otherwise:
    """Return the result of a plugin's function, or a default if it fails.

    The failure is logged with its traceback. Statements on ``request.reader`` are independent of each other. Those on
    ``request.db`` are undone, so that a failed one does not break the page's transaction.

    :param about: the subject of the log message, such as "The panel 'wishes'"
    :raises Exception: another attempt at the request may succeed, or the database connection is lost
    """
    release, undo = _open_savepoint(request)
    try:
        result = run()
        release()
    except Exception as error:
        if is_of_request(request, error):
            raise
        undo()
        log.error("%s of %s %s failed", about, request.method, request.path, exc_info=error)
        return otherwise
    return result


def is_of_request(request, error: Exception) -> bool:
    """Return whether an error concerns the whole request, which may be attempted again."""
    is_disconnect = isinstance(error, DBAPIError) and error.connection_invalidated
    return is_disconnect or request.tm.get().isRetryableError(error)


def _open_savepoint(request) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Return the functions that release a savepoint and that roll back to it."""
    if "db" in request.__dict__:
        nested = request.db.begin_nested()
        return nested.commit, nested.rollback
    # Without a session, a savepoint in the database would open one. Rolling back to this one drops a session that
    # was opened since.
    savepoint = request.tm.savepoint(optimistic=True)

    def undo() -> None:
        savepoint.rollback()
        request.__dict__.pop("db", None)

    return (lambda: None), undo
