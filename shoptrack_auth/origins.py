"""The origin of a request, which browsers send with every request of a page that may change something."""

from shoptrack.errors import Forbidden
from shoptrack.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check_origin(request, message: str) -> None:
    """Check that the request does not come from another site's page, which could use the browser's credentials.

    Requests without ``Origin`` come from no page.

    :param message: of the error
    :raises Forbidden: the origin is neither the server's own nor allowed
    """
    origin = request.headers.get("Origin")
    if origin is None or origin == request.host_url:
        return
    if origin not in Settings.of(request.registry).cors_allowed_origins:
        raise Forbidden(message)
