"""``shoptrack migrate`` and ``check``: what they say where the database cannot be used."""

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import Environment
from shoptrack.commands import check, migrate
from shoptrack.db import Database
from shoptrack.testing import build


@pytest.mark.parametrize("command", [migrate, check])
def test_a_file_that_is_no_database_is_a_sentence(tmp_path, command):
    path = tmp_path / "notes.txt"
    path.write_text("Nothing that SQLite could read. " * 100)
    app = build(URL.create("sqlite", database=str(path)))
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(command, obj=environment)
    Database.of(app.registry).dispose()
    assert result.exit_code == 1
    assert result.output == "Error: The database cannot be used: file is not a database\n"
