"""The worker: a process that runs jobs when they are due, on APScheduler.

Each worker plans every job for the time when it is due, and asks the database then: only the worker that gets the job's
lock runs it. So there may be any number of workers, and each restart goes on where the last one stopped.
"""

import logging
import os
import signal
from datetime import UTC, datetime, timedelta
from threading import Condition, Event, Thread
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import OperationalError

from shoptrack.db import Database, calendar_days
from shoptrack.jobs.models import Outcome
from shoptrack.jobs.runs import Job, JobFailed, Jobs, format_error, run_job
from shoptrack.jobs.states import Lock, get_due, read_states, register_jobs

MAX_JOBS_AT_ONCE = 4
RELEASE_SECONDS = 1
CLOCK_SECONDS = 60
RETRY = timedelta(seconds=5)  # after the database could not be reached

log = logging.getLogger(__name__)


class Worker:
    """Runs the jobs of an application until a signal.

    :param finish_seconds: time limit of running jobs after the signal
    """

    def __init__(self, registry: Any, finish_seconds: float):
        # Its lines would say of each run what the lines of `shoptrack.jobs` say.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._registry = registry
        self._jobs = Jobs.of(registry)
        self._finish_seconds = finish_seconds
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(MAX_JOBS_AT_ONCE)},
            # A late job still runs. The database's lock alone decides about overlaps: a job is planned anew before its
            # own call has returned, which APScheduler would count as one.
            job_defaults={"misfire_grace_time": None, "max_instances": 1000},
        )
        self._is_stopping = Event()
        self._ended = Condition()
        self._locks: dict[str, Lock] = {}  # of this process, by job

    def run(self) -> None:
        """Run jobs, and return after SIGTERM or SIGINT. Call it in the main thread, which alone receives signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle_signal)
        self._start()
        self._is_stopping.wait()
        self._stop()

    def _handle_signal(self, number: int, frame: object) -> None:
        if self._is_stopping.is_set():
            os._exit(128 + number)  # the exit status by which shells report a signal
        self._is_stopping.set()

    def _start(self) -> None:
        database = Database.of(self._registry)
        register_jobs(database, self._jobs)
        states = read_states(database)
        now = calendar_days.get_now()
        for job in self._jobs.values():
            due = get_due(states[job.name], job.schedule, now)
            log.info("Job %s runs %s, next %s", job.name, job.schedule.describe(), _format(due))
            self._plan_at(job, due)
        # Its timer stands still while the machine sleeps. So it looks at the clock each minute.
        self._scheduler.add_job(_do_nothing, "interval", seconds=CLOCK_SECONDS)
        self._scheduler.start()
        log.info("Worker started with %d jobs", len(self._jobs))

    def _stop(self) -> None:
        self._scheduler.shutdown(wait=False)
        log.info("Worker stops within %g seconds", self._finish_seconds)
        with self._ended:
            self._ended.wait_for(lambda: not self._get_running(), self._finish_seconds)
            running, is_idle = self._get_running(), not self._locks
        for lock in running:
            log.warning("Job %s was interrupted: it took too long to end", lock.name)
            self._release(lock)
        log.info("Worker stopped")
        if not is_idle:
            # A thread cannot be ended. Its transaction is rolled back when its connection is closed.
            logging.shutdown()
            os._exit(0)

    def _get_running(self) -> list[Lock]:
        return [lock for lock in self._locks.values() if lock.is_taken]

    def _release(self, lock: Lock) -> None:
        """Release the lock of an interrupted run, so that another worker makes up for it at once.

        SQLite's file may be locked by the run itself, and no command waits less than until it is free. Then the lock
        expires.
        """
        thread = Thread(target=lock.release, args=(Outcome.INTERRUPTED,), daemon=True)
        thread.start()
        thread.join(RELEASE_SECONDS)

    def _plan_at(self, job: Job, at: datetime) -> None:
        self._scheduler.add_job(
            self._attempt, "date", run_date=at, args=[job], id=job.name, replace_existing=True
        )

    def _attempt(self, job: Job) -> None:
        """Run a job if it is due, and plan its next run, whatever happens."""
        lock = Lock(Database.of(self._registry), job.name)
        with self._ended:
            if self._is_stopping.is_set():
                return
            self._locks[job.name] = lock
        try:
            at = self._run(job, lock)
        except Exception as error:
            # An unreachable database has a sentence of its own; everything else is a mistake in ShopTrack.
            trace = None if isinstance(error, OperationalError) else error
            log.error("Job %s cannot run now: %s", job.name, format_error(error), exc_info=trace)
            at = calendar_days.get_now() + RETRY
        with self._ended:
            del self._locks[job.name]
            self._ended.notify_all()
        if not self._is_stopping.is_set():
            self._plan_at(job, at)

    def _run(self, job: Job, lock: Lock) -> datetime:
        """Run a job if it is due, and return when to try the next time."""
        try:
            prevented = run_job(self._registry, job, lock, job.schedule)
        except JobFailed:  # logged already
            prevented = None
        now = calendar_days.get_now()
        if prevented and prevented.is_locked(now):
            log.info(
                "Job %s is not run: the run since %s has not ended",
                job.name,
                _format(prevented.started_at),
            )
            assert prevented.locked_until is not None
            return prevented.locked_until
        states = read_states(Database.of(self._registry))
        return get_due(states.get(job.name), job.schedule, now)


def _do_nothing() -> None:
    """Wake the scheduler, which then runs what is due."""


def _format(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"
