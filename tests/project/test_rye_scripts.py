"""rye itself cannot be installed from a package registry, so each script's command is run as the table gives it."""

import shlex
import tomllib

import pytest

from .conftest import ROOT, free_port

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SCRIPTS = PROJECT["tool"]["rye"]["scripts"]


def command(name: str, *arguments: str) -> list[str]:
    """Return a script's command, from the environment's folder as rye finds it."""
    program, *rest = shlex.split(SCRIPTS[name])
    return [f".venv/bin/{program}", *rest, *arguments]


def test_migrate_then_createsuperuser(checkout):
    migrated = checkout.run(*command("migrate"))
    assert migrated.returncode == 0, migrated.stderr
    assert (checkout.folder / "shoptrack.sqlite3").exists()
    options = ("--noinput", "--username", "ken", "--email", "ken@example.com")
    made = checkout.run(
        *command("createsuperuser", *options), SHOPTRACK_SUPERUSER_PASSWORD="a long one"
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout == "The superuser ken was made.\n"


def test_devserver(serve):
    port = free_port()
    serve(*command("devserver", f"http_port={port}"), port=port)


def test_test(checkout):
    done = checkout.run(*command("test", "tests/core/test_plugins.py", "-k", "short_name"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_have_hashes_and_no_addresses(lock):
    text = (ROOT / lock).read_text()
    assert text.count("--hash=sha256:") > 40
    assert "http" not in text
    assert "file:" not in text


def test_django_is_for_tests_alone():
    needed = [(ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")]
    assert ["\ndjango==" in text for text in needed] == [False, True]


def test_rye_gets_the_same_development_requirements():
    assert PROJECT["tool"]["rye"]["dev-dependencies"] == PROJECT["dependency-groups"]["dev"]
