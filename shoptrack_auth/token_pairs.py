"""The pair of tokens with which a client of the API signs in."""

from collections.abc import Callable
from functools import partial

from shoptrack.permissions import Principal
from shoptrack_auth import refresh_cookie
from shoptrack_auth.models import UserSession
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import NewSession, sign_in_principal
from shoptrack_auth.tokens import Tokens


def issue_token_pair(request, principal: Principal, method: str) -> dict[str, str]:
    """Start a session for a principal that a plugin has verified, and return the document of its tokens.

    The document is that of ``POST /api/auth/token/``, and the response sets the refresh token's cookie, too.
    Throttling, events and the history's entry are as for a password. The request must not have written before.

    :param method: how the user signed in, for the log, such as ``openid``
    :raises NoActiveUser: no active user has the principal's name
    :raises TooManyRequests: too many attempts have failed
    """
    return make_token_pair(request, partial(sign_in_principal, request, principal, method))


def make_token_pair(request, sign_in: Callable[..., UserSession]) -> dict[str, str]:
    """Sign in, and return the session's tokens.

    :param sign_in: called with the new session; returns it
    """
    settings, tokens = AuthSettings.of(request.registry), request.registry[Tokens]
    seconds = settings.refresh_token_seconds
    session = sign_in(new=NewSession(seconds))
    refresh_token = tokens.issue_refresh(session.user_id, session.claim, seconds)
    access_token = tokens.issue_access(session.user_id, session.claim, seconds)
    refresh_cookie.set_token(request, request.response, refresh_token)
    forbid_caching(request)
    if settings.refresh_transport == "cookie":
        return {"access": access_token}
    return {"refresh": refresh_token, "access": access_token}


def forbid_caching(request) -> None:
    """Keep browsers and proxies from storing a response with tokens."""
    request.response.headers["Cache-Control"] = "no-store"
