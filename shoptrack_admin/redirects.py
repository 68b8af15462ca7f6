"""Targets of redirects: URLs from a request are not trusted."""

import re
from urllib.parse import unquote

from shoptrack_admin.pages import PATH

MAX_PATH_LENGTH = 2048
# Browsers read a backslash as a slash, and ignore white space and control characters.
PRINTABLE = re.compile(r"[!-\[\]-~]+")
DOT_SEGMENTS = frozenset({".", ".."})


def parse_safe_path(url: str | None, script_name: str) -> str | None:
    """Return a URL if it is a path of the administration, else ``None``.

    It must begin with the administration's path, and so has no host, scheme or other path. Dot segments could lead
    elsewhere, and no page has any.

    :param script_name: the application's path, as browsers see it
    """
    if not url or len(url) > MAX_PATH_LENGTH or not PRINTABLE.fullmatch(url):
        return None
    # Browsers read an encoded dot as a dot, and some proxies an encoded slash or backslash as a slash.
    segments = re.split(r"[/\\]", unquote(re.split("[?#]", url)[0]))
    if not DOT_SEGMENTS.isdisjoint(segments):
        return None
    return url if url.startswith(script_name + PATH) else None
