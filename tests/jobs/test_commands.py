"""``shoptrack jobs``: what it lists, and running one job by hand."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shoptrack.jobs.models import Outcome
from shoptrack.jobs.runs import Jobs
from shoptrack.jobs.schedules import Daily
from shoptrack.testing import upgrade_database

NOW = "2028-02-29T12:00:00Z"
ZONE = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def only_jobs(app, add_job):
    """Take away the application's own jobs until the test ends."""
    Jobs.of(app.registry).clear()


def at(hour: int, minute: int = 0, day: int = 29) -> datetime:
    return datetime(2028, 2, day, hour, minute, tzinfo=UTC)


def test_jobs_are_listed_with_their_last_and_next_run(
    run, only_jobs, add_job, set_state, stop_clock
):
    stop_clock(NOW)
    add_job(print, "a.new")
    add_job(print, "b.daily", Daily(time(3, 30), ZONE))
    add_job(print, "c.running")
    add_job(print, "d.interrupted")
    common = {"known_at": at(0), "outcome": "succeeded", "attempt": 1}
    set_state(
        "b.daily",
        **common
        | {
            "started_at": at(11, 58),
            "ended_at": at(11, 59),
            "outcome": "failed",
            "error": "ValueError: too much",
        },
    )
    set_state(
        "c.running",
        **common | {"started_at": at(11, 30), "outcome": "running", "locked_until": at(12, 1)},
    )
    set_state(
        "d.interrupted",
        **common | {"started_at": at(11, 40), "outcome": "running", "locked_until": at(11, 58)},
    )
    expected = """\
JOB            PLUGIN  SCHEDULE                         LAST RUN             OUTCOME      NEXT RUN
a.new          test    every hour                       never                -            at once
b.daily        test    every day at 03:30 (Asia/Tokyo)  2028-02-29 20:58:00  failed       2028-03-01 03:30:00
c.running      test    every hour                       2028-02-29 20:30:00  running      after this run
d.interrupted  test    every hour                       2028-02-29 20:40:00  interrupted  at once

b.daily: ValueError: too much
"""
    assert run().output == run("list").output == expected


def test_that_no_worker_runs_is_said(run, only_jobs, add_job, set_state, stop_clock):
    stop_clock(NOW)
    add_job(print)
    set_state(known_at=at(0), started_at=at(10), ended_at=at(10), outcome="succeeded", attempt=1)
    assert run().output.endswith(
        "\nJobs are overdue. No worker seems to run. Start one: shoptrack jobs worker\n"
    )


def test_without_jobs_there_is_a_sentence(run, only_jobs):
    assert run().output == "There are no jobs. Plugins add them.\n"


def test_a_job_is_run_by_hand(run, add_job, state):
    done = []
    add_job(done.append)
    result = run("run", "test.job")
    assert (result.exit_code, result.output) == (0, "test.job succeeded.\n")
    assert (len(done), state().outcome) == (1, Outcome.SUCCEEDED)


def test_a_failure_ends_the_command_with_1(run, add_job):
    add_job(lambda run: 1 / 0)
    result = run("run", "test.job")
    assert result.exit_code == 1
    assert result.output.endswith("Error: test.job failed. ZeroDivisionError: division by zero\n")


def test_a_job_that_runs_is_not_run(run, add_job, set_state, stop_clock):
    stop_clock(NOW)
    add_job(print)
    set_state(
        known_at=at(0), started_at=at(11), outcome="running", locked_until=at(12, 1), token="x"
    )
    result = run("run", "test.job")
    assert result.exit_code == 1
    assert "test.job was not run: the run since 2028-02-29 20:00:00 has not ended." in result.output


def test_an_unknown_job_is_named_with_those_that_there_are(run, add_job):
    add_job(print)
    result = run("run", "test.jbo")
    assert result.exit_code == 2
    assert (
        "There is no job 'test.jbo'. Did you mean test.job? There are: admin.uploads, auth.purge, "
        "idempotency.purge, test.job." in result.output
    )


def test_a_database_that_is_behind_is_named(run, build_app, new_database):
    app = build_app(url=new_database())
    for arguments in ((), ("run", "auth.purge")):
        result = run(*arguments, app=app)
        assert result.exit_code == 1
        assert "Run: shoptrack migrate" in result.output
    upgrade_database(app)
    assert run(app=app).exit_code == 0


def test_a_failure_is_logged_with_its_traceback(database, tmp_path, worker):
    (tmp_path / "fail.on").touch()
    done = worker().run("run", "household.fail")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "ERROR shoptrack.jobs.runs [-] Job household.fail failed after " in done.stderr
    assert "household_jobs.py" in done.stderr
    assert done.stderr.endswith("Error: household.fail failed. OSError: no more paper\n")
