"""Running a job: its lock, its transactions, and what becomes of it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Any

import transaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shoptrack.db import Database
from shoptrack.db.sessions import set_job
from shoptrack.errors import DomainError
from shoptrack.jobs.models import LOCK_SECONDS, JobState, Outcome
from shoptrack.jobs.schedules import Schedule
from shoptrack.jobs.states import Lock

RENEW_SECONDS = LOCK_SECONDS / 4  # three may fail until the lock expires

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job raised an error, which is the cause of this one. It is logged and stored."""


class LockLost(DomainError):
    """The run was taken for interrupted, and another may have begun. Its changes are rolled back."""


@dataclass(frozen=True)
class Job:
    """Work that a worker does regularly.

    :param name: begins with the plugin's name, as in ``wishlist.remind``
    :param run: the work, called with a `JobRun`
    :param package: the plugin, or the core
    """

    name: str
    run: "Callable[[JobRun], None]"
    schedule: Schedule
    package: str


class Jobs(dict[str, Job]):
    """The jobs of one application, by name."""

    @classmethod
    def of(cls, registry: Any) -> "Jobs":
        """Return the application's jobs."""
        return registry.setdefault(cls, cls())


class JobRun:
    """What a job works with: the application, and sessions, as commands have them.

    :ivar name: the job's
    :ivar registry: the application's
    """

    def __init__(self, registry: Any, lock: Lock):
        self.name = lock.name
        self.registry = registry
        self._lock = lock

    @property
    def database(self) -> Database:
        """Return the application's database."""
        return Database.of(self.registry)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session in a transaction, which commits at the end of the block; an error rolls all of it back.

        ::

            with run.session() as db:
                wishes.create(db, {"product": 7})

        Changes through a `Repository` are validated, and the history names the job as their source. A job may open
        several sessions, one after the other, so that no transaction is long.

        :raises LockLost: at the end of the block, if another run may have begun; nothing is committed then
        """
        manager = transaction.TransactionManager(explicit=True)
        with manager:
            db = self.database.session(manager)
            set_job(db, self.name)
            yield db
            db.flush()
            # In the same transaction, so that a run that lost its lock commits nothing.
            if not self._lock.renew(db):
                raise LockLost(
                    f"This run of {self.name} was taken for interrupted, and another may have begun. "
                    "Its changes were rolled back."
                )


def run_job(
    registry: Any, job: Job, lock: Lock | None = None, schedule: Schedule | None = None
) -> JobState | None:
    """Run a job, unless another run has not ended.

    :param lock: a new one by default
    :param schedule: run the job only if it is due by this schedule
    :returns: the state that prevents the run, ``None`` after a run
    :raises JobFailed: from the job's own error, which is logged and stored
    """
    lock = lock or Lock(Database.of(registry), job.name)
    prevented = lock.take(schedule)
    if prevented is None:
        _run(registry, job, lock)
    return prevented


def _run(registry: Any, job: Job, lock: Lock) -> None:
    log.info("Job %s started", job.name)
    started = monotonic()
    try:
        with _keep(lock, Database.of(registry)):
            job.run(JobRun(registry, lock))
    except (Exception, SystemExit) as error:
        log.exception("Job %s failed after %.1f s", job.name, monotonic() - started)
        _release(lock, Outcome.FAILED, format_error(error))
        raise JobFailed(f"{job.name} failed. {format_error(error)}") from error
    except BaseException:
        _release(lock, Outcome.INTERRUPTED)
        raise
    log.info("Job %s succeeded after %.1f s", job.name, monotonic() - started)
    _release(lock, Outcome.SUCCEEDED)


def format_error(error: BaseException) -> str:
    """Return an error as a line; the log has its traceback."""
    reason = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(reason).__name__}: {reason}".strip().rstrip(":")


def _release(lock: Lock, outcome: Outcome, error: str = "") -> None:
    if not lock.release(outcome, error):
        log.warning("Job %s lost its lock before it ended: another run may have begun", lock.name)


@contextmanager
def _keep(lock: Lock, database: Database) -> Iterator[None]:
    """Renew the lock in a thread until the end of the block."""
    is_over = Event()

    def renew() -> None:
        while not is_over.wait(RENEW_SECONDS):
            try:
                with database.engine.begin() as connection:
                    lock.renew(connection)
            except Exception as error:
                # On SQLite a long transaction of the job itself may be in the way. It renews the lock at its end, and
                # no other worker can take the lock before.
                log.warning(
                    "The lock of job %s was not renewed: %s", lock.name, format_error(error)
                )

    thread = Thread(target=renew, name=f"lock of {lock.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
