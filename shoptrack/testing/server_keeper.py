"""Stops the PostgreSQL server that test runs share after an hour without tests.

It runs in a separate process, as a script, and imports only the standard library to save memory.
``python server_keeper.py watch FOLDER`` waits until the server is idle. ``python server_keeper.py stop ROOT`` stops
the server of a checkout immediately.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

IDLE_SECONDS = 3600
POLL_SECONDS = 60
STOP_SECONDS = 30


class ServerFailed(Exception):
    """No PostgreSQL server can be started for the tests."""


def get_folder(root: Path) -> Path:
    """Return the folder of a checkout's server, which is unique for each user and checkout."""
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"shoptrack-tests-{os.geteuid()}-{digest}")


def create_folder(root: Path) -> Path:
    """Create the folder of a checkout's server, unless it exists.

    :raises ServerFailed: the folder belongs to another user, or other users may write to it
    """
    folder = get_folder(root)
    folder.mkdir(mode=0o711, exist_ok=True)  # for PostgreSQL, which root runs as another user
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise ServerFailed(
            f"The folder {folder} for the tests' databases belongs to another user, or others may "
            "write to it. Remove it, or set TMPDIR to another place."
        )
    (folder / "root").write_text(str(root.resolve()))
    return folder


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Prevent other processes from starting or stopping the server within the context."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stop(folder: Path) -> None:
    """Stop the server, and delete its databases."""
    process = _read_process(folder)
    with suppress(ProcessLookupError):
        if process:
            os.kill(process, signal.SIGINT)  # PostgreSQL's fast shutdown
            end = time.monotonic() + STOP_SECONDS
            while time.monotonic() < end:
                os.kill(process, 0)
                time.sleep(0.05)
            os.kill(process, signal.SIGKILL)
    (folder / "url").unlink(missing_ok=True)
    for name in ("postgresql", "sqlite"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _read_process(folder: Path) -> int | None:
    """Return the process ID of the server, if a PostgreSQL server of this folder still has it."""
    data = folder / "postgresql"
    try:
        process = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    ps = ("ps", "-ww", "-o", "command=", "-p", str(process))
    linux = Path(f"/proc/{process}/cmdline")
    with suppress(OSError, subprocess.SubprocessError):
        command = linux.read_bytes() if linux.exists() else subprocess.check_output(ps)
        return process if os.fsencode(data) in command else None
    return None


def watch(folder: Path) -> None:
    """Stop the server after an idle hour, or when its checkout has been deleted."""
    while folder.exists():
        time.sleep(POLL_SECONDS)
        with suppress(FileNotFoundError), lock(folder):
            if _read_process(folder) is None:
                return
            if not _has_root(folder) or _is_idle(folder):
                stop(folder)
                return


def _has_root(folder: Path) -> bool:
    return Path((folder / "root").read_text()).exists()


def _is_idle(folder: Path) -> bool:
    """Return whether no run uses the server, and the last run ended more than `IDLE_SECONDS` ago."""
    with (folder / "used").open("a") as used:
        if time.time() - os.fstat(used.fileno()).st_mtime < IDLE_SECONDS:
            return False
        try:
            fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def main(command: str, path: str) -> None:
    """Run one of the two commands."""
    if command == "watch":
        os.chdir("/")
        if os.fork() == 0:  # the parent process does not wait
            os.setsid()
            watch(Path(path))
        return
    folder = get_folder(Path(path))
    if folder.exists():
        with lock(folder):
            stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
