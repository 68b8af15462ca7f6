"""The script that replaces replicas, with a docker that only notes what it is told to do."""

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, bare_environment

DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    "compose up "*) [ -z "$SICK" ] ;;
    "compose config --services") printf '%s\\n' migrate $SERVICES ;;
    "compose ps --quiet backend") printf '%s\\n' $RUNNING ;;
    "compose ps --all --quiet backend") printf '%s\\n' $RUNNING new1 new2 ;;
esac
"""


@pytest.fixture
def update(tmp_path):
    """Return a function that runs the script, and returns its exit code and what docker was told."""
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)

    def run(
        *arguments: str, running: str = "old1 old2", sick: str = "", services: str = "backend jobs"
    ) -> tuple[int, list[str]]:
        calls = Path(tmp_path, "calls")
        environ = bare_environment(
            PATH=f"{tmp_path}:{os.environ['PATH']}",
            CALLS=str(calls),
            RUNNING=running,
            SICK=sick,
            SERVICES=services,
            SETTLE_SECONDS="0",
        )
        script = str(ROOT / "deploy" / "rolling-update")
        done = subprocess.run([script, *arguments], env=environ, capture_output=True, timeout=120)
        return done.returncode, calls.read_text().splitlines()

    return run


def test_new_replicas_are_healthy_before_the_old_ones_end_one_by_one(update):
    code, calls = update()
    assert code == 0
    assert [call for call in calls if not call.startswith(("compose ps", "compose config"))] == [
        "compose pull --quiet backend",
        "compose run --rm migrate",
        "compose up --detach --wait --no-deps --no-recreate --scale backend=4 backend",
        "stop old1",
        "rm old1",
        "stop old2",
        "rm old2",
        "compose up --detach --no-deps jobs",
    ]


def test_a_file_without_jobs_is_updated_as_well(update):
    code, calls = update(services="backend")
    assert code == 0
    assert "compose up --detach --no-deps jobs" not in calls


def test_new_replicas_that_are_not_healthy_are_removed_and_the_old_ones_go_on(update):
    code, calls = update("--no-pull", sick="yes")
    assert code == 1
    assert calls[-1] == "rm --force new1 new2"
    assert not [call for call in calls if call.startswith(("stop", "compose pull"))]


def test_where_nothing_runs_nothing_is_started(update):
    code, calls = update(running="")
    assert code == 1
    assert calls[-1] == "compose ps --quiet backend"
