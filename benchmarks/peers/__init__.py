"""The servers that are compared, each as one process on one core."""

import configparser
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Peer:
    """A server. It reads ``DATABASE_URL`` and ``SHOPTRACK_SECRET_KEY`` from its environment.

    :param command: returns its command line for a port and a folder that it may write to
    """

    key: str
    title: str
    command: Callable[[int, Path], list[str]]


def production_ini() -> configparser.RawConfigParser:
    """Return ShopTrack's production.ini."""
    ini = configparser.RawConfigParser()
    ini.read(ROOT / "production.ini")
    return ini


def _floor(port: int, folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.peers.floor", str(port)]


def _shoptrack(port: int, folder: Path) -> list[str]:
    """Serve production.ini as it is, but for its address: the benchmark listens on none but the loopback."""
    ini = production_ini()
    ini["server:main"]["host"] = "127.0.0.1"
    copy = folder / "production.ini"
    with copy.open("w") as file:
        ini.write(file)
    return [str(BIN / "pserve"), str(copy), f"http_port={port}"]


def _drf(port: int, folder: Path) -> list[str]:
    application = "benchmarks.peers.drf.wsgi:application"
    options = ["--workers", "1", "--threads", "8", "--timeout", "600", "--no-control-socket"]
    return [str(BIN / "gunicorn"), *options, "--bind", f"127.0.0.1:{port}", application]


def _fastapi(port: int, folder: Path) -> list[str]:
    application = "benchmarks.peers.fastapi.app:app"
    options = ["--no-access-log", "--log-level", "warning"]
    return [
        *(str(BIN / "uvicorn"), *options),
        *("--host", "127.0.0.1", "--port", str(port), application),
    ]


FLOOR = Peer("floor", "Floor", _floor)
SHOPTRACK = Peer("shoptrack", "ShopTrack", _shoptrack)
DRF = Peer("drf", "DRF", _drf)
FASTAPI = Peer("fastapi", "FastAPI", _fastapi)

PEERS = (FLOOR, SHOPTRACK, DRF, FASTAPI)
