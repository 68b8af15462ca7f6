"""The table of jobs' states."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, UtcDateTime

MAX_NAME_LENGTH = 100  # characters
# A worker that was killed keeps its lock for this long. The clocks of workers may differ by less.
LOCK_SECONDS = 60
LOCK = timedelta(seconds=LOCK_SECONDS)


class Outcome(StrEnum):
    """What became of a job's last run."""

    NONE = ""  # it never ran
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # the worker ended before the run did


class JobState(Base):
    """A job's last run, the number of its runs, and the lock of a run that has not ended.

    The lock is a row and no advisory lock: it works on both databases, and behind PgBouncer. It expires, and a run
    renews it.
    """

    __tablename__ = "job_states"
    # It is not backed up: a restored database has not run anything.
    __table_args__ = {"info": {"backup": False}}

    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), primary_key=True)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when a worker first knew the job
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20), default=Outcome.NONE)
    error: Mapped[str] = mapped_column(Text, default="")
    attempt: Mapped[int] = mapped_column(default=0)  # 2 makes up for an interrupted run
    successes: Mapped[int] = mapped_column(BigInteger, default=0)
    failures: Mapped[int] = mapped_column(BigInteger, default=0)  # interrupted runs, too
    token: Mapped[str | None] = mapped_column(String(32))  # of the run that has the lock
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def is_locked(self, now: datetime) -> bool:
        """Return whether a run has the lock."""
        return self.locked_until is not None and self.locked_until > now

    def get_outcome(self, now: datetime) -> Outcome:
        """Return the last run's outcome. A run whose lock has expired was interrupted."""
        if self.outcome == Outcome.RUNNING and not self.is_locked(now):
            return Outcome.INTERRUPTED
        return Outcome(self.outcome)
