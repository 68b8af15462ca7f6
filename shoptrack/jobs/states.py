"""Reading and writing the states of jobs: who may run, what became of it, and when it runs next."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.db import Database, calendar_days
from shoptrack.jobs.models import LOCK, JobState, Outcome
from shoptrack.jobs.schedules import Schedule

MAX_ERROR_LENGTH = 2000  # characters
MAX_ATTEMPTS = 2  # of a run whose worker ended: a job that kills its worker may not do so for ever
# An instant that is later than this from now was written by a wrong clock.
CLOCK_TOLERANCE = timedelta(hours=1)

States = dict[str, JobState]


def register_jobs(database: Database, names: Collection[str]) -> None:
    """Store the jobs that are new, with the current time."""
    known = read_states(database).keys()
    for name in sorted(set(names) - known):
        try:
            with database.engine.begin() as connection:
                connection.execute(
                    insert(JobState).values(name=name, known_at=calendar_days.get_now())
                )
        except IntegrityError:  # another worker was faster
            continue


def read_states(database: Database) -> States:
    """Return the states of all jobs that were ever known, by name."""
    with Session(database.read_engine) as db:
        return {state.name: state for state in db.scalars(select(JobState))}


def get_due(state: JobState | None, schedule: Schedule, now: datetime) -> datetime:
    """Return when a job is due, which is in the past if a run was missed.

    :param state: ``None`` if no worker knows the job yet
    """
    if state is None:
        return schedule.get_first(now)
    latest = state.ended_at or state.started_at or state.known_at
    if latest > now + CLOCK_TOLERANCE:
        return now
    if state.started_at is None:
        return schedule.get_first(state.known_at)
    if state.get_outcome(now) == Outcome.INTERRUPTED and state.attempt < MAX_ATTEMPTS:
        return min(now, state.locked_until or now)
    return schedule.get_next(state.started_at, state.ended_at or state.started_at)


class Lock:
    """The lock of a job: at most one run at a time has it, in all processes.

    :ivar token: of the run that has it
    :ivar is_taken: whether the run has begun
    """

    def __init__(self, database: Database, name: str):
        self._database = database
        self.name = name
        self.token = secrets.token_hex(16)
        self.is_taken = False

    def take(self, schedule: Schedule | None = None) -> JobState | None:
        """Take the lock for a run, unless another run has it.

        :param schedule: take it only if the job is due by this schedule
        :returns: the state that prevents the run; ``None`` if the lock was taken
        """
        register_jobs(self._database, [self.name])
        now = calendar_days.get_now()
        with self._database.session() as db, db.begin():
            state = db.get_one(JobState, self.name, with_for_update=True)
            if state.is_locked(now) or (schedule and get_due(state, schedule, now) > now):
                return state
            was_interrupted = state.get_outcome(now) == Outcome.INTERRUPTED
            if state.outcome == Outcome.RUNNING:
                state.failures += 1  # nobody counted it: its worker was killed
            state.attempt = state.attempt % MAX_ATTEMPTS + 1 if was_interrupted else 1
            state.token, state.locked_until = self.token, now + LOCK
            state.started_at, state.ended_at = now, None
            state.outcome, state.error = Outcome.RUNNING, ""
        self.is_taken = True
        return None

    def renew(self, connection: Connection | Session) -> bool:
        """Extend the lock, and return whether the run still has it."""
        return _is_changed(
            connection, self._update.values(locked_until=calendar_days.get_now() + LOCK)
        )

    def release(self, outcome: Outcome, error: str = "") -> bool:
        """Store the outcome of the run, and return whether the run still had the lock."""
        now = calendar_days.get_now()
        values: dict[str, Any] = {"successes": JobState.successes + 1, "succeeded_at": now}
        if outcome != Outcome.SUCCEEDED:
            values = {"failures": JobState.failures + 1}
        statement = self._update.values(
            ended_at=now,
            outcome=outcome,
            error=error[:MAX_ERROR_LENGTH],
            token=None,
            locked_until=None,
            **values,
        )
        with self._database.engine.begin() as connection:
            return _is_changed(connection, statement)

    @property
    def _update(self) -> Update:
        return update(JobState).where(JobState.name == self.name, JobState.token == self.token)


def _is_changed(connection: Connection | Session, statement: Update) -> bool:
    statement = statement.returning(JobState.name)
    options = {"synchronize_session": False}
    return connection.execute(statement, execution_options=options).one_or_none() is not None
