"""``shoptrack openapi``, which writes the document without a server."""

import json

import pytest
import yaml
from click.testing import CliRunner

from shoptrack.cli.openapi import openapi
from shoptrack.openapi.spec import ApiSpec

pytestmark = pytest.mark.database("sqlite")


class Environment:
    """What the command needs of the command line."""

    def __init__(self, registry):
        self.registry = registry


@pytest.fixture
def run(app):
    """Return a function that runs the command."""
    return lambda *arguments: CliRunner().invoke(
        openapi, [str(argument) for argument in arguments], obj=Environment(app.registry)
    )


def test_the_document_is_written_to_the_terminal(run, app):
    documents = app.registry[ApiSpec]
    assert yaml.safe_load(run().stdout) == documents.openapi
    assert json.loads(run("--format", "json").stdout) == documents.openapi
    assert json.loads(run("--format", "swagger2").stdout) == documents.swagger


def test_the_document_is_the_one_that_is_served(run, client):
    assert run().stdout_bytes == client.get("/api/schema/").body


def test_the_document_is_written_into_a_file(run, app, tmp_path):
    file = tmp_path / "openapi.json"
    answer = run("--format", "json", "--output", file)
    assert answer.stdout == ""
    assert answer.stderr == f"{file} is written.\n"
    assert json.loads(file.read_bytes()) == app.registry[ApiSpec].openapi


def test_a_file_that_cannot_be_written_is_named(run, tmp_path):
    answer = run("--output", tmp_path / "nowhere" / "openapi.yaml")
    assert answer.exit_code == 1
    assert "nowhere/openapi.yaml cannot be written: No such file or directory" in answer.stderr


def test_a_format_that_nobody_knows_is_refused(run):
    answer = run("--format", "xml")
    assert answer.exit_code == 2
    assert "'yaml', 'json', 'swagger2'" in answer.stderr
