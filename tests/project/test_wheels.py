"""The wheels serve from an empty environment outside the checkout."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from .conftest import PATIENCE, ROOT, bare_environment, free_port, wait_for

LIST_DISTRIBUTIONS = """
from importlib.metadata import distributions
print(*(found.metadata["Name"].lower() for found in distributions()))
"""


def run(*command: str | Path, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=600, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def fetch(url: str, data: bytes | None = None, **headers: str) -> bytes:
    with urlopen(Request(url, data, headers), timeout=PATIENCE) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for package in (".", "shoptrack_auth", "shoptrack_admin", "shoptrack_reports"):
        build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
        run(*build, ROOT / package)
    return folder


@pytest.fixture(scope="module")
def installed(wheels, tmp_path_factory) -> Path:
    """An environment with nothing but the locked requirements and the four wheels."""
    folder = tmp_path_factory.mktemp("installed")
    uv = Path(sys.prefix, "bin", "uv")
    env = bare_environment(VIRTUAL_ENV=str(folder / "venv"))
    run(uv, "venv", "--quiet", "--python", sys.executable, folder / "venv", env=env)
    run(
        uv,
        "pip",
        "install",
        "--system-certs",  # as pip does; uv's own are not enough behind a proxy that ends TLS
        "--quiet",
        "--require-hashes",
        "-r",
        ROOT / "requirements.lock",
        env=env,
    )
    run(uv, "pip", "install", "--quiet", "--no-deps", *wheels.glob("*.whl"), env=env)
    return folder


def test_a_wheel_holds_its_package_and_nothing_else(wheels):
    for wheel in wheels.glob("*.whl"):
        package = wheel.name.split("-")[0]
        names = zipfile.ZipFile(wheel).namelist()
        foreign = [name for name in names if not name.startswith((f"{package}/", f"{package}-"))]
        assert foreign == []
        # The templates of a new plugin's files are no tests of ours.
        own = [name for name in names if not name.endswith(".template")]
        assert not any("pyproject" in name or "test_" in name for name in own)


def test_wheels_bring_migrations_templates_and_the_ini(wheels):
    names = {name for wheel in wheels.glob("*.whl") for name in zipfile.ZipFile(wheel).namelist()}
    for wanted in (
        "shoptrack/revisions/shoptrack_0001_create.py",
        "shoptrack/new_plugin/templates/.gitignore.template",
        "shoptrack/new_plugin/templates/${package}/models.py.template",
        "shoptrack/py.typed",
        "shoptrack_auth/revisions/auth_0001_create.py",
        "shoptrack_admin/locale/ja/LC_MESSAGES/shoptrack_admin.mo",
        "shoptrack_admin/templates/layout.jinja2",
        "shoptrack_reports/revisions/reports_0001_unit_factors.py",
        "shoptrack_reports/locale/ja/LC_MESSAGES/shoptrack_reports.mo",
        "shoptrack_admin/static/admin.css",
        "shoptrack/docs_pages/templates/swagger_ui.html",
        "shoptrack/docs_pages/vendor/swagger-ui-bundle.js",
        "shoptrack/docs_pages/vendor/swagger-ui.LICENSE.txt",
        "shoptrack/docs_pages/vendor/redoc.standalone.js",
        "shoptrack/docs_pages/vendor/redoc.LICENSE.txt",
    ):
        assert wanted in names
    assert any(name.endswith("share/shoptrack/production.ini") for name in names)


def test_what_builds_the_wheels_is_not_installed_with_them(installed):
    listed = run(installed / "venv" / "bin" / "python", "-c", LIST_DISTRIBUTIONS).stdout.split()
    assert "shoptrack" in listed
    assert not {"django", "drf-spectacular-sidecar", "hatchling"} & set(listed)


def test_what_builds_the_wheels_is_locked_for_development():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["dev"])


def test_the_sdist_makes_the_same_wheel(wheels, tmp_path):
    # Without the name of a kind, the wheel is made of the sdist.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT)
    [again] = tmp_path.glob("*.whl")
    assert contents(again) == contents(wheels / again.name)


def contents(wheel: Path) -> dict[str, int]:
    return {item.filename: item.CRC for item in zipfile.ZipFile(wheel).infolist()}


def test_the_wheels_migrate_serve_and_sign_in(installed):
    bin = installed / "venv" / "bin"
    env = bare_environment(SHOPTRACK_SECRET_KEY="k" * 40, SHOPTRACK_SUPERUSER_PASSWORD="a long one")
    here = {"cwd": installed, "env": env}
    run(bin / "shoptrack", "migrate", **here)
    run(bin / "shoptrack", "check", **here)
    run(bin / "shoptrack", "createsuperuser", "--noinput", "--username=ken", "--email=", **here)
    ini = installed / "venv" / "share" / "shoptrack" / "production.ini"
    port = free_port()
    log = installed / "server.log"
    with log.open("w") as output:
        command = [str(bin / "pserve"), str(ini), f"http_port={port}"]
        server = subprocess.Popen(command, stdout=output, stderr=output, **here)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", server, log)
        server_address = f"http://127.0.0.1:{port}"
        signing_in = urlencode({"username": "ken", "password": "a long one"}).encode()
        tokens = json.loads(fetch(f"{server_address}/api/auth/token/", signing_in))
        bearer = {"Authorization": f"Bearer {tokens['access']}"}
        assert fetch(f"{server_address}/api/shopping-records/", **bearer) == b"[]"
        docs = fetch(f"{server_address}/api/docs/").decode()
        for path in re.findall(r'(?:href|src)="(/api/docs/assets/[^"]+)"', docs):
            assert fetch(f"{server_address}{path}")
        assert b"<h1>Sign in</h1>" in fetch(f"{server_address}/admin/")
    finally:
        server.terminate()
        server.wait(PATIENCE)
