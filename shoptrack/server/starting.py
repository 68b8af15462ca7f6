"""How a server starts: once its database is there, and has the tables that it needs."""

import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from shoptrack.db import Database, check_writes
from shoptrack.db.diagnosis import ReadOnlyDatabase, format_error, is_damaged
from shoptrack.errors import DomainError
from shoptrack.migrations import MigrationError, NewerSchema
from shoptrack.settings.database_url import shown

AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


class NotReady(DomainError):
    """The database is not what the application needs, and did not become it in time."""


def wait(registry, check: Callable[[Any], None], seconds: float) -> None:
    """Return when a health check of the database passes; the log says what is waited for.

    :raises NotReady: it did not pass in so many seconds, or the database is damaged
    :raises NewerSchema: it never will
    """
    name = shown(Database.of(registry).url)
    end = time.monotonic() + seconds
    told = None
    while (amiss := what_is_amiss(registry, check)) is not None:
        if amiss != told:
            log.warning("Waiting for the database %s, at most %g seconds. %s", name, seconds, amiss)
            told = amiss
        if time.monotonic() >= end:
            raise NotReady(f"Waited {seconds:g} seconds for the database {name}. {amiss}")
        time.sleep(AGAIN_SECONDS)


def warn_unless_writable(registry) -> None:
    """Log that the database takes no changes, if it does not: what it holds can be read all the same."""
    try:
        check_writes(registry)
    except DBAPIError as error:
        log.warning("Changes are refused. %s", format_error(error))
    except ReadOnlyDatabase as error:
        log.warning("Changes are refused. %s", error)


def what_is_amiss(registry, check: Callable[[Any], None]) -> str | None:
    """Return why a check does not pass, ``None`` where it does.

    :raises NewerSchema: it never will
    :raises NotReady: it never will, as the database is damaged
    """
    try:
        check(registry)
    except NewerSchema:
        raise
    except MigrationError as error:
        return str(error)
    except DBAPIError as error:
        if is_damaged(error):
            name = shown(Database.of(registry).url)
            raise NotReady(f"The database {name} cannot be used: {format_error(error)}") from None
        if not isinstance(error, OperationalError):
            raise
        return f"It cannot be used: {format_error(error)}"
    return None
