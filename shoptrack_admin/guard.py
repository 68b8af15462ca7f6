"""The checks before every view of the administration, as a view deriver that no view can omit.

Users must be signed in, and staff on pages for staff. Requests that change something need the CSRF origin and a CSRF
token.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.viewderivers import INGRESS

from shoptrack.errors import Forbidden
from shoptrack.permissions import is_page_request
from shoptrack.settings import Settings
from shoptrack_admin.access import check_access
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions

CSRF_FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SALT_BYTES = 9


class CsrfError(Forbidden):
    """The request's CSRF origin or token is invalid."""

    detail = _("This form is no longer valid. Nothing was changed. Reload the page and try again.")


class BadCsrfToken(CsrfError):
    """The CSRF token belongs to another session."""


class SchemeMismatch(CsrfError):
    """The origin has another scheme, since a proxy in front is not trusted."""

    detail = _(
        "Your browser uses another protocol than the server expects. Nothing was "
        "changed. Add the proxy in front of the server to SHOPTRACK_TRUSTED_PROXIES."
    )


class CookieMissing(CsrfError):
    """The browser did not send the session cookie."""

    detail = _(
        "Your browser did not send the cookie of these pages. Nothing was changed. "
        "Allow cookies and, outside of development, use HTTPS."
    )


def guard_view(view, info):
    """Wrap a view in the checks."""
    permission = info.options.get("permission")
    is_open = permission == NO_PERMISSION_REQUIRED
    if info.exception_only:
        return view

    def guarded(context, request):
        if is_page_request(request):
            if not is_open:
                check_access(request, permission, _get_route_name(request))
            if request.method not in SAFE_METHODS:
                check_csrf(request)
        return view(context, request)

    return guarded


def check_csrf(request) -> None:
    """Check that a page of this browser's session sent the request.

    :raises CsrfError: another or unknown origin
    :raises BadCsrfToken: the token of another session
    """
    check_csrf_origin(request)
    key = browser_sessions.get_session_key(request)
    if not key:
        raise CookieMissing
    token = request.form.get(CSRF_FIELD, "")
    salt = token[: _length(SALT_BYTES)]
    if not hmac.compare_digest(token.encode(), _token(request, key, salt).encode()):
        raise BadCsrfToken


def check_csrf_origin(request) -> None:
    """Check that a page of this origin sent the request.

    :raises CsrfError: another or unknown origin
    """
    # Browsers send Origin with every such request; old ones send Referer instead.
    origin = request.headers.get("Origin") or _origin(request.headers.get("Referer", ""))
    if origin != request.host_url:
        same_host = origin.partition("://")[2] == request.host
        raise SchemeMismatch if same_host else CsrfError


def csrf_token(request) -> str:
    """Return a CSRF token for a form. It belongs to the session, or to the visit before a session."""
    # Salted anew each time: an unchanging token could be guessed from the length of compressed pages.
    salt = secrets.token_urlsafe(SALT_BYTES)
    return _token(
        request,
        browser_sessions.get_session_key(request) or browser_sessions.set_new_session_key(request),
        salt,
    )


def _token(request, key: str, salt: str) -> str:
    secret = Settings.of(request.registry).secret_key.get_secret_value()
    signed = f"administration form {salt} {key}".encode()
    return salt + urlsafe_b64encode(hmac.digest(secret.encode(), signed, sha256)).decode()


def _get_route_name(request) -> str:
    return request.matched_route.name if request.matched_route else ""


def _length(size: int) -> int:
    return size * 4 // 3


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


def includeme(config):
    """Add the view deriver and ``request.csrf_token``."""
    config.add_view_deriver(guard_view, "administration_guard", under=INGRESS, over="secured_view")
    config.add_request_method(csrf_token, reify=True)
