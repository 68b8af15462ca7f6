"""Runs of jobs: their transactions, their lock, and what is kept of them."""

import sys
from datetime import timedelta
from threading import Event, Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import URL, func, select
from sqlalchemy.exc import DBAPIError
from webtest import TestApp

from shoptrack.catalog.models import Store
from shoptrack.catalog.resources import StoreResource
from shoptrack.db import Database, calendar_days
from shoptrack.errors import ValidationError
from shoptrack.jobs.models import LOCK, Outcome
from shoptrack.jobs.runs import JobFailed, LockLost, run_job
from shoptrack.jobs.states import Lock, get_due, register_jobs
from shoptrack.resources import Repository
from shoptrack.testing import make_test_app

from .conftest import HOUR, PATIENCE, eventually

KYOTO = {"name": "Coop", "location": "Kyoto"}


def create(run, db, **values):
    return Repository.of(run.registry, StoreResource).create(db, KYOTO | values)


@pytest.fixture
def count(database):
    """Return a function that counts the stores."""

    def count() -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Store))

    return count


def test_changes_are_in_the_history_with_the_job_as_their_source(app, add_job, entries, state):
    def work(run):
        with run.session() as db:
            create(run, db)

    assert run_job(app.registry, add_job(work)) is None
    (entry,) = entries()
    assert (entry.action, entry.label, entry.way, entry.job) == (
        "added",
        "Coop (Kyoto)",
        "job",
        "test.job",
    )
    assert (entry.user_id, entry.username, entry.address) == (None, "", "")
    assert (state().outcome, state().error, state().successes) == (Outcome.SUCCEEDED, "", 1)
    assert state().started_at <= state().ended_at == state().succeeded_at


def test_a_command_and_a_request_are_no_job(app, database, api, entries):
    api.post_json("/api/stores/", KYOTO, status=201)
    with database.session() as db, db.begin():
        Repository.of(app.registry, StoreResource).create(db, KYOTO | {"name": "Other"})
    assert [(entry.way, entry.job) for entry in entries()] == [("api", ""), ("command", "")]


def test_values_are_validated(app, add_job, run_job, count):
    def work(run):
        with run.session() as db:
            create(run, db, name="")

    add_job(work)
    with pytest.raises(ValidationError):
        run_job("test.job")
    assert count() == 0


def test_a_failure_rolls_its_session_back_and_is_stored_and_logged(
    app, add_job, state, count, entries, caplog
):
    def work(run):
        with run.session() as db:
            create(run, db, name="committed before")
        with run.session() as db:
            create(run, db)
            raise RuntimeError("no more paper")

    with pytest.raises(JobFailed, match=r"test.job failed. RuntimeError: no more paper"):
        run_job(app.registry, add_job(work))
    assert count() == len(entries()) == 1
    assert (state().outcome, state().error) == (Outcome.FAILED, "RuntimeError: no more paper")
    assert (state().successes, state().failures, state().succeeded_at) == (0, 1, None)
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.getMessage().startswith("Job test.job failed after ")
    assert "in work\n" in caplog.text


def test_a_job_that_exits_ends_no_worker(app, add_job, state):
    with pytest.raises(JobFailed):
        run_job(app.registry, add_job(lambda run: sys.exit(3)))
    assert (state().outcome, state().error) == (Outcome.FAILED, "SystemExit: 3")


def test_ctrl_c_is_an_interruption(app, add_job, state):
    def work(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(app.registry, add_job(work))
    assert state().outcome == Outcome.INTERRUPTED
    assert get_due(state(), HOUR, calendar_days.get_now()) <= calendar_days.get_now()


def test_an_error_of_the_database_reveals_no_values(app, add_job, state):
    def work(run):
        with run.session() as db:
            db.add(Store(name="secret", location=None))

    with pytest.raises(JobFailed):
        run_job(app.registry, add_job(work))
    assert state().error.startswith(("IntegrityError: ", "NotNullViolation: "))


def test_while_a_job_runs_another_run_is_refused(app, add_job, state):
    began, go = Event(), Event()

    def work(run):
        began.set()
        assert go.wait(PATIENCE)

    job = add_job(work)
    thread = Thread(target=run_job, args=(app.registry, job))
    thread.start()
    try:
        assert began.wait(PATIENCE)
        running = run_job(app.registry, job)
        assert running.outcome == Outcome.RUNNING
        assert running.locked_until > calendar_days.get_now()
        # A worker, too, which asks only whether it is due.
        assert run_job(app.registry, job, schedule=HOUR).token == running.token
    finally:
        go.set()
        thread.join()
    assert (state().outcome, state().successes) == (Outcome.SUCCEEDED, 1)
    assert (state().token, state().locked_until) == (None, None)


def test_of_many_that_find_a_job_due_one_runs_it(app, add_job, state):
    runs = []
    job = add_job(lambda run: runs.append(run))
    threads = [
        Thread(target=run_job, args=(app.registry, job), kwargs={"schedule": HOUR})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == state().successes == 1


def test_a_lock_is_renewed_while_a_job_runs(app, add_job, state, monkeypatch):
    monkeypatch.setattr("shoptrack.jobs.runs.RENEW_SECONDS", 0.01)
    found = []

    def work(run):
        first = state().locked_until
        eventually(lambda: state().locked_until > first, lambda: "It is not renewed.")
        found.append(True)

    run_job(app.registry, add_job(work))
    assert found == [True]


def test_a_run_that_lost_its_lock_commits_nothing(app, add_job, set_state, state, count):
    def work(run):
        # Its process was stopped for longer than the lock lasts, and another worker ran the job.
        set_state(locked_until=calendar_days.get_now() - LOCK)
        assert run_job(app.registry, add_job(lambda run: None)) is None
        with run.session() as db:
            create(run, db)

    with pytest.raises(JobFailed) as failed:
        run_job(app.registry, add_job(work))
    assert isinstance(failed.value.__cause__, LockLost)
    assert count() == 0
    assert (state().outcome, state().successes) == (Outcome.SUCCEEDED, 1)


def test_a_killed_run_keeps_its_lock_for_a_while_and_is_made_up_for_once(
    app, database, add_job, set_state, state
):
    lock = Lock(database, "test.job")
    assert lock.take(HOUR) is None  # and its worker is killed
    done = []
    job = add_job(done.append)
    assert run_job(app.registry, job, schedule=HOUR).token == lock.token
    set_state(locked_until=calendar_days.get_now() - timedelta(seconds=1))
    assert state().get_outcome(calendar_days.get_now()) == Outcome.INTERRUPTED
    assert run_job(app.registry, job, schedule=HOUR) is None
    assert len(done) == 1
    assert (state().outcome, state().successes, state().failures) == (Outcome.SUCCEEDED, 1, 1)


def test_a_job_that_kills_its_worker_twice_waits_for_its_next_time(database, set_state, state):
    past = calendar_days.get_now() - timedelta(seconds=1)
    for attempt in (1, 2):
        assert Lock(database, "test.job").take(HOUR) is None
        assert state().attempt == attempt
        set_state(locked_until=past)
    assert Lock(database, "test.job").take(HOUR) is not None
    set_state(started_at=past - timedelta(hours=1))
    assert Lock(database, "test.job").take(HOUR) is None
    assert state().attempt == 1


def test_a_job_runs_again_only_when_it_is_due(app, add_job, set_state):
    done = []
    job = add_job(done.append)
    assert run_job(app.registry, job, schedule=HOUR) is None
    assert run_job(app.registry, job, schedule=HOUR).outcome == Outcome.SUCCEEDED
    past = calendar_days.get_now() - timedelta(hours=1, seconds=1)
    set_state(started_at=past, ended_at=past)
    assert run_job(app.registry, job, schedule=HOUR) is None
    assert run_job(app.registry, job) is None  # somebody asked for it
    assert len(done) == 3


def test_what_a_worker_knows_stays_as_it_was(database, state):
    register_jobs(database, ["test.job"])
    known_at = state().known_at
    register_jobs(database, ["test.job", "test.other"])
    assert state().known_at == known_at <= state("test.other").known_at


def test_the_metrics_tell_of_all_runs(database, plugins, add_job, app):
    measured = make_test_app(
        database.url, plugins, shoptrack__metrics_token="a-token-for-prometheus"
    )
    client = TestApp(measured, lint=False)

    def read() -> dict:
        bearer = {"Authorization": "Bearer a-token-for-prometheus"}
        text = client.get("/metrics", headers=bearer).text
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    name = "auth.purge"
    assert read()["shoptrack_job_runs_total", name, "failed"] == 0
    assert run_job(app.registry, add_job(lambda run: None, name)) is None
    for _ in range(2):
        with pytest.raises(JobFailed):
            run_job(app.registry, add_job(lambda run: 1 / 0, name))
    found = read()
    assert found["shoptrack_job_runs_total", name, "succeeded"] == 1
    assert found["shoptrack_job_runs_total", name, "failed"] == 2
    succeeded = found["shoptrack_job_last_success_timestamp_seconds", name]
    assert 0 <= calendar_days.get_now().timestamp() - succeeded < PATIENCE
    Database.of(measured.registry).dispose()


@pytest.mark.database("sqlite")
def test_without_a_database_the_other_metrics_are_served(plugins, caplog):
    nowhere = URL.create("sqlite", database="/nowhere/never.sqlite3")
    app = make_test_app(nowhere, plugins, shoptrack__metrics_token="a-token-for-prometheus")
    bearer = {"Authorization": "Bearer a-token-for-prometheus"}
    text = TestApp(app, lint=False).get("/metrics", headers=bearer).text
    assert "shoptrack_info" in text
    assert "shoptrack_job_runs" not in text
    assert "Reading the metrics of jobs was refused" in caplog.text


def test_a_test_gets_the_jobs_own_error(run_job, add_job):
    add_job(lambda run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_job("test.job")
    with pytest.raises(
        LookupError, match=r"There is no job 'test\.other'\. There are: .*test\.job"
    ):
        run_job("test.other")


def test_a_lost_database_fails_no_test_of_its_own(app, add_job, database):
    def work(run):
        with run.session() as db:
            db.connection().exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(JobFailed) as failed:
        run_job(app.registry, add_job(work))
    assert isinstance(failed.value.__cause__, DBAPIError)
