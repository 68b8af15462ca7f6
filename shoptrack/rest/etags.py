"""Entity tags: whether a client has the newest state, and whether it changes the state that it knows."""

from typing import Any

from webob.etag import ETagMatcher

from shoptrack.errors import DomainError
from shoptrack.i18n.translation import _

# What a proxy that compresses writes behind a tag (Apache, Caddy, lighttpd; Jetty with two dashes), and no tag of
# ours ends with. Others make the tag weak instead.
PROXY_SUFFIXES = ("", "-gzip", "--gzip", "-deflate", "-br", "-zstd")


class PreconditionFailed(DomainError):
    """A row is no longer what the client knows."""

    status = 412
    detail = _("This row has changed since you read it. Read it again before you change it.")


def is_not_modified(request: Any, etag: str, *, is_strong: bool) -> bool:
    """Put an ETag on the response, and tell whether the client has this state already (``If-None-Match``)."""
    request.response.etag = (etag, is_strong)
    return "HTTP_IF_NONE_MATCH" in request.environ and is_listed(request.if_none_match, etag)


def make_not_modified(request: Any) -> Any:
    """Return the response without a body."""
    response = request.response
    response.status_int = 304
    response.content_type = None
    return response


def check_if_match(request: Any, etag: str) -> None:
    """Refuse to change a row that is no longer what the client knows (``If-Match``).

    Weak tags count as well: compression makes the same tag weak.

    :raises PreconditionFailed: it has changed
    """
    if not is_listed(ETagMatcher.parse(request.headers["If-Match"], strong=False), etag):
        raise PreconditionFailed


def is_listed(header: Any, etag: str) -> bool:
    """Tell whether a header lists an ETag, as it was sent or as a proxy changed it.

    :param header: WebOb's reading of the header
    """
    return any(f"{etag}{suffix}" in header for suffix in PROXY_SUFFIXES)
