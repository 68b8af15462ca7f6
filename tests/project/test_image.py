"""The image is built from what is locked, and holds what the Compose files count on."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlalchemy import URL

from shoptrack.server.settings import ServerSettings
from shoptrack.testing import make_test_app, serve_app

from .conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
BUILD, FINAL = DOCKERFILE.split("\nFROM ")[1:]


def test_it_serves_the_ini_of_the_wheel_on_its_port():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert f'CMD ["pserve", "/opt/shoptrack/{shared["production.ini"]}"]' in FINAL
    port = "8000"
    assert f"\nhttp_port = {port}\n" in (ROOT / "production.ini").read_text()
    assert f"\nEXPOSE {port}\n" in FINAL
    assert f"To('127.0.0.1', {port}, timeout=4); c.request('GET', '/healthz')" in FINAL


def test_it_runs_as_the_user_that_it_makes_and_not_as_root():
    (user, group) = re.findall(r"^USER (\d+):(\d+)$", FINAL, re.MULTILINE)[0]
    assert int(user) > 0
    assert f"--uid {user} " in FINAL
    assert f"--gid {group} " in FINAL


def test_a_trial_lies_in_the_volume_and_can_be_reached_from_outside():
    (folder,) = re.findall(r"^WORKDIR (\S+)$", FINAL, re.MULTILINE)
    assert f"SHOPTRACK_TRY_FOLDER={folder} SHOPTRACK_TRY_HOST=0.0.0.0\n" in FINAL


def test_it_tells_the_version_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nARG VERSION={version}\n" in FINAL


def test_its_health_check_has_time_for_the_start():
    start = re.search(r"--start-period=(\d+)s", FINAL)
    assert start
    assert int(start[1]) > ServerSettings().start_seconds


def test_the_check_finds_out_whether_the_server_takes_requests(tmp_path):
    (code,) = re.findall(r'\["python", "-I", "-c", \\\n    "(.*)"\]\n', FINAL)

    registry = make_test_app(URL.create("sqlite", database=str(tmp_path / "x.sqlite3"))).registry

    def answers(status: str) -> bool:
        """Tell whether the check passes where the server gives this answer."""

        def app(environ, start_response):
            start_response(status, [("Content-Length", "0")])
            return []

        app.registry = registry
        with serve_app(app) as port:
            command = [sys.executable, "-I", "-c", code.replace("8000", str(port))]
            return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=120).returncode == 0

    assert answers("200 OK")
    assert not answers("503 Service Unavailable")


def test_the_lock_vouches_for_all_that_builds_the_wheels():
    pattern = re.search(r"/\^\(([a-z|-]+)\)==/", BUILD)
    assert pattern
    projects = [ROOT / "pyproject.toml", *ROOT.glob("shoptrack_*/pyproject.toml")]
    assert set(pattern[1].split("|")) == with_dependencies(build_requirements(projects))


def build_requirements(projects) -> set[str]:
    builds = [tomllib.loads(project.read_text())["build-system"] for project in projects]
    return {requirement for build in builds for requirement in build["requires"]}


def with_dependencies(needed: set[str]) -> set[str]:
    """Return the names of these distributions and of all that they require."""
    names: set[str] = set()
    while needed:
        requirement = Requirement(needed.pop())
        name = canonicalize_name(requirement.name)
        if name not in names and (not requirement.marker or requirement.marker.evaluate()):
            names.add(name)
            needed.update(requires(name) or [])
    return names


def test_the_build_is_sent_every_package_and_nothing_private():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    first, *rules = [line for line in lines if not line.startswith("#")]
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    packages = {project.parent.name for project in ROOT.glob("shoptrack_*/pyproject.toml")}
    assert first == "*"
    assert {name for name in allowed if name.startswith("shoptrack")} == {"shoptrack", *packages}
    assert all((ROOT / name).exists() for name in allowed)
    # The last rule that fits decides, so what is private comes after what is allowed.
    assert rules[len(allowed) :] == ["**/__pycache__", "**/*.sqlite3*", "**/.env"]
