"""When a job runs: at an interval, or once a day.

APScheduler's triggers know nothing of the last run of another process, and its cron trigger fires three times where the
clock shows an hour twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Protocol
from zoneinfo import ZoneInfo


class Schedule(Protocol):
    """When a job runs."""

    def get_first(self, known_at: datetime) -> datetime:
        """Return when a job runs that never ran.

        :param known_at: when a worker first knew the job
        """

    def get_next(self, started_at: datetime, ended_at: datetime) -> datetime:
        """Return when a job runs after its last run. Runs that were due during that one are skipped."""

    def describe(self) -> str:
        """Return the schedule in words."""


@dataclass(frozen=True)
class Every:
    """At an interval, from start to start. The first run is at once."""

    interval: timedelta

    def get_first(self, known_at: datetime) -> datetime:
        return known_at

    def get_next(self, started_at: datetime, ended_at: datetime) -> datetime:
        intervals = max(1, ceil((ended_at - started_at) / self.interval))
        return started_at + intervals * self.interval

    def describe(self) -> str:
        seconds = int(self.interval.total_seconds())
        parts = []
        for noun, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
            count, seconds = divmod(seconds, size)
            if count:
                parts.append(f"{count} {noun}" if count == 1 else f"{count} {noun}s")
        words = " ".join(parts)
        # "every hour", but "every 1 hour 30 minutes"
        return f"every {words.removeprefix('1 ') if len(parts) == 1 else words}"


@dataclass(frozen=True)
class Daily:
    """Once a day, at a time of the household's clock.

    Where the clock skips that time, the job runs an hour later by the clock. Where the clock shows it twice, it runs
    the first time.
    """

    at: time
    zone: ZoneInfo

    def get_first(self, known_at: datetime) -> datetime:
        return self._get_after(known_at)

    def get_next(self, started_at: datetime, ended_at: datetime) -> datetime:
        return self._get_after(max(started_at, ended_at))

    def describe(self) -> str:
        return f"every day at {self.at:%H:%M} ({self.zone.key})"

    def _get_after(self, instant: datetime) -> datetime:
        # From the day before: a zone that skips a day moves its instant to the day after.
        day = instant.astimezone(self.zone).date() - timedelta(days=1)
        while True:
            # Of a time that is skipped or comes twice, `fold=0` is the reading before the change.
            found = datetime.combine(day, self.at, self.zone).astimezone(UTC)
            if found > instant:
                return found
            day += timedelta(days=1)
