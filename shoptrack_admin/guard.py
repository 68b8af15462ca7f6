"""What every page of the administration asks before its view runs, so that no view can forget it.

Whoever is not signed in is led to the sign-in page, whoever is no member of the staff is told so, and a request that
changes something must come from one of these pages: it carries a token that only they hold, and says where it is from.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.viewderivers import INGRESS

from shoptrack.errors import Forbidden, NotAuthenticated
from shoptrack.settings import Settings
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions

FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SALT_BYTES = 9


class NotStaff(Forbidden):
    """Somebody is signed in whom the administration does not serve."""

    detail = _("You are signed in, but only members of the staff may use these pages.")


class ForeignRequest(Forbidden):
    """Nothing shows that a request comes from one of these pages."""

    detail = _(
        "This request did not come from a page that is still valid, so nothing was changed. "
        "Go back, load the page again and repeat what you did."
    )


class StaleForm(ForeignRequest):
    """A form comes from one of these pages, which another session than the browser's has made."""


class OtherScheme(ForeignRequest):
    """The browser speaks https to somebody who hands requests on by http, and whose word does not count."""

    detail = _(
        "Your browser speaks another protocol than the server believes, so nothing was changed. "
        "Whoever runs the server has to name its proxy in SHOPTRACK_TRUSTED_PROXIES."
    )


class CookieMissing(ForeignRequest):
    """The browser keeps no cookie of these pages."""

    detail = _(
        "Your browser did not send the cookie of these pages, so nothing was changed. It must take "
        "cookies, and outside of development it sends this one by HTTPS only."
    )


def guarded_view(view, info):
    """Derive a view that runs when the guard lets the request pass."""
    is_open = info.options.get("permission") == NO_PERMISSION_REQUIRED
    if info.exception_only:
        return view

    def guarded(context, request):
        if browser_sessions.is_admin_request(request):
            if not is_open:
                check_staff(request)
            if request.method not in SAFE_METHODS:
                check_source(request)
        return view(context, request)

    return guarded


def check_staff(request) -> None:
    """Refuse whoever is not signed in, or no member of the staff.

    :raises NotAuthenticated: nobody is signed in
    :raises NotStaff: somebody is whom these pages do not serve
    """
    if request.identity is None:
        raise NotAuthenticated(challenge=False)
    if not request.identity.is_staff:
        raise NotStaff


def check_source(request) -> None:
    """Refuse what does not come from one of these pages in the same browser.

    :raises ForeignRequest: its origin is another one or unknown
    :raises StaleForm: its token is not the browser's
    """
    check_origin(request)
    key = browser_sessions.get_session_key(request)
    if not key:
        raise CookieMissing
    sent = request.form.get(FIELD, "")
    salt = sent[: _length(SALT_BYTES)]
    if not hmac.compare_digest(sent.encode(), _token(request, key, salt).encode()):
        raise StaleForm


def check_origin(request) -> None:
    """Refuse what a page of another place sends.

    :raises ForeignRequest: the origin is another one or unknown
    """
    # Browsers name the origin with every such request; old ones name the page instead.
    origin = request.headers.get("Origin") or _origin(request.headers.get("Referer", ""))
    if origin != request.host_url:
        same_host = origin.partition("://")[2] == request.host
        raise OtherScheme if same_host else ForeignRequest


def csrf_token(request) -> str:
    """Return a token for a form. It belongs to the browser's session, or to its visit before one."""
    # Another one each time: a token that never changes could be guessed from the length of compressed pages.
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


def _length(size: int) -> int:
    return size * 4 // 3


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


def includeme(config):
    """Put the guard before the views, and give requests ``request.csrf_token``."""
    config.add_view_deriver(
        guarded_view, "administration_guard", under=INGRESS, over="secured_view"
    )
    config.add_request_method(csrf_token, reify=True)
