"""``shoptrack migrate`` and ``check``: what they say where the database cannot be used."""

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import Environment, main
from shoptrack.cli.commands import check, migrate
from shoptrack.db import Database
from shoptrack.testing import make_test_app


@pytest.mark.parametrize("command", [migrate, check])
def test_a_file_that_is_no_database_is_a_sentence(tmp_path, command):
    path = tmp_path / "notes.txt"
    path.write_text("Nothing that SQLite could read. " * 100)
    app = make_test_app(URL.create("sqlite", database=str(path)))
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(command, obj=environment)
    Database.of(app.registry).dispose()
    assert result.exit_code == 1
    assert result.output == (
        f"Error: The database cannot be used: file is not a database ({path} is no SQLite file, or its header is "
        "damaged. Stop ShopTrack, put the file aside and restore a backup, or name another file.)\n"
    )


def test_a_command_that_cannot_be_loaded_says_so_and_stops_no_other(installed):
    installed("acme-wishes", entry_points="[shoptrack.commands]\nwish = wishes_nowhere:wish\n")
    reason = (
        "cannot be loaded from acme-wishes: ModuleNotFoundError: No module named 'wishes_nowhere'"
    )
    result = CliRunner().invoke(main, ["wish", "--whatever", "x"])
    assert result.exit_code == 1
    assert reason in result.output
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert "migrate" in shown.output
    assert CliRunner().invoke(main, ["secret-key"]).exit_code == 0


def test_a_command_that_two_distributions_bring_is_a_sentence(installed):
    for name in ("one-side", "other-side"):
        module = name.replace("-", "_")
        installed(name, entry_points=f"[shoptrack.commands]\nwish = {module}:wish\n")
    result = CliRunner().invoke(main, ["secret-key"])
    assert result.exit_code == 1
    assert "Error: The name 'wish' is used twice" in result.output
