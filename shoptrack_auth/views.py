"""The endpoints under ``/api/auth/``."""

import time
from contextlib import suppress
from typing import Any

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources.fields import Text
from shoptrack.resources.schema import Schema
from shoptrack.rest.body import read_body
from shoptrack.rest.description import Description, described
from shoptrack.rest.service import Service
from shoptrack_auth import answers, cookie, sign_ins, signing_in
from shoptrack_auth.holders import holder
from shoptrack_auth.identify import bearer
from shoptrack_auth.profiles import PASSWORD, USERNAME
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.tokens import REFRESH, Claims, TokenRefused, Tokens, not_valid

CREDENTIALS = Schema("TokenObtainPair", (USERNAME, PASSWORD))
TOKEN = Schema("TokenVerify", (Text("token", example=answers.TOKEN),))
REFRESH_TOKEN = Schema("TokenRefresh", (Text("refresh", required=False, example=answers.TOKEN),))


def sign_in(request) -> dict[str, str]:
    """Take a name and a password, and answer a pair of tokens."""
    values = CREDENTIALS.validate(read_body(request))
    settings = AuthSettings.of(request.registry)
    started = signing_in.sign_in(request, **values, seconds=settings.refresh_token_seconds)
    tokens = request.registry[Tokens]
    refresh_token = tokens.refresh(started.user_id, started.claim, settings.refresh_token_seconds)
    cookie.set_on(request, request.response, refresh_token)
    access_token = tokens.access(started.user_id, started.claim, settings.refresh_token_seconds)
    _keep_nowhere(request)
    if settings.refresh_transport == "cookie":
        return {"access": access_token}
    return {"refresh": refresh_token, "access": access_token}


def refresh(request) -> dict[str, str]:
    """Take a refresh token, from the body or else from the cookie, and answer an access token."""
    sent = _sent_in_body(request)
    if AuthSettings.of(request.registry).refresh_transport == "cookie":
        sent = None
    token = sent or cookie.sent(request)
    if not token:
        body = {"detail": "Refresh token not found in cookie."}
        raise NotAuthenticated(body, challenge=False)
    try:
        claims, session_id = _held(request, token, REFRESH)
    except TokenRefused as refused:
        raise NotAuthenticated(not_valid(refused), headers=cookie.deletion(request)) from None
    sign_ins.use(request.db, session_id)
    left = claims.expires - time.time()
    _keep_nowhere(request)
    return {"access": request.registry[Tokens].access(claims.user_id, claims.sid, left)}


def verify(request) -> dict:
    """Tell whether a token of either kind holds."""
    token = TOKEN.validate(read_body(request))["token"]
    try:
        _held(request, token)
    except TokenRefused as refused:
        raise NotAuthenticated(not_valid(refused)) from None
    return {}


def sign_out(request) -> dict[str, str]:
    """End every sign-in that the request names, by whatever way, and delete the cookie."""
    sent = [_sent_in_body(request), cookie.sent(request)]
    with suppress(NotAuthenticated):  # a broken header names nobody
        sent.append(bearer(request))
    named = set()
    for token in filter(None, sent):
        with suppress(TokenRefused):
            named.add(request.registry[Tokens].read(token, expired=True))
    if named:
        signing_in.sign_out_named(request, named)
    cookie.set_on(request, request.response, None)
    return {"detail": "Successfully logged out."}


@described(answers=answers.USER)
def user(request) -> dict:
    """Answer who is signed in."""
    identity = request.identity
    return {"id": identity.id, "username": identity.username, "email": identity.email}


def _sent_in_body(request) -> str | None:
    """Return the refresh token of the body; null and empty text count as not sent."""
    body = read_body(request)
    sent = body.get("refresh")
    if isinstance(sent, str) and not sent.strip():
        return None
    return REFRESH_TOKEN.validate(body).get("refresh")


def _keep_nowhere(request) -> None:
    """Have no browser and no proxy write the answer down: there are tokens in it."""
    request.response.headers["Cache-Control"] = "no-store"


def _held(request, token: str, kind: str | None = None) -> tuple[Claims, int]:
    """Return what a token says, and its session's id, while that goes on and its user is active.

    :raises TokenRefused: it does not hold
    :raises TooManyRequests: from this address came too many that did not
    """
    throttle = Throttle.of(request.registry)
    attempt = throttle.by_token(request.client_addr or "")
    throttle.check(request.reader, attempt)
    try:
        claims = request.registry[Tokens].read(token, kind)
        row = holder(request.reader, claims)
    except TokenRefused:
        throttle.failed(attempt)
        raise
    return claims, row.sign_in_id


def includeme(config):
    """Serve the endpoints. All but the last are open: a stale token must not keep anybody out."""
    guarded = [cookie.check_origin]
    settings = AuthSettings.of(config.registry)
    by_cookie: dict[str, Any] = {
        "body": REFRESH_TOKEN,
        "cookies": [answers.cookie_parameter(settings)],
    }
    says = Description(body=CREDENTIALS, answers=answers.signed_in(settings))
    _serve(config, "token/", sign_in, validators=guarded, description=says)
    says = Description(**by_cookie, answers=answers.refreshed(settings))
    _serve(config, "token/refresh/", refresh, validators=guarded, description=says)
    says = Description(body=TOKEN, answers=answers.verified(settings))
    _serve(config, "token/verify/", verify, description=says)
    says = Description(**by_cookie, answers=answers.signed_out(settings))
    _serve(config, "logout/", sign_out, validators=guarded, description=says)
    _serve(config, "user/", user, method="GET", permission=SIGNED_IN)


def _serve(config, path, view, *, method="POST", permission=NO_PERMISSION_REQUIRED, **arguments):
    service = Service(f"auth:{view.__name__}", f"/api/auth/{path}", description=view.__doc__)
    service.add_view(method, view, permission=permission, **arguments)
    config.add_service(service)
