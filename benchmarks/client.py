"""A client for what is asked once or a few times; wrk sends the load."""

import http.client
import json
import time
from dataclasses import dataclass
from email.message import Message
from typing import Any, Self

TIMEOUT = 600  # seconds; a list of a million records takes some peers their time


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Message
    body: bytes

    @property
    def document(self) -> Any:
        """Return the JSON of the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Times:
    """How long an answer took, in seconds: until its body began, and until it ended."""

    first_byte: float
    whole: float
    status: int


class Client:
    """One connection to a server on this machine, opened when it is needed.

    :param token: the bearer token of its requests
    :param cookie: that a browser sends in its place
    """

    def __init__(self, port: int, token: str | None = None, cookie: str | None = None):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if cookie:
            self._headers["Cookie"] = cookie

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception) -> None:
        self._connection.close()

    def send(self, method: str, path: str, body: str | None = None) -> Answer:
        """Return what is answered."""
        response = self._ask(method, path, body)
        return Answer(response.status, response.headers, response.read())

    def timed(self, method: str, path: str, body: str | None = None) -> Times:
        """Read an answer, throw its body away, and return how long it took."""
        started = time.perf_counter()
        response = self._ask(method, path, body)
        response.read1(1)
        first_byte = time.perf_counter() - started
        buffer = bytearray(256 * 1024)
        while response.readinto(buffer):
            pass
        return Times(first_byte, time.perf_counter() - started, response.status)

    def _ask(self, method: str, path: str, body: str | None) -> http.client.HTTPResponse:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()
