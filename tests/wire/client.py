"""One request over a socket of its own, byte by byte as the transcript has it."""

import socket
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPResponse

from .transcript import Header

BODY_METHODS = {"POST", "PUT", "PATCH"}
# Names of headers have no case, and the server writes them in its own way.
SPELLINGS = {"etag": "ETag", "www-authenticate": "WWW-Authenticate", "x-request-id": "X-Request-ID"}
# What any server of HTTP adds to say how it sends a message.
OF_THE_SERVER = {"connection", "content-length", "date", "server", "transfer-encoding", "via"}


@dataclass
class Response:
    """What came back, without the headers that are the server's own."""

    status: int
    headers: list[Header]
    body: bytes


def send(port: int, method: str, target: str, headers: list[Header], body: bytes) -> Response:
    """Send a request, and return the response. Host, Content-Type and Content-Length are added where they miss."""
    named = {name.lower() for name, _ in headers}
    added = []
    if "host" not in named:
        added.append(("Host", "localhost"))
    if body and "content-type" not in named:
        added.append(("Content-Type", "application/json"))
    if (body or method in BODY_METHODS) and not named & {"content-length", "transfer-encoding"}:
        added.append(("Content-Length", str(len(body))))
    lines = [
        f"{method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in added + headers),
    ]
    with ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        response = stack.enter_context(closing(HTTPResponse(connection, method=method)))
        response.begin()
        received = response.read()
        kept = [
            (SPELLINGS.get(name.lower(), name.title()), value)
            for name, value in response.getheaders()
            if name.lower() not in OF_THE_SERVER
        ]
        return Response(response.status, kept, received)
