"""HEAD: the status and the headers that GET has, without a body.

The application is asked by GET, whatever it consists of: a view of a plugin cannot tell the two apart, and so answers
both alike. Only the body is taken away in the end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

IS_HEAD = "shoptrack.is_head"  # in the WSGI environment


def is_head(environ: dict[str, Any]) -> bool:
    """Tell whether the client asked by HEAD."""
    return IS_HEAD in environ


@contextmanager
def as_get(environ: dict[str, Any]) -> Iterator[None]:
    """Let a HEAD be a GET inside the block."""
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
    """Close a body, so that nothing more of it is made, and return the empty one that is sent instead.

    :param headers: the length is added where the server would have added that of the body
    """
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if isinstance(body, list) and len(body) == 1 and not has_length:
        headers.append(("Content-Length", str(len(body[0]))))
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return []
