"""The authenticator: it reads the user from the proxy's header."""

from typing import Any

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import Principal

from shoptrack_proxy_auth.settings import ProxyAuthSettings
from shoptrack_proxy_auth.translation import _

MAX_LENGTH = 254  # characters, as of an email address
INVALID = _("The proxy has sent no valid name of one user.")


def authenticate(request: Any) -> Principal | None:
    """Return the user whom the header names, ``None`` without the header.

    ``config.add_proxy_header`` has removed the header, unless a trusted proxy sent it. ShopTrack
    checks that the user exists and is active.

    :raises NotAuthenticated: the header has no name, or several
    """
    settings = ProxyAuthSettings.of(request.registry)
    sent = request.headers.get(settings.header)
    if sent is None or not sent.strip():
        return None
    name = _read_name(sent)
    return Principal(email=name) if settings.field == "email" else Principal(username=name)


def _read_name(sent: str) -> str:
    """Return the header's name.

    :param sent: as WSGI has it: each character is a byte
    """
    try:
        name = sent.encode("latin-1").decode().strip()
    except UnicodeError:
        raise NotAuthenticated({"detail": INVALID}) from None
    # A header that was sent twice is one text with a comma: the client may have sent one of both.
    if "," in name or len(name) > MAX_LENGTH or not name.isprintable():
        raise NotAuthenticated({"detail": INVALID})
    return name
