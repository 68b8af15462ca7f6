"""The name of a request, by which its answer and its log lines are found again."""

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
    """Return the request's id: the one that came with it if it is acceptable, else a fresh one."""
    if ENVIRON_KEY not in environ:
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        environ[ENVIRON_KEY] = sent if VALID_ID.fullmatch(sent) else token_hex(16)
    return environ[ENVIRON_KEY]


def get_current_request_id() -> str:
    """Return the id of the request that this thread works for; ``-`` outside of requests."""
    return _current.get()


@contextmanager
def bind_request_id(request_id: str) -> Iterator[None]:
    """Let every log line of the block, in this thread, carry the id.

    A body that is streamed is made after the request has ended: its maker opens the block again.
    """
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def add_header(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    """Put the id into an answer's headers."""
    headers[:] = [header for header in headers if header[0].lower() != "x-request-id"]
    headers.append(("X-Request-ID", get_request_id(environ)))


class Formatter(logging.Formatter):
    """Lets the formats of an .ini file use ``%(request_id)s``; ``-`` outside of requests.

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
