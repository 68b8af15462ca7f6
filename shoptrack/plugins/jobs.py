"""The directive for jobs, with its checks."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from shoptrack.jobs.models import MAX_NAME_LENGTH
from shoptrack.jobs.runs import Job, JobRun, Jobs
from shoptrack.jobs.schedules import Daily, Every, Schedule
from shoptrack.plugins.actions import add_action, get_current_package
from shoptrack.settings import ConfigurationError, Settings

VALID_NAME = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*")
VALID_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
MIN_INTERVAL, MAX_INTERVAL = timedelta(seconds=1), timedelta(days=365)


def add_job(
    config,
    name: str,
    run: Callable[[JobRun], None],
    *,
    every: timedelta | None = None,
    at: str | None = None,
) -> None:
    """Have the worker run a job regularly: ``run`` gets a `shoptrack.jobs.JobRun`, and raises an error if it fails.

    ::

        def forget_old_wishes(run):
            with run.session() as db:
                db.execute(delete(Wish).where(Wish.wanted_by < get_today(run.registry)))

        config.add_job("wishlist.forget", forget_old_wishes, at="03:30")

    ``run.session()`` opens a session in a transaction, and ``run.registry`` is the application's. A job runs at most
    once at a time, in all processes together. A run that was missed or interrupted is made up for once, so a second run
    must do no harm. Two jobs with the same name are a configuration conflict.

    :param name: begins with the plugin's name; keep it stable, since it is the key of the job's state
    :param every: the interval between starts, from one second to 365 days
    :param at: the time of day in ``SHOPTRACK_TIME_ZONE``, as ``"03:30"``
    :raises ConfigurationError: the name or the schedule is invalid, or ``run`` is not callable
    """
    if not VALID_NAME.fullmatch(str(name)) or len(name) > MAX_NAME_LENGTH:
        raise ConfigurationError(
            f"A job cannot be called {name!r}: the name takes lowercase letters, digits, underscores, hyphens and "
            f"dots, begins with a letter, and has {MAX_NAME_LENGTH} characters at most, as 'wishlist.forget'."
        )
    if not callable(run):
        raise ConfigurationError(
            f"add_job({name!r}, …) needs a function that takes the run, and not {run!r}."
        )
    job = Job(name, run, _make_schedule(config, name, every, at), get_current_package(config))

    def register():
        Jobs.of(config.registry)[name] = job

    add_action(config, "jobs", name, register, job)


def _make_schedule(config, name: str, every: Any, at: Any) -> Schedule:
    if (every is None) == (at is None):
        raise ConfigurationError(
            f"add_job({name!r}, …) needs either every=timedelta(hours=1), for example, or at='03:30'."
        )
    if at is None:
        if not isinstance(every, timedelta) or not MIN_INTERVAL <= every <= MAX_INTERVAL:
            raise ConfigurationError(
                f"add_job({name!r}, every={every!r}) needs a timedelta from one second to 365 days, such as "
                "timedelta(hours=1)."
            )
        return Every(every)
    found = VALID_TIME.fullmatch(at) if isinstance(at, str) else None
    if found is None:
        raise ConfigurationError(
            f"add_job({name!r}, at={at!r}) needs a time of day with hours and minutes, from '00:00' to '23:59'."
        )
    return Daily(time(int(found[1]), int(found[2])), Settings.of(config.registry).time_zone)
