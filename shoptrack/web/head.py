"""HEAD: the status and headers of GET, without the body.

The application sees a GET, so that views cannot treat the two differently. The body is removed at the end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

IS_HEAD = "shoptrack.is_head"  # in the WSGI environment


def is_head(environ: dict[str, Any]) -> bool:
    """Return whether the client sent a HEAD."""
    return IS_HEAD in environ


@contextmanager
def as_get(environ: dict[str, Any]) -> Iterator[None]:
    """Turn a HEAD into a GET within the block."""
    if environ["REQUEST_METHOD"] != "HEAD":
        yield
        return
    environ["REQUEST_METHOD"] = "GET"
    environ[IS_HEAD] = True
    try:
        yield
    finally:
        environ["REQUEST_METHOD"] = "HEAD"


def drop_body(headers: list[tuple[str, str]], body: Iterable[bytes]) -> list[bytes]:
    """Close the body, and return an empty one.

    :param headers: get the content length that the server would have added
    """
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if isinstance(body, list) and len(body) == 1 and not has_length:
        headers.append(("Content-Length", str(len(body[0]))))
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return []
