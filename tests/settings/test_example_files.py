"""The files that users start from: development.ini, production.ini and .env_example."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from paste.deploy.loadwsgi import SERVER, loadcontext
from plaster import get_loader
from waitress.adjustments import Adjustments
from webtest.http import StopableWSGIServer

from shoptrack.server.settings import ServerSettings
from shoptrack.settings import DEVELOPMENT_KEY, EXAMPLE_KEY, Settings, Sources

ROOT = Path(__file__).parents[2]
INI_FILES = ["development.ini", "production.ini"]


def loader(name):
    return get_loader(str(ROOT / name), protocols=["wsgi"])


def app_settings(name):
    return loader(name).get_wsgi_app_settings()


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """Return the variables of .env_example, those behind a comment's sign too."""
    text = (ROOT / ".env_example").read_text()
    path = tmp_path_factory.mktemp("examples") / ".env"
    path.write_text(re.sub(r"^# (?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    return dotenv_values(path, interpolate=False)


def test_the_public_keys_that_production_refuses_are_those_in_the_files(examples):
    assert app_settings("development.ini")["shoptrack.secret_key"] == DEVELOPMENT_KEY
    assert examples["SHOPTRACK_SECRET_KEY"] == EXAMPLE_KEY


def test_development_needs_nothing_more():
    settings = Sources(app_settings("development.ini"), {}, None).read(Settings)
    assert settings.debug is True
    assert settings.database_is_default is True
    assert settings.plugins == ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")


def test_production_needs_a_key_and_nothing_more():
    environ = {"SHOPTRACK_SECRET_KEY": "k" * 32}
    settings = Sources(app_settings("production.ini"), environ, None).read(Settings)
    assert settings.debug is False
    assert settings.plugins == ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")


@pytest.mark.parametrize("name", INI_FILES)
def test_the_ini_files_have_known_keys_only(name):
    Sources(app_settings(name), {}, None).check_unknown([Settings])


def test_every_variable_of_the_core_is_in_the_example(examples):
    declared = (*Settings.get_variables(), *ServerSettings.get_variables())
    assert {variable.name for variable in declared} <= examples.keys()


def test_every_older_name_is_in_the_example():
    text = (ROOT / ".env_example").read_text()
    assert [
        name for name in Settings.get_variable_names() if not re.search(rf"\b{name}\b", text)
    ] == []


def test_a_copy_of_the_example_changes_nothing():
    sources = Sources({"shoptrack.debug": "on"}, {}, ROOT / ".env_example")
    assert sources.read(Settings) == Settings(debug=True)


def test_the_example_shows_values_that_hold(examples):
    shown = {name: value for name, value in examples.items() if name != "DATABASE_URL"}
    settings = Sources({}, shown | {"SHOPTRACK_DEBUG": "on"}, None).read(Settings)
    assert settings.allowed_hosts == Settings(debug=True).allowed_hosts
    assert settings.cors_allowed_origins == Settings(debug=True).cors_allowed_origins
    assert settings.max_body_size == Settings(debug=True).max_body_size
    assert len(settings.trusted_proxies) == 3


def test_a_percent_sign_is_doubled_in_an_ini_file(tmp_path):
    path = tmp_path / "own.ini"
    path.write_text("[app:main]\nuse = egg:shoptrack\nshoptrack.secret_key = #a%%b%%(c)s;$ #d\n")
    settings = get_loader(str(path), protocols=["wsgi"]).get_wsgi_app_settings()
    assert settings["shoptrack.secret_key"] == "#a%b%(c)s;$ #d"


def server_settings(name, **variables):
    """Return what the file, with variables of the command line, hands to waitress."""
    context = loadcontext(SERVER, f"config:{ROOT / name}", name="main", global_conf=variables)
    return context.local_conf


@pytest.mark.parametrize(
    ("name", "address"), [("development.ini", "127.0.0.1"), ("production.ini", "*")]
)
def test_the_port_is_a_variable_and_development_listens_on_this_machine_only(name, address):
    assert Adjustments(**server_settings(name)).listen[0][3][1] == 8000
    assert server_settings(name)["host"] == address
    assert Adjustments(**server_settings(name, http_port="8123")).listen[0][3][1] == 8123


@pytest.fixture(params=INI_FILES)
def ask(request):
    """Return a function that sends bytes to waitress, as the file sets it up, and returns the answer."""

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        seen = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
        return [repr([environ.get(name) for name in seen]).encode()]

    own = {"host", "port"}
    adjustments = {k: v for k, v in server_settings(request.param).items() if k not in own}
    server = StopableWSGIServer.create(app, **adjustments)

    def send(data):
        with socket.create_connection(server.socket.getsockname(), timeout=60) as client:
            client.sendall(data)
            return b"".join(iter(lambda: client.recv(65536), b"")).decode()

    yield send
    server.shutdown()


@pytest.mark.parametrize("name", INI_FILES)
def test_the_server_takes_many_connections(name):
    assert Adjustments(**server_settings(name)).connection_limit > 1000


def test_the_server_sends_no_name_and_hands_on_what_proxies_say(ask):
    answer = ask(
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.7\r\n"
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example.com\r\n\r\n"
    )
    assert answer.startswith("HTTP/1.1 200 OK")
    assert answer.endswith("['192.0.2.7', 'https', 'shop.example.com']")
    assert "\r\nserver:" not in answer.lower()
    assert "waitress" not in answer.lower()


def test_the_server_has_no_name_in_its_own_refusals(ask):
    answer = ask(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n")
    assert answer.startswith("HTTP/1.1 413 ")
    assert "waitress" not in answer.lower()


LOG = """
import logging, sys
from plaster import get_loader
get_loader(sys.argv[1], protocols=["wsgi"]).setup_logging()
logging.getLogger("shoptrack.access").info("GET /api/stores/ 200")
logging.getLogger("shoptrack.other").debug("detail")
logging.getLogger("sqlalchemy.engine.Engine").info("select")
logging.getLogger("shoptrack.server").info("Serving on")
logging.getLogger("waitress").warning("amiss")
logging.getLogger("waitress.queue").warning("Task queue depth is 1")
logging.getLogger("alembic.runtime.plugins").info("noise")
logging.getLogger("a.library").debug("noise")
"""


def logged(name):
    command = [sys.executable, "-W", "ignore", "-c", LOG, str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_production_logs_one_line_a_request_and_warnings():
    access, server, amiss = logged("production.ini")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} INFO shoptrack.access \[-\] GET /api/stores/ 200",
        access,
    )
    assert server.endswith("INFO shoptrack.server [-] Serving on")
    assert amiss.endswith("WARNING waitress [-] amiss")


def test_development_logs_details_but_no_statements():
    text = "\n".join(logged("development.ini"))
    assert "shoptrack.access [-]: GET /api/stores/ 200" in text
    assert "DEBUG   shoptrack.other [-]: detail" in text
    assert "shoptrack.server [-]: Serving on" in text
    assert "waitress [-]: amiss" in text
    assert "select" not in text
    assert "queue depth" not in text
    assert "noise" not in text
