"""Startup: the server waits for a reachable, migrated database."""

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
    """The database did not become ready in time, or is damaged."""


def wait_for_check(registry, check: Callable[[Any], None], seconds: float) -> None:
    """Wait until a health check of the database passes, and log the reason for waiting.

    :param seconds: time limit; 0 for a single attempt without a limit
    :raises DatabaseNotReady: the check did not pass in time, or the database is damaged
    :raises NewerSchema: waiting is pointless
    :raises UnfitDatabase: waiting is pointless
    """
    name = format_url(Database.of(registry).url)
    end = time.monotonic() + seconds
    logged = problem = None
    while True:
        left = end - time.monotonic()
        late = False
        try:
            problem = _try(registry, check, left if seconds else None)
        except Empty:
            late = True
            problem = problem or NO_ANSWER
        if problem is None:
            return
        if problem != logged:
            log.warning(
                "Waiting for the database %s, at most %g seconds. %s", name, seconds, problem
            )
            logged = problem
        left = end - time.monotonic()
        if late or left <= 0:
            raise DatabaseNotReady(f"Waited {seconds:g} seconds for the database {name}. {problem}")
        time.sleep(min(RETRY_SECONDS, left))


def _try(registry, check: Callable[[Any], None], seconds: float | None) -> str | None:
    """Run `find_problem` in a thread, and wait for it no longer than this.

    :raises Empty: it took longer; the thread continues, and does not keep the process alive
    """
    results: SimpleQueue[str | Exception | None] = SimpleQueue()

    def run() -> None:
        try:
            results.put(find_problem(registry, check))
        except Exception as error:  # raised by the waiting thread
            results.put(error)

    Thread(target=run, daemon=True).start()
    result = results.get(timeout=seconds if seconds is None else max(0.0, seconds))
    if isinstance(result, Exception):
        raise result
    return result


def warn_unless_writable(registry) -> None:
    """Log a warning if the database is read-only. Reads are served nevertheless."""
    try:
        check_writes(registry)
    except DBAPIError as error:
        log.warning("Changes are refused. %s", format_error(error))
    except ReadOnlyDatabase as error:
        log.warning("Changes are refused. %s", error)


def find_problem(registry, check: Callable[[Any], None]) -> str | None:
    """Return why a check fails, ``None`` if it passes.

    :raises NewerSchema: waiting is pointless
    :raises DatabaseNotReady: the database is damaged
    :raises UnfitDatabase: waiting is pointless
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
