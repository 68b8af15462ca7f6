"""Checks of request paths and query strings."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from shoptrack.errors import BadRequest, NotFound, URITooLong

API_PREFIX = "/api/"
# Pyramid caches 1,000 split paths; without a limit clients could fill the memory.
MAX_PATH_LENGTH = 8192
# Enough for 1,000 IDs in a filter, in one parameter or one each. Each parameter becomes an object, or an error.
MAX_QUERY_BYTES = 32_768
MAX_PARAMETERS = 1100
MAX_APPLICATION_PATH_LENGTH = 200
# Characters that need no encoding; no dot segments, and no double slash, which would begin a host name.
APPLICATION_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)+", re.ASCII)


def is_api_path(environ: dict[str, Any]) -> bool:
    """Return whether the path lies below ``/api/``."""
    return environ.get("PATH_INFO", "").startswith(API_PREFIX)


def is_application_path(path: str) -> bool:
    """Return whether the application can be mounted at a path such as ``/shoptrack``."""
    fits = len(path) <= MAX_APPLICATION_PATH_LENGTH
    return fits and APPLICATION_PATH.fullmatch(path) is not None


def check_path(environ: dict[str, Any]) -> None:
    """Check that path and query string are UTF-8 and not too long.

    :raises BadRequest: not UTF-8, or too many parameters
    :raises NotFound: the path is longer than any route
    :raises URITooLong: the query string is too long
    """
    path = environ.get("PATH_INFO", "")
    if len(path) > MAX_PATH_LENGTH:
        raise NotFound
    query = environ.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY_BYTES:
        raise URITooLong(f"The query string is too long (maximum: {MAX_QUERY_BYTES} bytes).")
    if query.count("&") >= MAX_PARAMETERS:
        raise BadRequest(f"Too many query parameters (maximum: {MAX_PARAMETERS}).")
    try:
        # WSGI hands bytes over as if they were Latin-1.
        if not path.isascii():
            path.encode("latin-1").decode()
        if "%" in query or not query.isascii():
            unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        raise BadRequest("The address is not valid UTF-8.") from None
