"""The log of refusals that are documented: few lines, however many clients are refused."""

import logging
import sqlite3
import time

import psycopg
import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shoptrack.db.write_queue import WriteQueueFull
from shoptrack.errors import ServiceUnavailable
from shoptrack.web import refusal_log

LOGGER = "shoptrack.web.refusal_log"
MANY = 50


class OutOfPaper(ServiceUnavailable):
    """A refusal of a plugin's own."""

    detail = "There is no paper."


def of_driver(error: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, error)


def locked() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


REFUSALS = {
    "away": lambda: of_driver(psycopg.OperationalError("connection refused\nIs it running?")),
    "slow": lambda: of_driver(psycopg.errors.QueryCanceled("canceling statement")),
    "full pool": lambda: PoolTimeout("QueuePool limit reached"),
    "a lock": lambda: of_driver(locked()),
    "too many writers": WriteQueueFull,
    "streams": lambda: ServiceUnavailable("Too many long responses are being sent."),
    "a plugin's": OutOfPaper,
}


@pytest.fixture
def client(make_client):
    """Return a client of views that fail as they are told."""

    def refuse(request):
        raise REFUSALS[request.GET["kind"]]()

    def add(config):
        config.add_route("refuse", "/api/refuse/")
        config.add_view(refuse, route_name="refuse", permission=NO_PERMISSION_REQUIRED)

    return make_client(add)


@pytest.fixture
def get_lines(caplog):
    """Return a function that returns the lines of the log so far."""
    caplog.set_level(logging.INFO)
    return lambda: [record for record in caplog.records if record.name == LOGGER]


@pytest.mark.parametrize("kind", REFUSALS)
def test_many_of_a_kind_are_a_warning_and_a_count(client, get_lines, monkeypatch, kind):
    now = 0.0
    monkeypatch.setattr(refusal_log, "monotonic", lambda: now)
    monkeypatch.setattr(refusal_log, "WINDOW_SECONDS", 0.5)
    for _ in range(MANY):
        answer = client.get(f"/api/refuse/?kind={kind}", status=503)
        assert answer.headers["Retry-After"] == "5"
    for _ in range(600):
        if len(get_lines()) > 1:
            break
        time.sleep(0.05)
    first, *counts = [line.getMessage() for line in get_lines()]
    assert first.startswith("GET /api/refuse/ was refused. ")
    assert answer.json["detail"] in first
    # On a slow machine the second may be over before all have come.
    assert sum(int(count.split()[0]) for count in counts) <= MANY - 1
    assert all("more refused within a second" in count for count in counts)
    assert len(counts) < MANY / 5
    assert all(line.levelno == logging.WARNING for line in get_lines())
    assert all(line.exc_info is None and "\n" not in line.getMessage() for line in get_lines())


def test_the_next_second_has_a_line_of_its_own(client, get_lines, monkeypatch):
    now = 0.0
    monkeypatch.setattr(refusal_log, "monotonic", lambda: now)
    for _ in range(3):
        client.get("/api/refuse/?kind=away", status=503)
        now += 1.0
    assert len(get_lines()) == 3
    assert "(connection refused)" in get_lines()[0].getMessage()


def test_kinds_do_not_hide_each_other(client, get_lines):
    for kind in REFUSALS:
        client.get(f"/api/refuse/?kind={kind}", status=503)
    # A lock and too many writers are told to clients, and so here, by the same sentence.
    assert len({line.getMessage().partition(" (")[0] for line in get_lines()}) == len(REFUSALS) - 1


def test_a_fault_is_an_error_with_its_traceback_each_time(client, get_lines):
    for _ in range(3):
        client.get("/api/broken/", status=500)
    assert [line.levelno for line in get_lines()] == [logging.ERROR] * 3
    assert all(line.exc_info for line in get_lines())


def test_the_kinds_that_are_remembered_are_bounded(monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    log = refusal_log.RefusalLog()
    for number in range(3 * refusal_log.MAX_KINDS):
        log.log_failure("a test", ServiceUnavailable(f"Number {number}."))
    assert len(caplog.records) == 3 * refusal_log.MAX_KINDS
    assert len(log._started_at) == refusal_log.MAX_KINDS
