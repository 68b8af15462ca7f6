"""The address that was asked for: whether it can be read, belongs to the API, and lies below a path of the host."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from shoptrack.errors import BadRequest, NotFound, URITooLong

API_PREFIX = "/api/"
# Pyramid keeps the last 1,000 paths that it split; without a limit strangers would fill the memory.
MAX_PATH_LENGTH = 8192
# Room for 1,000 ids in a filter, in one parameter or one by one. Each parameter is an object, and may be an error.
MAX_QUERY_BYTES = 32_768
MAX_PARAMETERS = 1100
MAX_APPLICATION_PATH_LENGTH = 200
# What needs no encoding anywhere; no dot segments, and no two slashes, which would begin the address of a host.
APPLICATION_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)+", re.ASCII)


def is_api_path(environ: dict[str, Any]) -> bool:
    """Tell whether the path lies under ``/api/``."""
    return environ.get("PATH_INFO", "").startswith(API_PREFIX)


def is_application_path(path: str) -> bool:
    """Tell whether clients can see the application below a path, such as ``/shoptrack``."""
    fits = len(path) <= MAX_APPLICATION_PATH_LENGTH
    return fits and APPLICATION_PATH.fullmatch(path) is not None


def check_path(environ: dict[str, Any]) -> None:
    """Raise unless path and query can be read as UTF-8, and the query is no longer than any request needs.

    :raises BadRequest: they are not UTF-8, or there are too many parameters
    :raises NotFound: the path is longer than any that exists
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
