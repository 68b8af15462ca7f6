"""Servers whose clocks differ, or jump: a token holds a little before its time, and never after it."""

import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import jwt
import pytest

from shoptrack.testing import SECRET_KEY

from .processes import Client, Server

SHIM = Path(__file__).with_name("clock_shim.c")
on_sqlite = pytest.mark.database("sqlite")
VALID, INVALID, EXPIRED = (200, ""), (401, "Token is invalid"), (401, "Token is expired")


class Asker:
    """Asks a server with tokens, and returns the status and what is said."""

    def __init__(self, server: Server):
        self._server = server
        token = server.headers["Authorization"].removeprefix("Bearer ")
        self._claims = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])

    def sign(self, **claims: int | str) -> str:
        """Return the token of who is signed in, with other claims."""
        return jwt.encode(self._claims | claims, SECRET_KEY, algorithm="HS256")

    def ask(self, token: str) -> tuple[int, str]:
        client = Client(self._server.port, {"Authorization": f"Bearer {token}"})
        answer = client.request("GET", "/api/auth/user/")
        client.close()
        said = "" if answer.status == 200 else answer.json["messages"][0]["message"]
        return answer.status, said

    def refresh(self, token: str) -> tuple[int, str]:
        """Return the status, and the access token that the server issues, or what it says."""
        client = Client(self._server.port, {})
        answer = client.request("POST", "/api/auth/token/refresh/", {"refresh": token})
        client.close()
        return answer.status, answer.json["access" if answer.status == 200 else "detail"]


@pytest.fixture
def ask(server):
    """Return a function that asks with a token that differs in some claims, and returns status and what is said."""
    asker = Asker(server)
    return lambda **instants: asker.ask(asker.sign(**instants))


def test_a_server_may_be_behind_the_one_that_issued_the_token(ask):
    ahead = int(time.time()) + 240
    assert ask(iat=ahead, nbf=ahead, exp=ahead + 300) == VALID


def test_but_not_by_far(ask):
    ahead = int(time.time()) + 360
    assert ask(iat=ahead, exp=ahead + 300) == INVALID


class Clock:
    """The clock of a server, which jumps."""

    def __init__(self, library: Path, file: Path):
        self._file = file
        self._file.touch()
        self.jump(0)
        self.environ = {"LD_PRELOAD": str(library), "CLOCK_JUMP_FILE": str(file)}

    def jump(self, seconds: int) -> None:
        """Set it so many seconds before or behind the system's."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", seconds))


@pytest.fixture
def clock(tmp_path) -> Clock:
    """Return a clock; its library is compiled, and shown to make a process's clock jump."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    library = tmp_path / "clock_shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SHIM], check=True)
    clock = Clock(library, tmp_path / "jump")
    clock.jump(1_000_000)
    program = "import time, datetime as d; print(time.time()); print(d.datetime.now().timestamp())"
    said = subprocess.check_output([sys.executable, "-c", program], env=os.environ | clock.environ)
    assert all(float(line) > time.time() + 999_000 for line in said.splitlines())
    clock.jump(0)
    return clock


@pytest.fixture
def jumping(household, serve, clock):
    """Start a server with that clock."""
    server = serve(household, **clock.environ)
    yield server
    server.stop()


@pytest.fixture
def tokens(jumping):
    """Return who asks, a refresh token, and two access tokens that the server issued just now, the first used."""
    asker = Asker(jumping)
    now = int(time.time())
    refresh = asker.sign(token_type="refresh", iat=now, exp=now + 86_400)
    used, unused = asker.refresh(refresh)[1], asker.refresh(refresh)[1]
    assert asker.ask(used) == VALID
    return asker, refresh, used, unused


@on_sqlite
def test_a_clock_that_is_set_back_a_little_ends_no_token(tokens, clock):
    asker, refresh, used, unused = tokens
    clock.jump(-60)
    assert [asker.ask(used), asker.ask(unused)] == [VALID, VALID]
    status, fresh = asker.refresh(refresh)
    assert status == 200
    assert asker.ask(fresh) == VALID


@on_sqlite
def test_a_clock_that_is_set_back_far_ends_all_alike_until_it_has_caught_up(tokens, clock):
    asker, refresh, used, unused = tokens
    clock.jump(-3600)
    assert [asker.ask(used), asker.ask(unused)] == [INVALID, INVALID]
    assert asker.refresh(refresh) == INVALID
    clock.jump(0)
    assert [asker.ask(used), asker.ask(unused)] == [VALID, VALID]


@on_sqlite
def test_a_clock_that_jumps_ahead_ends_tokens_until_they_are_refreshed(tokens, clock):
    asker, refresh, used, unused = tokens
    clock.jump(3600)
    assert [asker.ask(used), asker.ask(unused)] == [EXPIRED, EXPIRED]
    status, fresh = asker.refresh(refresh)
    assert status == 200
    assert asker.ask(fresh) == VALID


def test_a_token_is_over_at_the_second(ask):
    assert ask(exp=int(time.time()) - 1) == EXPIRED
