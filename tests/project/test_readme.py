"""The README's commands are run, and its transcripts compared with what they print."""

import os
import re
import sqlite3
import subprocess
import tomllib
from pathlib import Path
from urllib.request import urlopen

import pytest
from click import Context
from click.testing import CliRunner

from shoptrack.cli import main
from shoptrack.server.settings import ServerSettings
from shoptrack.settings import Settings
from shoptrack_auth.settings import AuthSettings, ThrottleSettings
from shoptrack_reports.settings import ReportSettings

from ..pserve import free_port
from .conftest import ROOT, Checkout, bare_environment

README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
QUICK_START, TOUR, USERS, POSTGRESQL = "Quick start", "The API", "Users", "PostgreSQL"
PRODUCTION, MOVING = "A server of your own", "Moving from the Django backend"
OLD_BACKEND = ROOT / "tests" / "django_import" / "old_backend"


def blocks(section: str, kind: str = "console") -> list[str]:
    """Return the blocks of a section, of whatever level."""
    text = re.split(rf"^##+ {section}\n", README, maxsplit=1, flags=re.MULTILINE)[1]
    text = re.split(r"^##+ ", text, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def replay(transcript: str, folder: Path, env: dict[str, str]) -> None:
    """Run the commands of a transcript in one shell, and compare what each prints."""
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)
    mark = "--- next ---"
    script = "\n".join(f"{command}\necho '{mark}'" for command, _ in steps)
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
    )
    printed = done.stdout.split(f"{mark}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    for (command, expected), said in zip(steps, printed, strict=False):
        if expected:
            assert (command, said) == (command, expected)


def address(url) -> str:
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


def the_password(checkout: Checkout) -> str:
    printed = re.search(r"'admin' with the password '(.+)'", checkout.log.read_text())
    assert printed, checkout.log.read_text()
    return printed[1]


def take_the_tour(checkout: Checkout, port: int, **env: str) -> None:
    transcript = "".join(blocks(TOUR))
    transcript = transcript.replace(":8000/", f":{port}/")
    transcript = transcript.replace("PASSWORD=…", f"PASSWORD='{the_password(checkout)}'")
    replay(transcript, checkout.folder, bare_environment(**env))


def test_the_quick_start_works_as_it_stands(serve):
    assert blocks(QUICK_START)[0] == "$ make serve\n"
    port = free_port()
    checkout = serve("make", "serve", f"PORT={port}", port=port)
    assert f"http://localhost:{port}/api/" in checkout.log.read_text()
    take_the_tour(checkout, port)


@pytest.mark.database("postgresql")
def test_the_quick_start_works_on_postgresql(serve, checkout, new_database):
    url = address(new_database())
    export, migrate, make_serve = blocks(POSTGRESQL)[0].splitlines()
    assert export.startswith("$ export DATABASE_URL=postgresql://")
    assert make_serve == "$ make serve"
    port = free_port()

    unasked = checkout.run("make", "serve", f"PORT={port}", DATABASE_URL=url)
    assert unasked.returncode != 0
    assert "only the default SQLite file is changed unasked" in unasked.stderr

    replay(f"{migrate}\n", checkout.folder, bare_environment(DATABASE_URL=url))
    serve("make", "serve", f"PORT={port}", port=port, DATABASE_URL=url)


def test_the_demo_fills_another_database(checkout):
    *before, make_serve = blocks(QUICK_START)[-1].splitlines(keepends=True)
    assert make_serve == "$ make serve\n"
    replay("".join(before), checkout.folder, bare_environment())
    with sqlite3.connect(checkout.folder / "demo.sqlite3") as demo:
        assert demo.execute("SELECT count(*) FROM shopping_records").fetchone()[0] > 1000


def test_production_works_as_it_stands(serve, checkout):
    *before, pserve = blocks(PRODUCTION)[0].splitlines(keepends=True)
    assert pserve == "$ .venv/bin/pserve production.ini\n"
    keep_key = '$ echo "SHOPTRACK_SECRET_KEY=$SHOPTRACK_SECRET_KEY" > .env\n'
    replay("".join(before) + keep_key, checkout.folder, bare_environment())
    port = free_port()
    serve(".venv/bin/pserve", "production.ini", f"http_port={port}", port=port)
    with urlopen(f"http://127.0.0.1:{port}/api/") as answer:
        request_id = answer.headers["X-Request-ID"]
    line = rf"INFO shoptrack.access \[{request_id}\] GET /api/ 200 [\d.]+ ms user - from 127.0.0.1"
    assert re.search(line, checkout.log.read_text()), checkout.log.read_text()


def test_users_are_made_and_get_other_passwords_as_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in os.environ.keys() - bare_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/shop.sqlite3")
    (lines,) = blocks(USERS, "sh")
    commands = [line.split("#")[0].split()[1:] for line in lines.splitlines()]
    for command in (["migrate"], *commands):
        options = [] if command == ["migrate"] else ["--password-stdin"]
        if command == ["createsuperuser"]:
            options += ["--username", "aya"]  # or it would be asked for
        arguments = ["--config", str(ROOT / "development.ini"), *command, *options]
        done = CliRunner().invoke(main, arguments, input="correct horse battery staple")
        assert done.exit_code == 0, done.output


def test_moving_works_as_it_stands(checkout):
    file = ("ENGINE=django.db.backends.sqlite3", "NAME=db.sqlite3")
    made = checkout.run(".venv/bin/python", str(OLD_BACKEND), "60", *file)
    assert made.returncode == 0, made.stderr
    (transcript,) = blocks(MOVING)
    replay(transcript, checkout.folder, bare_environment())


def test_every_block_of_commands_is_run_above():
    titles_and_texts = re.split(r"^##+ (.+)\n", README, flags=re.MULTILINE)[1:]
    found = {
        (title, kind): text.count(f"```{kind}\n")
        for title, text in zip(titles_and_texts[::2], titles_and_texts[1::2], strict=True)
        for kind in re.findall(r"^ *```(\w+)\n", text, re.MULTILINE)
    }
    docker = {("Docker", "sh"): 1}  # which needs one
    assert found == docker | {
        (QUICK_START, "console"): 2,
        (TOUR, "console"): len(blocks(TOUR)),
        (USERS, "sh"): 1,
        (POSTGRESQL, "console"): 1,
        (PRODUCTION, "console"): 1,
        (MOVING, "console"): 1,
    }
    assert not re.search(r"\n\n    \S", README)


def test_every_setting_is_in_the_table():
    named = set(re.findall(r"`(_?[A-Z_]+)`", SETTINGS))
    parts = {f"SHOPTRACK_DB{name}" for name in named if name.startswith("_")}
    for settings in (
        Settings,
        AuthSettings,
        ThrottleSettings,
        ReportSettings,
        ServerSettings,
    ):
        assert set(settings.get_variable_names()) <= named | parts


def test_the_settings_of_the_readme_are_told_alike_in_the_table():
    table = [line for line in README.splitlines() if re.match(r"\| `(SHOPTRACK_|DATABASE_)", line)]
    assert len(table) > 5
    assert set(table) <= set(SETTINGS.splitlines())


def test_every_command_is_in_the_table():
    commands = set(main.list_commands(Context(main)))
    assert commands == set(re.findall(r"^\| `shoptrack ([a-z-]+)[^`]*` \|", README, re.MULTILINE))


def test_every_task_that_is_named_exists():
    told = README + (ROOT / "CONTRIBUTING.md").read_text()
    tasks = set(re.findall(r"`make ([a-z-]+)", told))
    makefile = (ROOT / "Makefile").read_text()
    assert tasks <= set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_the_scripts_of_rye_are_those_that_users_had(checkout):
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["rye"]["scripts"]
    assert list(scripts) == ["migrate", "devserver", "test", "createsuperuser"]
    assert all(f"`rye run {name}`" in README for name in scripts)
