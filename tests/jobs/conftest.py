import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from shoptrack.cli import Environment
from shoptrack.cli.jobs import jobs as jobs_command
from shoptrack.history import HistoryEntry
from shoptrack.jobs.models import JobState
from shoptrack.jobs.runs import Job, Jobs
from shoptrack.jobs.schedules import Every
from shoptrack.jobs.states import read_states
from shoptrack.testing import SECRET_KEY

from ..pserve import BIN, PRODUCTION, bare_environment
from ..server.conftest import PATIENCE, eventually

COMMAND = (BIN / "shoptrack", "--config", PRODUCTION, "jobs")
HOUR = Every(timedelta(hours=1))


@pytest.fixture
def add_job(app) -> Iterator[Callable[..., Job]]:
    """Return a function that adds a job to the test's application, as a plugin does."""
    known = dict(Jobs.of(app.registry))

    def add_job(run, name="test.job", schedule=HOUR) -> Job:
        Jobs.of(app.registry)[name] = job = Job(name, run, schedule, "test")
        return job

    yield add_job
    Jobs.of(app.registry).clear()
    Jobs.of(app.registry).update(known)


@pytest.fixture
def state(database):
    """Return a function that returns a job's state."""
    return lambda name="test.job": read_states(database)[name]


@pytest.fixture
def set_state(database):
    """Return a function that changes a job's stored state."""

    def set_state(name="test.job", **values) -> None:
        with database.session() as db, db.begin():
            state = db.get(JobState, name) or JobState(name=name, known_at=values["known_at"])
            for key, value in values.items():
                setattr(state, key, value)
            db.add(state)

    return set_state


@pytest.fixture
def entries(database):
    """Return a function that returns the history's entries of a kind of rows."""

    def entries(path="stores"):
        with Session(database.read_engine) as db:
            found = select(HistoryEntry).where(HistoryEntry.path == path)
            return list(db.scalars(found.order_by(HistoryEntry.id)))

    return entries


@pytest.fixture
def run(app, monkeypatch):
    """Return a function that runs ``shoptrack jobs``, and leaves the tests' logging alone."""
    monkeypatch.setattr("shoptrack.cli.jobs.setup_logging", lambda path: None)

    def run(*arguments, app=app):
        environment = Environment(str(PRODUCTION))
        environment.registry = app.registry
        return CliRunner().invoke(jobs_command, arguments, obj=environment)

    return run


class WorkerProcess:
    """``shoptrack jobs worker``, with the jobs of `household_jobs`, which do as files in a folder say."""

    process: subprocess.Popen | None = None

    def __init__(self, url: URL, folder: Path, number: int):
        self.folder = folder
        self.log = folder / f"log{number}"
        self._url = url.render_as_string(hide_password=False)

    def start(self, **variables: str) -> "WorkerProcess":
        with self.log.open("a") as log:
            options = {**self._get_options(**variables), "stdout": log, "stderr": log}
            self.process = subprocess.Popen([*COMMAND, "worker"], **options)
        return self

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run another of the commands."""
        options = self._get_options()
        return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, **options)

    def _get_options(self, **variables: str) -> dict[str, Any]:
        environ = bare_environment(
            DATABASE_URL=self._url,
            SHOPTRACK_SECRET_KEY=SECRET_KEY,
            SHOPTRACK_PLUGINS="shoptrack_auth shoptrack_admin shoptrack_reports household_jobs",
            JOBS_FOLDER=str(self.folder),
            PYTHONPATH=str(Path(__file__).parent),
            **variables,
        )
        return {"env": environ, "cwd": self.folder, "stdin": subprocess.DEVNULL}

    def said(self) -> str:
        return self.log.read_text()

    def until(self, condition: Callable[[], object]) -> None:
        def is_so() -> object:
            assert self.process.poll() is None, self.said()
            return condition()

        eventually(is_so, self.said)

    def until_it_says(self, pattern: str) -> None:
        self.until(lambda: re.search(pattern, self.said()))

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def worker(database, tmp_path) -> Iterator[Callable[[], WorkerProcess]]:
    """Return a function that makes a worker on the test's database, which is killed at the end."""
    made: list[WorkerProcess] = []

    def make() -> WorkerProcess:
        made.append(WorkerProcess(database.url, tmp_path, len(made)))
        return made[-1]

    yield make
    for process in made:
        process.close()
