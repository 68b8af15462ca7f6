"""ETags: whether a client has the current state, and whether it changes the state that it has read."""

from typing import Any

from webob.etag import ETagMatcher

from shoptrack.errors import DomainError
from shoptrack.i18n.translation import _

# Suffixes that compressing proxies append to ETags (Apache, Caddy, lighttpd; Jetty with two dashes). ShopTrack's own
# ETags never end so. Other proxies make the ETag weak instead.
PROXY_SUFFIXES = ("", "-gzip", "--gzip", "-deflate", "-br", "-zstd")


class PreconditionFailed(DomainError):
    """A row is no longer what the client knows."""

    status = 412
    detail = _("This row has changed since you read it. Read it again before you change it.")


def is_not_modified(request: Any, etag: str, *, is_strong: bool) -> bool:
    """Set the response's ETag, and return whether the client has this state already (``If-None-Match``)."""
    request.response.etag = (etag, is_strong)
    return "HTTP_IF_NONE_MATCH" in request.environ and is_listed(request.if_none_match, etag)


def make_not_modified(request: Any) -> Any:
    """Return the response without a body."""
    response = request.response
    response.status_int = 304
    response.content_type = None
    return response


def check_if_match(request: Any, etag: str) -> None:
    """Check that a row has not changed since the client read it (``If-Match``).

    Weak ETags match as well, because compression makes the same ETag weak.

    :raises PreconditionFailed: the row has changed
    """
    if not is_listed(ETagMatcher.parse(request.headers["If-Match"], strong=False), etag):
        raise PreconditionFailed


def is_listed(header: Any, etag: str) -> bool:
    """Return whether a header lists an ETag, as sent or as changed by a proxy.

    :param header: the header parsed by WebOb
    """
    return any(f"{etag}{suffix}" in header for suffix in PROXY_SUFFIXES)
