"""The ID of a request, in its response and in its log lines."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex
from typing import Any

VALID_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
ENVIRON_KEY = "shoptrack.request_id"
_current = ContextVar("request_id", default="-")


def get_request_id(environ: dict[str, Any]) -> str:
    """Return the request's ID: the client's if it is valid, else a new one."""
    if ENVIRON_KEY not in environ:
        value = environ.get("HTTP_X_REQUEST_ID", "")
        environ[ENVIRON_KEY] = value if VALID_ID.fullmatch(value) else token_hex(16)
    return environ[ENVIRON_KEY]


def get_current_request_id() -> str:
    """Return the ID of this thread's request, ``-`` outside of requests."""
    return _current.get()


@contextmanager
def bind_request_id(request_id: str) -> Iterator[None]:
    """Add the ID to all log lines of the block, in this thread.

    A streamed body is generated after the end of the request, so its generator opens the block again.
    """
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def add_header(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    """Add the ID to the headers of a response."""
    headers[:] = [header for header in headers if header[0].lower() != "x-request-id"]
    headers.append(("X-Request-ID", get_request_id(environ)))


class Formatter(logging.Formatter):
    """Provides ``%(request_id)s`` to the formats of an .ini file; ``-`` outside of requests.

    It is a formatter because ``logging.config.fileConfig`` knows no filters.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        record.request_id = get_current_request_id()
        return super().format(record)


def includeme(config):
    """Give every request its ``request.request_id``."""
    config.add_request_method(
        lambda request: get_request_id(request.environ), "request_id", reify=True
    )
