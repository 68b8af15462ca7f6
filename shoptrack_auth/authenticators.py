"""Identify users by the authenticators that other plugins add (``config.add_authenticator``).

A request's own token or session comes first. Then the authenticators are asked in their order, and the first that names
a principal decides. Browsers and proxies may add such credentials to every request, as they do with cookies. So a
request that changes something must not come from a page of another origin.
"""

from shoptrack.permissions import Authenticator, Permissions, Principal, is_page_request
from shoptrack_auth.identity import UserIdentity, make_identity, reads_grants
from shoptrack_auth.origins import SAFE_METHODS, check_origin
from shoptrack_auth.principals import get_principal_user

FOREIGN_ORIGIN = (
    "This origin is not allowed to change anything. Add it to SHOPTRACK_CORS_ALLOWED_ORIGINS."
)


def identify(request) -> UserIdentity | None:
    """Return the user whom the first authenticator names, ``None`` if none does.

    :raises NotAuthenticated: the credentials are refused, or no active user has the name
    :raises Forbidden: a page of another origin sends the request, which changes something
    """
    on_page = is_page_request(request)
    for authenticator in Permissions.of(request.registry).get_authenticators():
        if on_page and not authenticator.with_pages:
            continue
        principal = _authenticate(authenticator, request)
        if principal is None:
            continue
        if request.method not in SAFE_METHODS:
            check_origin(request, FOREIGN_ORIGIN)
        row = get_principal_user(request.reader, principal, with_permissions=reads_grants(request))
        return make_identity(request, row, authenticator.name)
    return None


def _authenticate(authenticator: Authenticator, request) -> Principal | None:
    """Return the authenticator's principal. An error of the authenticator is not caught: it ends the request."""
    principal = authenticator.authenticate(request)
    if not isinstance(principal, Principal | None):
        raise TypeError(
            f"The authenticator {authenticator.name!r} returned {type(principal).__name__}. "
            "Return a Principal or None."
        )
    return principal
