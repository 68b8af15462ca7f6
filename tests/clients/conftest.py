"""The real application behind a port, and tools from outside that know nothing of it but its description.

They are installed by ``make clients``, in folders that git ignores.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shoptrack.testing import serve_app

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin"
NODE = HERE / "node_modules" / ".bin"


@pytest.fixture
def site(app) -> Iterator[str]:
    """Serve the application, and return its origin."""
    with serve_app(app, threads=8) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def run(tmp_path) -> Callable[..., str]:
    """Return a function that runs a program in an empty folder, and returns what it prints."""

    def run(*command: str | Path, **environment: str) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=tmp_path,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run
