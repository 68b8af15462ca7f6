"""Workers as processes of their own: upon real signals, and several at once."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Store
from shoptrack.db import calendar_days
from shoptrack.jobs.models import Outcome
from shoptrack.jobs.schedules import Daily
from shoptrack.jobs.worker import Worker

from .conftest import PATIENCE, eventually

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path):
    """Return the folder in which the jobs write, with the lines of a file of it."""

    def read(name: str) -> list[str]:
        path = tmp_path / name
        return path.read_text().split() if path.exists() else []

    return read


@pytest.fixture
def count(database):
    def count() -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Store))

    return count


def test_a_worker_runs_a_job_twice_and_ends_by_sigterm(
    worker, tmp_path, folder, state, entries, count
):
    (tmp_path / "tick.on").touch()
    running = worker().start()
    running.until(lambda: len(folder("ticks")) >= 2)
    assert running.end() == 0
    assert re.search(r"Job household\.tick runs every second, next \d{4}-", running.said())
    assert "Job household.tick succeeded after " in running.said()
    assert running.said().rstrip().endswith("Worker stopped")
    ticked = state("household.tick")
    assert (ticked.outcome, ticked.token) == (Outcome.SUCCEEDED, None)
    assert ticked.successes == count() == len(folder("ticks"))
    assert {(entry.way, entry.job) for entry in entries()} == {("job", "household.tick")}


def test_it_looks_at_the_clock_each_minute(app, add_job):
    # Of a machine that slept, only the clock says for how long.
    in_half_a_day = (calendar_days.get_now() + DAY / 2).time()
    add_job(print, schedule=Daily(in_half_a_day, ZoneInfo("UTC")))
    worker = Worker(app.registry, finish_seconds=PATIENCE)
    worker._start()
    try:
        waits = [
            job.next_run_time - calendar_days.get_now() for job in worker._scheduler.get_jobs()
        ]
        assert (
            timedelta() < min(wait for wait in waits if wait > timedelta()) <= timedelta(minutes=1)
        )
    finally:
        worker._stop()


def test_of_two_workers_one_runs_a_job(worker, tmp_path, folder, state, count):
    (tmp_path / "wait.on").touch()
    first, second = worker().start(), worker().start()
    for one in (first, second):
        one.until_it_says("Worker started with")
    first.until(lambda: folder("waiting"))
    # The second found the job locked, or done.
    (tmp_path / "go").touch()
    first.until(lambda: folder("waited"))
    assert {first.end(), second.end()} == {0}
    assert len(folder("waiting")) == len(folder("waited")) == count() == 1
    assert state("household.wait").successes == 1


def test_a_worker_that_ends_waits_for_its_job(worker, tmp_path, folder, state, count):
    (tmp_path / "wait.on").touch()
    running = worker().start(SHOPTRACK_FINISH_SECONDS=str(PATIENCE))
    running.until(lambda: folder("waiting"))
    running.process.terminate()
    running.until_it_says(f"Worker stops within {PATIENCE} seconds")
    assert running.process.poll() is None
    (tmp_path / "go").touch()
    assert running.process.wait(PATIENCE) == 0
    assert (state("household.wait").outcome, count()) == (Outcome.SUCCEEDED, 1)


def test_what_does_not_end_in_time_is_rolled_back_and_made_up_for(
    worker, tmp_path, folder, state, count, database, set_state
):
    (tmp_path / "wait.on").touch()
    running = worker().start(SHOPTRACK_FINISH_SECONDS="0.2")
    running.until(lambda: folder("waiting"))
    assert running.end() == 0
    assert "Job household.wait was interrupted: it took too long to end" in running.said()
    assert count() == 0
    if database.is_sqlite:  # the job's own transaction had locked the file
        assert state("household.wait").outcome == Outcome.RUNNING
        set_state("household.wait", locked_until=calendar_days.get_now())
    assert state("household.wait").get_outcome(calendar_days.get_now()) == Outcome.INTERRUPTED
    (tmp_path / "go").touch()
    other = worker().start()
    other.until(lambda: folder("waited"))
    assert other.end() == 0
    assert (state("household.wait").outcome, count()) == (Outcome.SUCCEEDED, 1)


def test_a_killed_workers_lock_expires(worker, tmp_path, folder, state, count, set_state):
    (tmp_path / "wait.on").touch()
    killed = worker().start()
    killed.until(lambda: folder("waiting"))
    killed.close()
    token = state("household.wait").token
    assert token is not None
    other = worker().start()
    other.until_it_says("Worker started")
    assert state("household.wait").token == token
    assert other.end() == 0
    set_state("household.wait", locked_until=calendar_days.get_now())
    (tmp_path / "go").touch()
    third = worker().start()
    third.until(lambda: folder("waited"))
    assert third.end() == 0
    assert (len(folder("waiting")), count()) == (2, 1)
    assert (state("household.wait").successes, state("household.wait").failures) == (1, 1)


def test_a_run_that_was_missed_is_made_up_for_once(worker, state, set_state):
    known = calendar_days.get_now() - 3 * DAY
    set_state("auth.purge", known_at=known, started_at=known, ended_at=known, outcome="succeeded")
    running = worker().start()
    running.until_it_says("Job auth.purge succeeded")
    assert running.end() == 0
    assert state("auth.purge").successes == 1
    assert running.said().count("Job auth.purge started") == 1


def test_a_worker_waits_for_its_database_and_for_the_migrations(
    worker, tmp_path, create_database, database
):
    running = worker()
    running._url = create_database("sqlite").render_as_string(hide_password=False)
    running.start(SHOPTRACK_START_SECONDS="3")
    assert running.process.wait(PATIENCE) == 1
    assert "Not up to date" in running.said()
    assert "shoptrack migrate" in running.said()


def test_a_second_signal_ends_at_once(worker, tmp_path, folder):
    (tmp_path / "wait.on").touch()
    running = worker().start(SHOPTRACK_FINISH_SECONDS=str(10 * PATIENCE))
    running.until(lambda: folder("waiting"))
    running.process.terminate()
    running.until_it_says("Worker stops within")
    running.process.terminate()
    assert running.process.wait(PATIENCE) == 128 + 15


@pytest.mark.database("postgresql")
def test_a_worker_outlives_a_database_that_is_gone_for_a_while(worker, tmp_path, folder, database):
    (tmp_path / "tick.on").touch()
    running = worker().start()
    running.until(lambda: folder("ticks"))
    before = len(folder("ticks"))
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    eventually(lambda: len(folder("ticks")) > before, running.said)
    assert running.end() == 0
