"""The PostgreSQL server that a checkout keeps from run to run."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from shoptrack.testing import server_keeper
from shoptrack.testing.postgresql_server import kept_server, own_server
from shoptrack.testing.server_keeper import ServerFailed

TOO_LITTLE_DISK = """
import resource, sys
from pathlib import Path
from shoptrack.testing.postgresql_server import kept_server
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with kept_server(Path(sys.argv[1])):
    pass
"""


@pytest.fixture(scope="module")
def place():
    """Return a folder in which kept servers lie beside those of this very run."""
    with tempfile.TemporaryDirectory(prefix="shoptrack-") as folder:
        Path(folder).chmod(0o755)
        before, tempfile.tempdir = tempfile.tempdir, folder
        yield Path(folder)
        tempfile.tempdir = before


@pytest.fixture(scope="module")
def root(place):
    """Return a checkout, whose server is ended."""
    root = place / "checkout"
    root.mkdir()
    yield root
    server_keeper.main("stop", str(root))


def run(root: Path) -> int:
    """Do as a test run does, and return the process id of the server."""
    with kept_server(root) as server:
        address = server.set(drivername="postgresql").render_as_string()
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
        return read_process(root)


def read_process(root: Path) -> int:
    pid_file = server_keeper.get_folder(root) / "postgresql" / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_later_run_finds_the_server_of_the_first(root):
    assert run(root) == run(root)


def test_a_server_that_died_between_runs_is_replaced(root):
    process = run(root)
    os.kill(process, signal.SIGKILL)
    replaced = run(root)
    assert replaced != process
    assert run(root) == replaced


def test_databases_of_a_run_that_was_killed_are_dropped(root):
    def names() -> set[str]:
        with psycopg.connect(address, autocommit=True) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    with kept_server(root) as server:
        address = server.set(drivername="postgresql").render_as_string()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE shoptrack_test_of_a_killed_run")
        with kept_server(root):
            assert "shoptrack_test_of_a_killed_run" in names()  # the first run goes on
    with kept_server(root):
        assert "shoptrack_test_of_a_killed_run" not in names()


@pytest.mark.parametrize("what", ["idle", "without its checkout"])
def test_a_server_ends_that_nobody_needs(place, what, monkeypatch):
    root = place / what.replace(" ", "-")
    root.mkdir()
    folder = server_keeper.get_folder(root)
    monkeypatch.setattr(server_keeper, "POLL_SECONDS", 0.05)
    with kept_server(root):
        process = read_process(root)
        long_ago = time.time() - server_keeper.IDLE_SECONDS - 1
        os.utime(folder / "used", (long_ago, long_ago))
        watch = Thread(target=server_keeper.watch, args=[folder])
        watch.start()
        watch.join(0.5)
        assert watch.is_alive()  # a run holds the server
        if what != "idle":
            root.rmdir()
            watch.join()
    if what == "idle":
        os.utime(folder / "used", (long_ago, long_ago))
        watch.join()
    assert is_gone(process)
    assert not (folder / "postgresql").exists()


def test_checkouts_and_users_do_not_meet(tmp_path, monkeypatch):
    one, another = server_keeper.get_folder(tmp_path), server_keeper.get_folder(tmp_path / "x")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert len({one, another, server_keeper.get_folder(tmp_path)}) == 3


def test_a_folder_that_others_may_write_to_is_refused(place):
    root = place / "open"
    server_keeper.get_folder(root).mkdir()
    server_keeper.get_folder(root).chmod(0o777)
    with pytest.raises(ServerFailed, match=r"Remove it, or set TMPDIR to another place\."):
        run(root)


def test_a_server_that_cannot_start_says_why(place):
    command = [sys.executable, "-c", TOO_LITTLE_DISK, str(place / "full")]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(place)}
    )
    message = done.stderr[done.stderr.index("ServerFailed: ") :]
    assert "File too large" in message or "file size limit exceeded" in message
    assert "Is the disk full, or is /dev/shm missing?" in message


def test_a_server_of_ones_own_writes_as_a_real_one_and_ends():
    with own_server(is_durable=True) as server:
        address = server.set(drivername="postgresql").render_as_string()
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            process = int(Path(str(server.query["host"]), "postmaster.pid").read_text().split()[0])
    assert is_gone(process)


def test_two_runs_that_begin_at_once_share_a_server(place):
    root = place / "twice"
    root.mkdir()
    found: list[int] = []
    threads = [Thread(target=lambda: found.append(run(root))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server_keeper.main("stop", str(root))
    assert len(found) == 2
    assert len(set(found)) == 1
