"""The name of a request."""

import logging
import re
from logging.config import fileConfig

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web.request_id import bind_request_id


@pytest.mark.parametrize("sent", ["a", "0", "-", "A-b-9", "x" * 64])
def test_an_acceptable_id_is_kept(make_client, sent):
    answer = make_client().get("/api/things/", headers={"X-Request-ID": sent})
    assert answer.headers.getall("X-Request-ID") == [sent]
    assert answer.json["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 65, "a_b", "a b", "a\n", "é", "１", "a,b", "\x00"])
def test_any_other_gets_a_fresh_one(make_client, sent):
    answer = make_client().get("/api/things/", extra_environ={"HTTP_X_REQUEST_ID": sent})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_requests_differ(make_client):
    app = make_client()
    assert len({app.get("/api/things/").headers["X-Request-ID"] for _ in range(10)}) == 10


@pytest.mark.parametrize("path", ["/api/nothing/", "/%ff", "/api/things", "/api/broken/", "/"])
def test_every_answer_has_one(make_client, path):
    answer = make_client().get(path, headers={"X-Request-ID": "abc"}, expect_errors=True)
    assert answer.headers["X-Request-ID"] == "abc"


def test_a_server_error_tells_its_id(make_client):
    answer = make_client().get("/api/broken/", headers={"X-Request-ID": "abc"}, status=500)
    assert answer.json["request_id"] == "abc"
    assert "the inside" not in answer.text


LOGGING = """
[loggers]
keys = root
[handlers]
keys = file
[formatters]
keys = line
[logger_root]
level = INFO
handlers = file
[handler_file]
class = FileHandler
args = ({path!r},)
formatter = line
[formatter_line]
class = shoptrack.web.request_id.Formatter
format = %(request_id)s %(message)s
"""


@pytest.fixture
def log_file(tmp_path):
    """Log as an .ini file says, and put everything back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    path = tmp_path / "log"
    ini = tmp_path / "logging.ini"
    ini.write_text(LOGGING.format(path=str(path)))
    fileConfig(ini, disable_existing_loggers=False)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before


def test_log_lines_of_a_request_carry_its_id(make_client, log_file):
    def chatty(config):
        config.add_route("chatty", "/api/chatty/")
        config.add_view(
            lambda request: logging.getLogger("somebody").info("inside") or {},
            route_name="chatty",
            renderer="json",
            permission=NO_PERMISSION_REQUIRED,
        )

    app = make_client(chatty)
    app.get("/api/chatty/", headers={"X-Request-ID": "one"})
    logging.getLogger("somebody").info("between")
    app.get("/api/broken/", headers={"X-Request-ID": "two"}, status=500)
    logging.getLogger("somebody").info("after")
    with bind_request_id("three"):
        logging.getLogger("somebody").info("streaming")
    lines = log_file.read_text().splitlines()
    assert lines[0] == "one inside"
    assert lines[1].startswith("one GET /api/chatty/ 200 ")
    assert lines[2] == "- between"
    assert lines[3] == "two GET /api/broken/ failed"
    assert lines[-3].startswith("two GET /api/broken/ 500 ")
    assert lines[-2:] == ["- after", "three streaming"]
