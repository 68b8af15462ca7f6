"""How a server starts: once its database is there, and has the tables that it needs."""

import logging
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from shoptrack.db import Database, check_writes
from shoptrack.db.diagnosis import ReadOnlyDatabase, format_error, is_damaged
from shoptrack.db.migrations import MigrationError, NewerSchema
from shoptrack.errors import DomainError
from shoptrack.settings import format_url

RETRY_SECONDS = 0.5
NO_ANSWER = "It does not answer."

log = logging.getLogger(__name__)


class DatabaseNotReady(DomainError):
    """The database is not what the application needs, and did not become it in time."""


def wait_for_check(registry, check: Callable[[Any], None], seconds: float) -> None:
    """Return when a health check of the database passes; the log says what is waited for.

    :param seconds: 0 for a single try, which takes as long as it takes
    :raises DatabaseNotReady: it did not pass in so many seconds, or the database is damaged
    :raises NewerSchema: it never will
    :raises UnfitDatabase: nor will it
    """
    name = format_url(Database.of(registry).url)
    end = time.monotonic() + seconds
    told = amiss = None
    while True:
        left = end - time.monotonic()
        late = False
        try:
            amiss = _try(registry, check, left if seconds else None)
        except Empty:
            # Whatever it waits for: a connection to each of a host's addresses, a name, a statement.
            late = True
            amiss = amiss or NO_ANSWER
        if amiss is None:
            return
        if amiss != told:
            log.warning("Waiting for the database %s, at most %g seconds. %s", name, seconds, amiss)
            told = amiss
        left = end - time.monotonic()
        if late or left <= 0:
            raise DatabaseNotReady(f"Waited {seconds:g} seconds for the database {name}. {amiss}")
        time.sleep(min(RETRY_SECONDS, left))


def _try(registry, check: Callable[[Any], None], seconds: float | None) -> str | None:
    """Return what `find_problem` does, from a thread of its own that nobody waits for longer than this.

    :raises Empty: it took longer; the thread goes on, and the process may end without it
    """
    results: SimpleQueue[str | Exception | None] = SimpleQueue()

    def run() -> None:
        try:
            results.put(find_problem(registry, check))
        except Exception as error:  # raised where it is waited for
            results.put(error)

    Thread(target=run, daemon=True).start()
    result = results.get(timeout=seconds if seconds is None else max(0.0, seconds))
    if isinstance(result, Exception):
        raise result
    return result


def warn_unless_writable(registry) -> None:
    """Log that the database takes no changes, if it does not: what it holds can be read all the same."""
    try:
        check_writes(registry)
    except DBAPIError as error:
        log.warning("Changes are refused. %s", format_error(error))
    except ReadOnlyDatabase as error:
        log.warning("Changes are refused. %s", error)


def find_problem(registry, check: Callable[[Any], None]) -> str | None:
    """Return why a check does not pass, ``None`` where it does.

    :raises NewerSchema: it never will
    :raises DatabaseNotReady: it never will, as the database is damaged
    :raises UnfitDatabase: nor will it
    """
    try:
        check(registry)
    except NewerSchema:
        raise
    except MigrationError as error:
        return str(error)
    except DBAPIError as error:
        if is_damaged(error):
            name = format_url(Database.of(registry).url)
            raise DatabaseNotReady(
                f"The database {name} cannot be used: {format_error(error)}"
            ) from None
        if not isinstance(error, OperationalError):
            raise
        return f"It cannot be used: {format_error(error)}"
    return None
