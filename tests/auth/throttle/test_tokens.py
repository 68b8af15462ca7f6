"""Refreshing and verifying are limited by address, apart from passwords."""

import pytest

from shoptrack.testing import Client
from shoptrack_auth.testing import PASSWORD

from .conftest import AWAY, HOME

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def send(throttled):
    """Return a function that posts to a place that takes tokens, from an address."""

    def send(path, body, address=HOME):
        client = Client(throttled, extra_environ={"REMOTE_ADDR": address})
        return client.post_json(f"/api/auth/token/{path}", body, status="*")

    return send


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("path", ["refresh/", "verify/"])
def test_after_some_that_do_not_hold_all_have_to_wait(send, signed_in, path):
    bad, good = (
        {"refresh": "x", "token": "x"},
        {
            "refresh": signed_in.refresh,
            "token": signed_in.access,
        },
    )
    assert [send(path, bad).status_int for _ in range(4)] == [401] * 4
    answer = send(path, good)
    assert answer.status_int == 429
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
    assert "Set-Cookie" not in answer.headers, "the cookie may hold, and stays"
    assert send(path, good, AWAY).status_int == 200


def test_both_places_count_together(send, signed_in):
    for _ in range(2):
        send("refresh/", {"refresh": "x"})
        send("verify/", {"token": "x"})
    assert send("verify/", {"token": signed_in.access}).status_int == 429


def test_those_that_hold_and_those_that_are_not_sent_do_not_count(send, signed_in):
    for _ in range(6):
        assert send("refresh/", {"refresh": signed_in.refresh}).status_int == 200
        assert send("refresh/", {}).status_int == 401
    assert send("verify/", {"token": signed_in.access}).status_int == 200


def test_passwords_are_counted_apart(send, attempt, attempts, signed_in):
    for _ in range(4):
        send("verify/", {"token": "x"})
    assert attempt(password=PASSWORD).status_int == 200
    attempts(4)
    assert send("verify/", {"token": signed_in.access}, AWAY).status_int == 200


def test_signing_out_is_always_possible(send, throttled, signed_in, sign_ins):
    for _ in range(5):
        send("refresh/", {"refresh": "x"})
    client = Client(throttled, extra_environ={"REMOTE_ADDR": HOME})
    client.post_json("/api/auth/logout/", {"refresh": signed_in.refresh}, status=200)
    assert sign_ins() == 0


@pytest.mark.parametrize(
    ("around", "most"),
    [("2001:db8:1:2{:02x}::1", 8), ("2001:db8:1:{:x}00::1", 16), ("203.0.113.{}", 16)],
    ids=["/56", "/48", "/24"],
)
def test_the_networks_around_have_to_wait_too(send, around, most):
    statuses = [
        send("verify/", {"token": "x"}, around.format(number)).status_int
        for number in range(most + 2)
    ]
    assert statuses == [401] * most + [429] * 2
