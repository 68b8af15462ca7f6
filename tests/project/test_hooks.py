"""``make hooks``: git refuses a commit whose Python files have another style or format, as they are staged."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from .conftest import Checkout, borrow_environment, copy_project

GOOD, BAD = '"""A module."""\n\nX = 1\n', '"""A module."""\n\nX = ( 1)\n'
# Of nobody but these tests: neither hooks nor a name of whoever runs them.
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ken",
    "GIT_AUTHOR_EMAIL": "ken@example.com",
    "GIT_COMMITTER_NAME": "Ken",
    "GIT_COMMITTER_EMAIL": "ken@example.com",
}


class Repository:
    """A repository of the project's files, and what can be done to it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def try_git(self, *arguments: str) -> CompletedProcess:
        return Checkout(self.folder).run("git", *arguments, **GIT)

    def git(self, *arguments: str) -> str:
        done = self.try_git(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stage(self, text: str, name: str = "shoptrack/more.py") -> None:
        (self.folder / name).write_text(text)
        self.git("add", name)

    def commit(self) -> CompletedProcess:
        return self.try_git("commit", "--message=More")

    def make_hooks(self) -> CompletedProcess:
        return Checkout(self.folder).run("make", "hooks", **GIT)


@pytest.fixture(scope="module")
def all_files(tmp_path_factory) -> Repository:
    folder = tmp_path_factory.mktemp("hooks") / "checkout"
    copy_project(folder)
    repository = Repository(folder)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message=All")
    repository.git("tag", "all")
    return repository


@pytest.fixture
def repository(all_files) -> Iterator[Repository]:
    yield all_files
    (all_files.folder / ".git" / "hooks" / "pre-commit").unlink(missing_ok=True)
    all_files.try_git("config", "--unset", "core.hooksPath")
    all_files.git("reset", "--quiet", "--hard", "all")


@pytest.fixture
def hooked(repository) -> Repository:
    done = repository.make_hooks()
    assert done.returncode == 0, done.stderr
    return repository


def test_a_commit_is_refused_until_its_files_are_formatted(hooked):
    hooked.stage(BAD)
    refused = hooked.commit()
    assert refused.returncode != 0
    assert "shoptrack/more.py" in refused.stderr
    assert "Run make format" in refused.stderr
    assert hooked.git("show", ":shoptrack/more.py") == BAD
    hooked.stage(GOOD)
    assert hooked.commit().returncode == 0


def test_what_is_staged_counts_and_not_what_lies_in_the_folder(hooked):
    file = hooked.folder / "shoptrack" / "more.py"
    hooked.stage(BAD)
    file.write_text(GOOD)
    assert hooked.commit().returncode != 0
    hooked.stage(GOOD)
    file.write_text(BAD)
    assert hooked.commit().returncode == 0
    assert file.read_text() == BAD


def test_style_is_checked_with_the_projects_rules(hooked):
    hooked.stage('"""Tests."""\n\nimport os\n', "tests/core/test_more.py")
    assert "F401" in hooked.commit().stderr
    ours_among_others = "import pytest\n\nfrom shoptrack.db import Base\n\nUSED = pytest, Base\n"
    hooked.stage(ours_among_others, "tests/core/test_more.py")
    hooked.stage("not(checked", "shoptrack/revisions/more.py")
    done = hooked.commit()
    assert done.returncode == 0, done.stderr


def test_a_worktree_has_it_too(hooked, tmp_path):
    hooked.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    other = Repository(tmp_path / "other")
    other.stage(BAD)
    assert other.commit().returncode != 0
    other.stage(GOOD)
    assert other.commit().returncode == 0
    borrow_environment(other.folder / ".venv")
    assert str(hooked.folder / ".git" / "hooks") in other.make_hooks().stdout


def test_without_ruff_it_says_what_to_do(hooked):
    programs = hooked.folder / ".venv" / "bin"
    hooked.stage(GOOD)
    target = programs.readlink()
    programs.unlink()
    refused = hooked.commit()
    programs.symlink_to(target)
    assert refused.returncode != 0
    assert "Run make install" in refused.stderr


def test_a_hook_that_is_there_stays(repository):
    hook = repository.folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\n")
    done = repository.make_hooks()
    assert done.returncode != 0
    assert f"{hook} is there already" in done.stderr
    assert hook.read_text() == "#!/bin/sh\n"


def test_the_hooks_of_other_repositories_stay(repository, tmp_path):
    repository.git("config", "core.hooksPath", str(tmp_path / "everybodys"))
    done = repository.make_hooks()
    assert done.returncode != 0
    assert "core.hooksPath" in done.stderr
    assert not (tmp_path / "everybodys").exists()


def test_a_folder_of_hooks_in_the_repository_is_used(repository):
    repository.git("config", "core.hooksPath", ".hooks")
    for _again in range(2):
        assert repository.make_hooks().returncode == 0
    repository.stage(BAD)
    assert repository.commit().returncode != 0
