"""Servers whose clocks differ, or jump: a token holds a little before its time, and never after it."""

import time

import jwt
import pytest

from shoptrack.testing import KEY

from .processes import Client


@pytest.fixture
def ask(household, server):
    """Return a function that asks with a token that differs in some claims, and returns status and what is said."""
    token = household.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, KEY, algorithms=["HS256"])

    def ask(**instants: int) -> tuple[int, str]:
        issued = jwt.encode(claims | instants, KEY, algorithm="HS256")
        client = Client(server.port, {"Authorization": f"Bearer {issued}"})
        answer = client.request("GET", "/api/auth/user/")
        client.close()
        said = "" if answer.status == 200 else answer.json["messages"][0]["message"]
        return answer.status, said

    return ask


def test_a_server_may_be_a_little_behind_the_one_that_issued_the_token(ask):
    ahead = int(time.time()) + 5
    assert ask(iat=ahead, nbf=ahead, exp=ahead + 300) == (200, "")


def test_but_not_by_far(ask):
    ahead = int(time.time()) + 60
    assert ask(iat=ahead, exp=ahead + 300) == (401, "Token is invalid")


def test_a_clock_that_jumps_ahead_ends_a_token_at_the_second(ask):
    assert ask(exp=int(time.time()) - 1) == (401, "Token is expired")


def test_a_clock_that_jumps_back_lets_a_token_hold_that_was_issued_a_moment_ago(ask):
    before_the_jump = int(time.time()) + 8
    assert ask(iat=before_the_jump) == (200, "")
