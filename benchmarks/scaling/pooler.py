"""PgBouncer in transaction mode, where it is installed."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
import psutil
import psycopg

from benchmarks.backends import PostgreSQL
from benchmarks.dataset import Dataset
from benchmarks.server import free_port

POOL_SIZE = 10
START_SECONDS = 10
CONFIGURATION = """
[databases]
* = host={host} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
"""
# What each connection is told elsewhere, a role has to be told here; docs/scaling.md says so.
TOLD = {"join_collapse_limit": "1", "jit": "off", "statement_timeout": "'20s'"}


@dataclass(frozen=True)
class Pooler:
    """PgBouncer, as a server needs to know it.

    :param settings: of servers that go through it
    """

    settings: dict[str, str]
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        return sum(self.process.cpu_times()[:2])


def find() -> str | None:
    """Return the program's path, if it is installed."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


def version(program: str) -> str:
    """Return its version, as in "PgBouncer 1.18.0"."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.splitlines()[0]


@contextmanager
def pooling(
    program: str, core: int, backend: PostgreSQL, dataset: Dataset, folder: Path
) -> Iterator[Pooler]:
    """Run PgBouncer before a database meanwhile, on PostgreSQL's core.

    :raises click.ClickException: it does not start
    """
    url = dataset.url
    host = Path(str(url.query["host"]))
    port = free_port()
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(host=host, user=url.username, port=port, size=POOL_SIZE))
    file.chmod(0o644)
    command = ["taskset", "-c", str(core), program, "--quiet"]
    if os.geteuid() == 0:  # as which it does not run
        command += ["--user", pwd.getpwuid(host.stat().st_uid).pw_name]
    for name, value in TOLD.items():
        backend.execute(f"ALTER DATABASE {url.database} SET {name} = {value}")
    address = backend.address(url.set(host="127.0.0.1", port=port, query={}))
    with subprocess.Popen([*command, str(file)], stdin=subprocess.DEVNULL) as process:
        try:
            _wait_for(process, address)
            settings = {"DATABASE_URL": address, "SHOPTRACK_DB_POOLED": "true"}
            yield Pooler(dataset.settings | settings, psutil.Process(process.pid))
        finally:
            process.terminate()
            backend.execute(f"ALTER DATABASE {url.database} RESET ALL")


def _wait_for(process: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), psycopg.connect(address):
            return
        time.sleep(0.1)
    raise click.ClickException("PgBouncer does not start.")
