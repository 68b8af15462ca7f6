"""What rye reads. It cannot be installed from a package registry, so each script's command is looked for instead."""

import shlex
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from shoptrack.cli import main

from .conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SCRIPTS = PROJECT["tool"]["rye"]["scripts"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_a_command_of_the_environment(name):
    program, *arguments = shlex.split(SCRIPTS[name])
    assert Path(sys.prefix, "bin", program).exists()
    if program == "shoptrack":
        done = CliRunner().invoke(main, [*arguments, "--help"])
        assert done.exit_code == 0, done.output


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
