"""The jobs that ShopTrack brings: they delete what the commands delete, by the same functions."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select

from shoptrack.cli import Environment
from shoptrack.cli.history import history
from shoptrack.db import calendar_days
from shoptrack.history import HistoryEntry
from shoptrack.jobs.runs import Jobs
from shoptrack.jobs.runs import run_job as run_job_of
from shoptrack_auth.models import FailedAttempt, User, UserSession

DAY = timedelta(days=1)


@pytest.fixture
def count(database):
    def count(model) -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(model))

    return count


def test_expired_sessions_and_old_failures_are_deleted(database, run_job, count, user, caplog):
    caplog.set_level("INFO")
    now = calendar_days.get_now()
    attempt = {"kind": "token", "address": "192.0.2.7"}
    session = {"user_id": user.id, "password_version": 1, "created_at": now, "last_used_at": now}
    with database.engine.begin() as connection:
        connection.execute(insert(FailedAttempt), [{**attempt, "at": now - DAY}] * 2100)
        connection.execute(insert(FailedAttempt).values(**attempt, at=now))
        for expires_at in (now - DAY, now + DAY):
            connection.execute(insert(UserSession).values(**session, expires_at=expires_at))
    run_job("auth.purge")
    assert (count(UserSession), count(FailedAttempt), count(User)) == (1, 1, 1)
    assert (
        "Deleted 1 expired sessions, 2100 failed attempts and 0 expired API tokens" in caplog.text
    )
    run_job("auth.purge")
    assert "Deleted 0 expired sessions, 0 failed attempts and 0 expired API tokens" in caplog.text


@pytest.fixture
def old_entries(database, app):
    """Write an entry of a day ago, and one of ten."""
    with database.engine.begin() as connection:
        for days in (1, 10):
            at = calendar_days.get_now() - days * DAY
            connection.execute(insert(HistoryEntry).values(action="added", label=str(days), at=at))


def test_old_entries_are_deleted_if_a_setting_says_so(old_entries, build_app, count):
    assert "history.purge" not in Jobs.of(build_app().registry)
    app = build_app(shoptrack__history_days="5")
    job = Jobs.of(app.registry)["history.purge"]
    for _ in range(2):
        assert run_job_of(app.registry, job) is None
        assert count(HistoryEntry) == 1


def test_the_command_deletes_the_same(old_entries, app, count):
    environment = Environment(None)
    environment.registry = app.registry
    for expected in (1, 0):
        result = CliRunner().invoke(history, ["purge", "--older-than", "5"], obj=environment)
        assert result.output == f"Entries deleted: {expected}.\n"
    assert count(HistoryEntry) == 1
