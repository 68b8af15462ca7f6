"""Every command of every document is tried: as it stands, or by another test, and where by none, the reason is told."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import webtest
from sqlalchemy import URL

from shoptrack.cli import main
from shoptrack.db import Database
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack.testing.postgresql_server import own_server
from shoptrack_auth.groups import make_group_key

from .conftest import POSTGRESQL_BIN, ROOT, bare_environment
from .doc_commands import COMMANDS, DOCUMENTS, PASSWORD, POSTGRESQL, READ, ROWS, SQL
from .test_security import missing

PLUGINS = ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")
COMMAND_SERVER = ROOT / "tests" / "project" / "command_server.py"
INLINE = re.compile(r"(?<!`)`(?:\.venv/bin/)?(shoptrack [a-z][^`]*)`(?!`)")
# What the examples of docs/auth.md take for granted.
GROUP, SESSIONS = "Parents", range(12, 16)


def run_script(script: str, folder: Path, **environ: str) -> None:
    """Run commands in one shell, which stops at the first that fails, and say which that was."""
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=folder,
        env=make_environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def make_environment(**environ: str) -> dict[str, str]:
    path = f"{Path(sys.prefix, 'bin')}:{POSTGRESQL_BIN}:{os.environ['PATH']}"
    return bare_environment(PATH=path, PROJECT=str(ROOT), **environ)


@pytest.fixture(scope="session")
def run_commands() -> Iterator[Callable[[str, Path], None]]:
    """Return a function that runs a script whose shoptrack commands a server runs, in debug mode."""
    with tempfile.TemporaryDirectory() as folder:  # a socket's path is short
        path = f"{folder}/socket"
        server = subprocess.Popen(
            [sys.executable, COMMAND_SERVER, "serve", path],
            cwd=folder,
            env=make_environment(SHOPTRACK_DEBUG="true"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,  # without a terminal, passwords are read from the standard input
        )
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        call = shlex.join([sys.executable, "-IS", str(COMMAND_SERVER), "call", path])

        def run_commands(script: str, folder: Path) -> None:
            function = f'shoptrack() {{ {call} "$@"; }}'
            run_script(f"{function}\n{script}", folder, SHOPTRACK_DEBUG="true")

        try:
            yield run_commands
        finally:
            server.kill()
            server.communicate()


@pytest.fixture(scope="session")
def household(once, run_commands) -> Path:
    """Make a folder with a database in it, whose user has signed in some times."""

    def fill(folder: Path) -> None:
        url = URL.create("sqlite", database=str(folder / "shoptrack.sqlite3"))
        app = make_test_app(url, PLUGINS)
        upgrade_database(app)
        run_commands(
            f"shoptrack createuser --username ken --password-stdin <<< '{PASSWORD}'", folder
        )
        with Database.of(app.registry).engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO shoptrack_auth_groups (name, name_key) VALUES (?, ?)",
                (GROUP, make_group_key(GROUP)),
            )
            connection.exec_driver_sql(
                "INSERT INTO sqlite_sequence (name, seq) VALUES "
                f"('shoptrack_auth_sign_ins', {SESSIONS[0] - 1})"
            )
        client = webtest.TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        for _session in SESSIONS:
            client.post_json("/api/auth/token/", {"username": "ken", "password": PASSWORD})
        Database.of(app.registry).dispose()
        shutil.copy(ROOT / ".env_example", folder)

    return once("household", fill)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_line_in_a_block_is_a_command_or_something_that_is_known(document):
    _commands, unknown = READ[document]
    assert unknown == [], "Say in tests/project/doc_commands.py what these lines are."


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if any(c.script for c in READ[d][0])])
def test_the_commands_of_a_document_run(document, household, run_commands, tmp_path):
    folder = tmp_path / "household"
    shutil.copytree(household, folder)
    run_commands("\n".join(command.script for command in READ[document][0]), folder)


def test_commands_are_found():
    assert len(COMMANDS) > 100
    assert sum(bool(command.script) for command in COMMANDS) > 40


def test_no_row_is_left_over():
    used = {command.row for command in COMMANDS}
    assert [row[:2] for row in ROWS if row not in used] == []


def test_the_tests_that_rows_name_are_there():
    named = {row[2].test for row in ROWS if row[2].test}
    assert missing([f"`{test}`" for test in named]) == []


@pytest.mark.parametrize("document", [*DOCUMENTS, "README.md"])
def test_commands_and_options_within_sentences_exist(document):
    for text in INLINE.findall((ROOT / document).read_text().replace("\n", " ")):
        command: click.Command = main
        context = click.Context(main)
        for word in shlex.split(text.replace("…", ""))[1:]:
            if isinstance(command, click.Group) and not word.startswith("-"):
                found = command.get_command(context, word)
                assert found, text
                command = found
            elif word.startswith("--") and command.name != "devserver":
                options = {option for parameter in command.params for option in parameter.opts}
                assert word.partition("=")[0] in options | {"--help"}, text


@pytest.mark.database("postgresql")
def test_what_postgresql_is_told_is_taken(tmp_path):
    script = []
    for command in COMMANDS:
        if not command.row or command.row[2] != POSTGRESQL:
            continue
        text = command.text.removeprefix("sudo -u postgres ")
        if text.startswith(SQL):
            text = f"psql --quiet -v ON_ERROR_STOP=1 --command {shlex.quote(text)}"
        elif "--pwprompt" in text:
            text = f"printf 'secret\\nsecret\\n' | {text}"
        script.append(text)
    with own_server() as url:
        environ = {"PGHOST": str(url.query["host"]), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        run_script("\n".join(script), tmp_path, DATABASE_URL="postgresql:///shoptrack", **environ)
    assert (tmp_path / "before-shoptrack.dump").stat().st_size > 0
