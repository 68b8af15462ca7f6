"""Where a page may lead to next: an address that came with a request is not trusted."""

import re
from urllib.parse import unquote

from shoptrack_auth import browser_sessions

LONGEST = 2048
# Browsers take a backslash for a slash, and pass over white space and control characters.
PRINTABLE = re.compile(r"[!-\[\]-~]+")
DOT_SEGMENTS = frozenset({".", ".."})


def safe_path(address: str | None, script_name: str) -> str | None:
    """Return an address if it is a path of the administration, else ``None``.

    It has to begin with the path, so that it names no host, no scheme and no other part of this one. Dot segments,
    which browsers take out, could lead back: no page has one.

    :param script_name: the path of the application, as browsers see it
    """
    if not address or len(address) > LONGEST or not PRINTABLE.fullmatch(address):
        return None
    # Browsers read an encoded dot as a dot, and some proxies an encoded slash or backslash as a slash.
    segments = re.split(r"[/\\]", unquote(re.split("[?#]", address)[0]))
    if not DOT_SEGMENTS.isdisjoint(segments):
        return None
    return address if address.startswith(script_name + browser_sessions.COOKIE_PATH) else None
