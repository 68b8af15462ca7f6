"""The commands of docs/design.md make revisions that follow the newest ones, and never a second of a number."""

import re
import shlex

import pytest

from .conftest import ROOT

COMMANDS = re.findall(
    r"^    (alembic .*)$", (ROOT / "docs" / "design.md").read_text(), re.MULTILINE
)
REVISIONS = {"shoptrack": "shoptrack/revisions", "auth": "shoptrack_auth/revisions"}


@pytest.fixture
def run(checkout):
    """Return a function that runs a command beside a database that is up to date."""

    def run(command: str):
        program, *arguments = shlex.split(command)
        return checkout.run(f".venv/bin/{program}", *arguments, SHOPTRACK_DEBUG="true")

    migrated = run("shoptrack migrate")
    assert migrated.returncode == 0, migrated.stderr
    return run


def test_a_new_revision_follows_the_newest(checkout, run):
    for command, (line, path) in zip(COMMANDS, REVISIONS.items(), strict=True):
        revisions = checkout.folder / path
        newest = max(file.name for file in revisions.glob(f"{line}_*.py"))[: len(f"{line}_0000")]
        following = f"{line}_{int(newest[-4:]) + 1:04}"
        done = run(command)
        assert done.returncode == 0, done.stderr
        (added,) = revisions.glob(f"{following}_add_*.py")
        assert f"revision = '{following}'\ndown_revision = '{newest}'" in added.read_text()


def test_a_number_that_is_taken_is_refused(checkout, run):
    before = sorted((checkout.folder / REVISIONS["shoptrack"]).glob("*.py"))
    done = run(f"{COMMANDS[0]} --rev-id shoptrack_0001")
    assert done.returncode != 0
    assert "There is a revision shoptrack_0001 already" in done.stderr + done.stdout
    assert sorted((checkout.folder / REVISIONS["shoptrack"]).glob("*.py")) == before
