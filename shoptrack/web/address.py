"""The address that was asked for: whether it can be read, and whether it belongs to the API."""

from typing import Any
from urllib.parse import unquote_to_bytes

from shoptrack.errors import BadRequest, NotFound

API = "/api/"
# Pyramid keeps the last 1,000 paths that it split; without a limit strangers would fill the memory.
LONGEST_PATH = 8192


def is_api(environ: dict[str, Any]) -> bool:
    """Tell whether the path lies under ``/api/``."""
    return environ.get("PATH_INFO", "").startswith(API)


def check(environ: dict[str, Any]) -> None:
    """Raise unless path and query can be read as UTF-8.

    :raises BadRequest: they cannot
    :raises NotFound: the path is longer than any that exists
    """
    path = environ.get("PATH_INFO", "")
    if len(path) > LONGEST_PATH:
        raise NotFound
    query = environ.get("QUERY_STRING", "")
    try:
        # WSGI hands bytes over as if they were Latin-1.
        if not path.isascii():
            path.encode("latin-1").decode()
        if "%" in query or not query.isascii():
            unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        raise BadRequest("The address is not valid UTF-8.") from None
