"""``shoptrack createsuperuser`` as somebody types it, at a terminal of its own."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from shoptrack.testing import SECRET_KEY

pytestmark = pytest.mark.database("sqlite")

SHOPTRACK = Path(sys.executable).parent / "shoptrack"
PASSWORD = " a password of five words "
SECONDS = 120  # that a prompt may take


class Terminal:
    """A process whose input and output are a terminal."""

    def __init__(self, command, **options):
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            **options,
        )
        os.close(theirs)
        self.seen = ""

    def answer(self, prompt: str, typed: str) -> None:
        """Wait for a prompt, and type a line."""
        self._read_until(prompt)
        os.write(self._ours, f"{typed}\n".encode())

    def end(self) -> int:
        """Read the rest, and return the exit status."""
        self._read_until(None)
        os.close(self._ours)
        return self.process.wait(SECONDS)

    def _read_until(self, text: str | None) -> None:
        start, deadline = len(self.seen), monotonic() + SECONDS
        while text is None or text not in self.seen[start:]:
            assert monotonic() < deadline, f"{text!r} was awaited in vain after {self.seen!r}"
            if select.select([self._ours], [], [], 1)[0]:
                try:
                    self.seen += os.read(self._ours, 4096).decode()
                except OSError:  # the other side is closed
                    assert text is None, f"it ended before {text!r}: {self.seen!r}"
                    return


@pytest.fixture
def terminal(app, database, plugins, tmp_path):
    """Return a function that runs a command of ShopTrack's on the test's database."""
    environ = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "SHOPTRACK_PLUGINS": " ".join(plugins),
        "SHOPTRACK_SECRET_KEY": SECRET_KEY,
    }
    (tmp_path / "production.ini").write_text("[app:main]\nuse = egg:shoptrack\n")
    return lambda *command: Terminal([SHOPTRACK, *command], cwd=tmp_path, env=environ)


def test_the_password_is_asked_for_twice_and_does_not_appear(terminal, client):
    session = terminal("createsuperuser")
    session.answer("Username:", "健")
    session.answer("Email:", "")
    session.answer("Password:", "one")
    session.answer("Password again:", "another")
    session.answer("Password:", PASSWORD)
    session.answer("Password again:", PASSWORD)
    assert session.end() == 0, session.seen
    assert "Created the superuser 健." in session.seen
    assert "do not match" in session.seen
    assert "another" not in session.seen
    assert PASSWORD.strip() not in session.seen
    client.post_json("/api/auth/token/", {"username": "健", "password": PASSWORD}, status=200)


def test_a_taken_name_ends_it_before_a_password_is_typed(terminal, make_user):
    make_user("Ken")
    session = terminal("createsuperuser")
    session.answer("Username:", "ＫＥＮ")
    assert session.end() == 1
    assert "Error: username: A user with that username already exists." in session.seen
    assert "Password" not in session.seen
