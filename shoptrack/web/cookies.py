"""Drops invalid cookies.

A browser sends the cookies of all applications on the host. If one of them is not UTF-8, WebOb returns none, and its
parser takes quadratic time for text that is not ``name=value``.
"""

import re
from typing import Any

from webob.cookies import parse_cookie

from shoptrack.i18n.text_input import InvalidText, check_text

# A whole cookie, as WebOb parses it.
COOKIE = re.compile(
    r"""[\w!#$%&'*+.^`|~-]+=(?:"(?:[^"\\\n]|\\.)*"|[\w~!@#$%^&*()+=`.?|:/{}<>'-]*)""", re.ASCII
)


def drop_invalid_cookies(environ: dict[str, Any]) -> None:
    """Remove invalid cookies from the request."""
    header = environ.get("HTTP_COOKIE")
    if header:
        parts = (part.strip() for part in header.split(";"))
        environ["HTTP_COOKIE"] = "; ".join(filter(_is_valid, parts))


def _is_valid(cookie: str) -> bool:
    if not COOKIE.fullmatch(cookie):
        return False
    if cookie.isascii() and "\\" not in cookie:
        return True
    try:
        # A backslash escapes a byte, and any byte can be escaped.
        for _, value in parse_cookie(cookie):
            check_text(value.decode())
    except (UnicodeError, InvalidText):
        return False
    return True
