"""The files for a server without containers: nginx takes the site, and systemd the unit; each is tried for real."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import URL

from shoptrack.errors import ServiceUnavailable
from shoptrack.server.settings import ServerSettings
from shoptrack.testing import make_test_app, serve_app, upgrade_database

from ..nginx import Nginx, program
from ..pserve import free_port
from .conftest import PATIENCE, ROOT, bare_environment

UNIT = ROOT / "deploy" / "systemd" / "shoptrack@.service"
JOBS = UNIT.with_name("shoptrack-jobs.service")


@pytest.fixture(scope="module")
def site(plugins, tmp_path_factory) -> Iterator[Nginx]:
    """Run nginx with the site, before two servers."""
    folder = tmp_path_factory.mktemp("nginx")
    settings = {"shoptrack__trusted_proxies": "127.0.0.1", "shoptrack__https_only": "true"}
    url = URL.create("sqlite", database=str(folder / "shoptrack.sqlite3"))
    app = make_test_app(url, plugins, **settings)
    upgrade_database(app)
    as_in_the_ini: dict[str, Any] = {"clear_untrusted_proxy_headers": False}
    with serve_app(app, **as_in_the_ini) as one, serve_app(app, **as_in_the_ini) as another:
        nginx = Nginx(folder, [one, another])
        nginx.check()
        process = nginx.start()
        yield nginx
        process.terminate()
        process.wait(PATIENCE)


def test_clients_are_known_by_their_own_address_and_scheme(site, caplog):
    caplog.set_level("INFO", "shoptrack.access")
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Host": "evil.example"}
    answer, said = site.ask("GET", "/api/", secure=True, **forged)
    assert answer.status == 200
    assert b'"https://localhost/api/stores/"' in said
    assert caplog.records[-1].address == "127.0.0.1"


def test_plain_http_is_led_to_https_or_refused(site):
    answer, _ = site.ask("GET", "/admin/login/", X_Forwarded_Proto="https")
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/admin/login/")
    answer, said = site.ask("GET", "/api/stores/", X_Forwarded_Proto="https")
    assert answer.status == 400
    assert b"HTTPS is required" in said
    answer, _ = site.ask("GET", "/admin/login/", secure=True)
    assert "__Secure-" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_long_body_gets_the_applications_sentence(site):
    body, kind = b" " * 3_000_000, "application/json"
    answer, said = site.ask("POST", "/api/stores/", body, secure=True, Content_Type=kind)
    assert answer.status == 413
    assert b"SHOPTRACK_MAX_BODY_SIZE" in said


def test_no_header_stands_there_twice(site):
    answer, _ = site.ask("GET", "/admin/login/", secure=True)
    names = [name.lower() for name in answer.headers if name.lower() != "set-cookie"]
    assert len(names) == len(set(names))
    assert answer.headers["Server"] == "nginx"


def test_the_metrics_are_not_for_the_outside(site):
    assert site.ask("GET", "/metrics", secure=True)[0].status == 404


def test_below_a_path(plugins, tmp_path):
    url = URL.create("sqlite", database=str(tmp_path / "shoptrack.sqlite3"))
    app = make_test_app(
        url, plugins, shoptrack__trusted_proxies="127.0.0.1", shoptrack__https_only="true"
    )
    upgrade_database(app)
    with serve_app(app, clear_untrusted_proxy_headers=False) as port:
        nginx = Nginx(tmp_path, [port, port], "/shop")
        nginx.check()
        process = nginx.start()
        try:
            forged = {"X_Forwarded_Prefix": "/evil"}
            answer, said = nginx.ask("GET", "/shop/api/", secure=True, **forged)
            assert json.loads(said)["stores"] == "https://localhost/shop/api/stores/"
            for path, secure, location in (
                ("/shop", True, "/shop/"),
                ("/shop/", True, "/shop/api/"),
                ("/shop/api/stores", True, "/shop/api/stores/"),
                ("/shop/admin/", True, "/shop/admin/login/?next=%2Fshop%2Fadmin%2F"),
                ("/shop/admin/", False, "/shop/admin/"),
            ):
                answer, _ = nginx.ask("GET", path, secure=secure)
                assert answer.status in (301, 302)
                assert (
                    urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl()
                    == location
                )
            answer, _ = nginx.ask("GET", "/shop/admin/login/", secure=True)
            assert "Path=/shop/admin/" in answer.headers["Set-Cookie"]
            for path in ("/api/", "/metrics", "/shop/metrics"):
                assert nginx.ask("GET", path, secure=True)[0].status == 404
        finally:
            process.terminate()
            process.wait(PATIENCE)


def test_a_process_that_restarts_is_passed_over(tmp_path):
    with serve_app(
        make_test_app(URL.create("sqlite", database=str(tmp_path / "x.sqlite3")))
    ) as port:
        nginx = Nginx(tmp_path, [free_port(), port])
        process = nginx.start()
        try:
            assert {nginx.ask("GET", "/api/")[0].status for _ in range(10)} == {200}
        finally:
            process.terminate()
            process.wait(PATIENCE)


def test_where_none_answers_clients_are_told_to_come_again(tmp_path):
    nginx = Nginx(tmp_path, [free_port(), free_port()])
    process = nginx.start()
    try:
        answer, said = nginx.ask("GET", "/api/stores/")
    finally:
        process.terminate()
        process.wait(PATIENCE)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(said) == {"detail": ServiceUnavailable.detail}


@pytest.mark.parametrize(
    "name", [UNIT.name, JOBS.name, "shoptrack-backup.service", "shoptrack-backup.timer"]
)
def test_systemd_takes_the_unit(tmp_path, name):
    verify = program("systemd-analyze")
    for file in UNIT.parent.iterdir():
        text = re.sub(
            r"(?<=^ExecStart=)/opt\S+", program("true"), file.read_text(), flags=re.MULTILINE
        )
        (tmp_path / file.name).write_text(text)
    done = subprocess.run([verify, "verify", tmp_path / name], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_backups_unit_writes_one_a_day_and_replaces_that_of_last_week(plugins, tmp_path):
    unit = (UNIT.parent / "shoptrack-backup.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)", unit, re.MULTILINE)
    command = command.replace("/opt/shoptrack/bin", str(Path(sys.executable).parent)).replace(
        "%%", "%"
    )
    url = URL.create("sqlite", database=str(tmp_path / "shop.sqlite3"))
    environ = bare_environment(DATABASE_URL=str(url), SHOPTRACK_DEBUG="1")
    upgrade_database(make_test_app(url, plugins))
    for _ in range(2):
        subprocess.run(command, shell=True, check=True, cwd=tmp_path, env=environ)
    assert len([*tmp_path.glob("backup-[1-7].zip")]) == 1


def test_the_worker_is_as_confined_as_the_server_and_ends_before_it_is_killed():
    server, worker = (
        dict(re.findall(r"^(\w+)=(.*)", unit.read_text(), re.MULTILINE)) for unit in (UNIT, JOBS)
    )
    assert worker["ExecStart"] == "/opt/shoptrack/bin/shoptrack jobs worker"
    own = {"Description", "ExecStart", "Nice", "LimitNOFILE"}
    assert {n: v for n, v in worker.items() if n not in own} == {
        name: value for name, value in server.items() if name not in own
    }
    assert ServerSettings().finish_seconds + 1 < int(worker["TimeoutStopSec"])


def test_the_unit_serves_the_ini_of_the_wheel_on_its_port_of_this_machine():
    (command,) = re.findall(r"^ExecStart=(.*)", UNIT.read_text(), re.MULTILINE)
    pserve, ini, host, port = command.split()
    assert ini == pserve.replace("bin/pserve", "share/shoptrack/production.ini")
    assert (host, port) == ("http_host=127.0.0.1", "http_port=%i")
    assert "get host = http_host" in (ROOT / "production.ini").read_text()


def test_the_page_names_files_that_are_there():
    page = (ROOT / "docs" / "deployment.md").read_text()
    named = set(re.findall(r"deploy/[\w/@.-]+\w", page))
    assert {str(file.relative_to(ROOT)) for file in (ROOT / "deploy").glob("*/*")} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []
