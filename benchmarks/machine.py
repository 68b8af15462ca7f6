"""The machine: which core does what, and what a reader of figures wants to know about it."""

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click
import psutil

ROOT = Path(__file__).parents[1]
OURS = ("shoptrack", "pyramid", "waitress", "sqlalchemy", "psycopg", "orjson")
PACKAGES = (
    *OURS,
    *("django", "djangorestframework", "djangorestframework-simplejwt", "gunicorn"),
    *("fastapi", "pydantic", "uvicorn"),
)


@dataclass(frozen=True)
class Cores:
    """The processor cores of a run.

    :param server: the one that the measured server has for itself
    :param load: that of the load generator and of this program
    :param database: PostgreSQL's; where there are only two, it is that of the load generator
    :param last: that of further processes of the server; where there are only three, it is PostgreSQL's
    """

    server: int
    load: int
    database: int
    last: int

    @classmethod
    def chosen(cls) -> "Cores":
        """Choose among those that this process may use.

        :raises click.ClickException: the machine does not do
        """
        if platform.system() != "Linux" or not shutil.which("taskset"):
            raise click.ClickException(
                "The benchmark pins each server to a core, for which it needs Linux and `taskset` "
                "(Debian's package util-linux)."
            )
        available = sorted(os.sched_getaffinity(0))
        if len(available) < 2:
            raise click.ClickException(
                "The benchmark needs two processor cores: one for the server, one for the load."
            )
        return cls(*(*available, available[-1], available[-1])[:4])

    def __str__(self) -> str:
        shared = ", which is the load's too" if self.database == self.load else ""
        return (
            f"server on core {self.server}, load on core {self.load}, "
            f"PostgreSQL on core {self.database}{shared}"
        )


def description(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return what figures depend on, by name.

    :param packages: whose versions are told
    """
    memory = psutil.virtual_memory().total / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return {
        "Machine": f"{_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB of memory",
        "System": f"{system}, Linux {platform.release()}",
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in packages),
        "ShopTrack's commit": _commit(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _commit() -> str:
    git = ("git", "-C", str(ROOT))
    try:
        commit = subprocess.check_output([*git, "rev-parse", "--short", "HEAD"], text=True).strip()
        changed = subprocess.check_output([*git, "status", "--porcelain", "shoptrack*"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}, with changes that are not committed" if changed else commit
