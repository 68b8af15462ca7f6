"""Cookies that cannot be read are taken as not sent.

A browser sends the cookies of every program on the same host. Where one of them is not UTF-8 WebOb hands out none, and
text that is no ``name=value`` costs it time that grows with the square of the length.
"""

import re
from typing import Any

from webob.cookies import parse_cookie

from shoptrack.i18n.text_input import InvalidText, check_text

# What WebOb takes as one cookie from its first character to its last.
COOKIE = re.compile(
    r"""[\w!#$%&'*+.^`|~-]+=(?:"(?:[^"\\\n]|\\.)*"|[\w~!@#$%^&*()+=`.?|:/{}<>'-]*)""", re.ASCII
)


def drop_invalid_cookies(environ: dict[str, Any]) -> None:
    """Leave only the cookies in the request that can be read."""
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
