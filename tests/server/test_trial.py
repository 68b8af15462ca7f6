"""``shoptrack try``: a whole ShopTrack in one folder, as a real process that is signed in to over HTTP."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import stat
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..pserve import BIN, PRODUCTION, Pserve, bare_environment, free_port
from .conftest import PATIENCE, eventually

PASSWORD = re.compile(r"'admin' with the password '(.+)'")


class Trial:
    """One process of the command, and what it prints."""

    def __init__(self, folder: Path, *arguments: str, **environ: str):
        self.port = free_port()
        self._log = folder / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [BIN / "shoptrack", "try", "--port", str(self.port), *arguments],
                cwd=folder,
                env=bare_environment(**environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def printed(self) -> str:
        return self._log.read_text()

    def wait_until_it_serves(self) -> None:
        def serves() -> bool:
            assert self._process.poll() is None, self.printed()
            return "Serving on" in self.printed()

        eventually(serves, self.printed)

    def end(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def ask(port: int, path: str, document=None, token: str = ""):
    """Send a GET, or a POST of a document, and return the answer's document."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(document).encode() if document else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def sign_in(port: int, password: str) -> str:
    """Return an access token."""
    named = {"username": "admin", "password": password}
    return ask(port, "/api/auth/token/", named)["access"]


@pytest.fixture
def start(tmp_path) -> Iterator:
    """Return a function that starts the command in the test's folder, and waits until it serves."""
    started = []

    def start(*arguments: str, **environ: str) -> Trial:
        trial = Trial(tmp_path, *arguments, **environ)
        started.append(trial)
        trial.wait_until_it_serves()
        return trial

    yield start
    for trial in started:
        trial.kill()


def run(
    *arguments: str, folder: Path, stdin: str = "", **environ: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BIN / "shoptrack", *arguments],
        cwd=folder,
        env=bare_environment(**environ),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def sign_in_to_the_pages(port: int, password: str) -> str:
    """Send the administration's form of signing in, and return the page that it leads to."""
    # As browsers do for localhost.
    policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
    jar = http.cookiejar.CookieJar(policy)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    url = f"http://localhost:{port}/admin/login/"
    form = browser.open(url, timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token, form
    sent = {"csrf_token": token[1], "username": "admin", "password": password}
    request = urllib.request.Request(url, urllib.parse.urlencode(sent).encode())
    request.add_header("Origin", f"http://localhost:{port}")
    with browser.open(request, timeout=PATIENCE) as answer:
        return answer.url


def test_it_makes_all_that_it_needs_and_keeps_it(start, tmp_path):
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.sqlite3"
    first = start(DATABASE_URL=elsewhere)
    found = PASSWORD.search(first.printed())
    assert found, first.printed()
    assert f"http://localhost:{first.port}/admin/" in first.printed()
    token = sign_in(first.port, found[1])
    assert sign_in_to_the_pages(first.port, found[1]).endswith("/admin/")
    ask(first.port, "/api/categories/", {"name": "Meat"}, token)
    key = tmp_path / "shoptrack-try" / ".env"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    text = key.read_text()
    assert re.search(r"^SHOPTRACK_SECRET_KEY=[\w-]{64}$", text, re.MULTILINE)
    assert first.end() == 0

    second = start()
    assert not PASSWORD.search(second.printed())
    assert found[1] not in second.printed()
    assert key.read_text() == text
    assert ask(second.port, "/api/categories/", token=token) == [{"id": 1, "name": "Meat"}]
    assert sign_in(second.port, found[1])
    assert not (tmp_path / "elsewhere.sqlite3").exists()


def test_other_commands_and_the_strict_server_find_its_files(start, tmp_path):
    start("here").end()
    folder = tmp_path / "here"
    new = "correct horse battery staple"
    done = run("changepassword", "admin", "--password-stdin", folder=folder, stdin=new)
    assert done.returncode == 0, done.stderr
    strict = Pserve(PRODUCTION, {}, folder / "log")
    strict.launch()
    try:
        eventually(strict.listens, strict.said)
        assert sign_in(strict.port, new)
    finally:
        strict.kill()


def test_the_image_names_folder_and_address_by_variables(start, tmp_path):
    trial = start(SHOPTRACK_TRY_FOLDER=str(tmp_path), SHOPTRACK_TRY_HOST="0.0.0.0")
    assert (tmp_path / "shoptrack.sqlite3").exists()
    assert f"Serving on 0.0.0.0 port {trial.port}" in trial.printed()


def test_without_the_plugin_that_has_users_none_is_made(start):
    printed = start(SHOPTRACK_PLUGINS="shoptrack_reports").printed()
    assert not PASSWORD.search(printed)
    assert "/api/docs/" in printed
    assert "/admin/" not in printed  # which nobody serves


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    # root may write anywhere else on a real disk
    for folder in ("/proc/shoptrack", "file", "file/folder"):
        port = str(free_port())
        done = run("try", folder, "--port", port, folder=tmp_path)
        where = Path(tmp_path, folder)
        sentence = f"Error: The user {os.geteuid()} cannot write into the folder {where}: "
        assert done.stderr.startswith(sentence)
        assert done.stderr.endswith("or name another folder: shoptrack try FOLDER\n")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("try", "--port", str(port), folder=tmp_path)
    assert done.stderr.startswith(
        f"Error: ShopTrack cannot listen at 127.0.0.1 port {port}: Address already in use. "
        "Choose another port: shoptrack try --port "
    )
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (1, "", [])


@pytest.mark.parametrize("name", [".env", "shoptrack.sqlite3"])
def test_another_installation_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("")
    done = run("try", ".", "--port", str(free_port()), folder=tmp_path)
    assert done.stderr.startswith(f"Error: {tmp_path / name} was not made by `shoptrack try`")
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [tmp_path / name])


def test_wrong_settings_are_said_as_ever(tmp_path):
    done = run("try", "--port", str(free_port()), folder=tmp_path, SHOPTRACK_TIME_ZONE="Mars")
    assert done.returncode == 1
    assert "- SHOPTRACK_TIME_ZONE: found 'Mars' in the environment." in done.stderr
