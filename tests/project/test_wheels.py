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

from ..pserve import free_port
from .conftest import PACKAGES, PATIENCE, ROOT, bare_environment, run, wait_for

# What the build takes from a distribution, and no checkout has.
VENDORED = {
    f"shoptrack/openapi/pages/vendor/{name}"
    for name in (
        "swagger-ui-bundle.js",
        "swagger-ui.LICENSE.txt",
        "redoc.standalone.js",
        "redoc.LICENSE.txt",
    )
}
LIST_DISTRIBUTIONS = """
from importlib.metadata import distributions
print(*(found.metadata["Name"].lower() for found in distributions()))
"""


def fetch(url: str, data: bytes | None = None, **headers: str) -> bytes:
    with urlopen(Request(url, data, headers), timeout=PATIENCE) as answer:
        return answer.read()


@pytest.fixture(scope="session")
def installed(once, wheels) -> Path:
    """An environment with nothing but the locked requirements and our wheels."""
    uv = Path(sys.prefix, "bin", "uv")

    def install(folder: Path) -> None:
        env = bare_environment(VIRTUAL_ENV=str(folder / "venv"))
        run(uv, "venv", "--quiet", "--python", sys.executable, folder / "venv", env=env)
        # As pip does; uv's own certificates are not enough behind a proxy that ends TLS.
        pip_install = (uv, "pip", "install", "--system-certs", "--quiet")
        run(*pip_install, "--require-hashes", "-r", ROOT / "requirements.lock", env=env)
        run(*pip_install, "--no-deps", *wheels.glob("*.whl"), env=env)

    return once("installed", install)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wheel_holds_its_package_and_nothing_else(wheels, package):
    name = "shoptrack" if package == "." else package
    (wheel,) = wheels.glob(f"{name}-*.whl")
    held = {path for path in zipfile.ZipFile(wheel).namelist() if path.startswith(f"{name}/")}
    here = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != "pyproject.toml"
    }
    assert held - VENDORED == here - VENDORED
    assert "shoptrack/py.typed" in held or package != "."
    others = {path.split("/")[0] for path in zipfile.ZipFile(wheel).namelist()} - {name}
    assert all(folder.startswith(f"{name}-") for folder in others)


def test_the_cores_wheel_brings_the_ini_and_the_pages_scripts(wheels):
    (wheel,) = wheels.glob("shoptrack-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(names) >= VENDORED
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
