"""Deleting expired sessions and API tokens, and failed attempts that no longer count.

Each sign-in deletes a few sessions and attempts, also where no worker runs. The command and the job delete the rest.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from shoptrack.jobs import JobRun
from shoptrack_auth import api_tokens, sessions
from shoptrack_auth.throttle import Throttle

PURGE_BATCH_ROWS = 1000  # in one transaction, so that other writers do not wait for long

log = logging.getLogger(__name__)

OpenSession = Callable[[], AbstractContextManager[Session]]


def purge_all(open_session: OpenSession, throttle: Throttle) -> tuple[int, int, int]:
    """Delete all of them in batches, and return the numbers of sessions, of failed attempts and of API tokens.

    :param open_session: such as ``session`` of a command's environment or of a job's run
    """
    expired = _purge_in_batches(
        open_session, lambda db: sessions.purge_sessions(db, PURGE_BATCH_ROWS)
    )
    failures = _purge_in_batches(open_session, lambda db: throttle.purge(db, PURGE_BATCH_ROWS))
    tokens = _purge_in_batches(
        open_session, lambda db: api_tokens.purge_tokens(db, PURGE_BATCH_ROWS)
    )
    return expired, failures, tokens


def _purge_in_batches(open_session: OpenSession, purge: Callable[[Session], int]) -> int:
    count = 0
    while True:
        with open_session() as db:
            deleted = purge(db)
        count += deleted
        if deleted < PURGE_BATCH_ROWS:
            return count


def run_purge(run: JobRun) -> None:
    """Delete all of them, as a job."""
    counts = purge_all(run.session, Throttle.of(run.registry))
    log.info("Deleted %d expired sessions, %d failed attempts and %d expired API tokens", *counts)


def includeme(config):
    """Add the job."""
    config.add_job("auth.purge", run_purge, at="03:30")
