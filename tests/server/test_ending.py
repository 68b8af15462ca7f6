"""How the server ends: as one process really does, upon real signals."""

import signal
from http.client import IncompleteRead
from resource import RLIMIT_NOFILE, prlimit

import pytest

from ..pserve import PRODUCTION, free_port
from .conftest import PATIENCE, Server, eventually


@pytest.fixture
def file(tmp_path):
    """Return the file that slow answers wait for."""
    return tmp_path / "go"


def begun(file) -> None:
    eventually(file.with_suffix(".begun").exists, lambda: "The request has not come.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_requests_in_hand_are_finished_and_no_new_ones_are_taken(server, file, tmp_path, number):
    running: Server = server(finish_seconds=str(PATIENCE)).start().until_it_answers()
    other = tmp_path / "other"
    slow = running.ask(f"/slow?file={file}")
    stream = running.ask(f"/stream?file={other}")
    begun(file)
    begun(other)
    running.signal(number)
    eventually(running.refuses, lambda: "Connections are still taken.")
    file.touch()
    assert slow.result() == (200, b"whole", "close")
    assert running.process.poll() is None
    other.touch()
    assert stream.result()[:2] == (200, b"one half, " * 30_000 + b"and the other")
    assert running.end() == 0
    assert "Shutdown timed out" not in running.said()


def test_a_connection_that_is_kept_without_a_request_delays_nothing(server):
    running = server(finish_seconds=str(10 * PATIENCE)).start().until_it_answers()
    kept = running.ask("/healthz")
    assert kept.result() == (200, b'{"status":"ok"}', None)
    running.signal()
    assert running.end() == 0


def test_what_does_not_end_in_time_is_broken_off(server, file):
    running = server(finish_seconds="0.2").start().until_it_answers()
    stream = running.ask(f"/stream?file={file}")
    begun(file)
    running.signal()
    assert running.end() == 0
    assert (
        "Shutdown timed out after 0.2 seconds: aborted requests on 1 connections" in running.said()
    )
    with pytest.raises(IncompleteRead):
        stream.result()


def test_a_second_signal_ends_it_at_once(server, file):
    running = server(finish_seconds=str(10 * PATIENCE)).start().until_it_answers()
    running.ask(f"/slow?file={file}")
    begun(file)
    running.signal()
    running.until_it_says("Shutting down ")
    running.signal()
    assert running.end() == 128 + signal.SIGTERM


def test_a_proxy_is_told_before_connections_are_refused(server):
    running = server(leave_seconds=str(10 * PATIENCE)).start().until_it_answers()
    running.signal()
    running.until_it_says("Shutting down ")
    eventually(lambda: running.ask("/healthz").result()[0] == 503, running.said)
    assert running.ask("/healthz").result() == (503, b'{"status":"leaving"}', "close")
    status, _, connection = running.ask("/api/").result()
    assert (status, connection) == (200, "close")


def test_an_older_ini_file_with_waitress_still_serves(server):
    text = PRODUCTION.read_text()
    head, _, rest = text.partition("[server:main]\nuse = egg:shoptrack\n")
    running = server()
    running.port = free_port()
    running.start(f"{head}[server:main]\nuse = egg:waitress#main\n{rest}").until_it_answers()
    assert running.ask("/healthz").result()[0] == 200


def test_many_connections_have_files_enough(server):
    running = server().start().until_it_answers()
    soft, hard = prlimit(running.process.pid, RLIMIT_NOFILE)
    assert soft > 4000 or soft == hard
