"""The whole application behind the server of production.ini, to be talked to byte by byte."""

import socket
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

from shoptrack.testing import serve_app

PRODUCTION = Path(__file__).parents[2] / "production.ini"
Talk = Callable[[bytes], bytes]


class Answer:
    """An answer, as it stood on the line."""

    def __init__(self, raw: bytes):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        line, _, headers = head.partition(b"\r\n")
        self.status = int(line.split()[1])
        self.headers: Message = BytesParser().parsebytes(headers + b"\r\n\r\n")


def server_options() -> dict[str, str]:
    """Return what production.ini says about the server, but for where it listens."""
    ini = ConfigParser(interpolation=None)
    ini.read(PRODUCTION)
    foreign = {"use", "get host", "threads", "get port", *ini.defaults()}
    return {name: value for name, value in ini["server:main"].items() if name not in foreign}


@contextmanager
def talking(app) -> Iterator[Talk]:
    """Serve; the value sends bytes on a new connection, and returns all that comes until its end."""
    with serve_app(app, **server_options()) as port:

        def talk(sent: bytes) -> bytes:
            with socket.create_connection(("127.0.0.1", port), 10) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65536), b""))

        yield talk


@pytest.fixture(scope="session")
def shared_talk(shared_apps, plugins, settings) -> Iterator[Talk]:
    """Serve the application once."""
    with talking(shared_apps.get(plugins, settings)) as talk:
        yield talk


@pytest.fixture
def talk(shared_talk, app) -> Talk:
    """Return a function that sends bytes, and returns what the server sends until it closes."""
    return shared_talk


@pytest.fixture
def ask(talk) -> Callable[..., Answer]:
    """Return a function that sends one request and returns its answer.

    ``ask("GET /api/", "Accept: text/html", body=b"…")`` names the host unless a header does.
    """
    return lambda line, *headers, body=b"": Answer(talk(request(line, *headers, body=body)))


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request, after which the connection ends."""
    all_headers = [*headers, "Connection: close"]
    if not any(header.lower().startswith("host:") for header in headers):
        all_headers.append("Host: localhost")
    if body and not any(header.lower().startswith("content-length:") for header in headers):
        all_headers.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([f"{line} HTTP/1.1", *all_headers])
    return head.encode("latin-1") + b"\r\n\r\n" + body
