"""The command, run in an empty folder."""

import pytest
from click.testing import CliRunner, Result

from shoptrack.cli.new_plugin.commands import new_plugin


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **options) -> Result:
        return CliRunner().invoke(new_plugin, arguments, **options)

    return run
