"""Endpoints under ``/api/auth/`` for tokens and for the signed-in user."""

import time
from contextlib import suppress
from functools import partial
from typing import Any

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources import Schema, Text
from shoptrack.rest import OperationDescription, Service, describe_view, read_body
from shoptrack_auth import descriptions, refresh_cookie, sessions, sign_in
from shoptrack_auth.identify import get_bearer_token, get_token_user
from shoptrack_auth.profiles import PASSWORD, USERNAME
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.token_pairs import forbid_caching, make_token_pair
from shoptrack_auth.tokens import REFRESH, Claims, InvalidToken, Tokens, make_token_error

CREDENTIALS = Schema("TokenObtainPair", (USERNAME, PASSWORD))
TOKEN = Schema("TokenVerify", (Text("token", example=descriptions.TOKEN),))
REFRESH_TOKEN = Schema(
    "TokenRefresh", (Text("refresh", required=False, example=descriptions.TOKEN),)
)


def obtain_token_pair(request) -> dict[str, str]:
    """Sign in with a username and a password, and return a pair of tokens."""
    values = CREDENTIALS.validate(read_body(request))
    return make_token_pair(request, partial(sign_in.sign_in, request, **values))


def refresh(request) -> dict[str, str]:
    """Return a new access token for a refresh token, from the body or else from the cookie."""
    token = _get_body_token(request)
    if AuthSettings.of(request.registry).refresh_transport == "cookie":
        token = None
    token = token or refresh_cookie.get_token(request)
    if not token:
        body = {"detail": "Refresh token not found in cookie."}
        raise NotAuthenticated(body, challenge=False)
    try:
        claims, session_id = _validate_token(request, token, REFRESH)
    except InvalidToken as error:
        raise NotAuthenticated(
            make_token_error(error), headers=refresh_cookie.make_deletion_headers(request)
        ) from None
    sessions.touch_session(request.db, session_id)
    left = claims.expires - time.time()
    forbid_caching(request)
    return {"access": request.registry[Tokens].issue_access(claims.user_id, claims.sid, left)}


def verify(request) -> dict:
    """Check whether an access or refresh token is valid."""
    token = TOKEN.validate(read_body(request))["token"]
    try:
        _validate_token(request, token)
    except InvalidToken as error:
        raise NotAuthenticated(make_token_error(error)) from None
    return {}


def sign_out(request) -> dict[str, str]:
    """End the sessions of all tokens in the request, and delete the cookie."""
    tokens = [_get_body_token(request), refresh_cookie.get_token(request)]
    with suppress(NotAuthenticated):  # a malformed header has no token
        tokens.append(get_bearer_token(request))
    claims = set()
    for token in filter(None, tokens):
        with suppress(InvalidToken):
            claims.add(request.registry[Tokens].decode(token, with_expired=True))
    if claims:
        sign_in.sign_out_named(request, claims)
    refresh_cookie.set_token(request, request.response, None)
    return {"detail": "Successfully logged out."}


@describe_view(responses=descriptions.USER_RESPONSES)
def user(request) -> dict:
    """Return the signed-in user."""
    identity = request.identity
    return {"id": identity.id, "username": identity.username, "email": identity.email}


def _get_body_token(request) -> str | None:
    """Return the body's refresh token, if any. Null and empty text count as missing."""
    body = read_body(request)
    token = body.get("refresh")
    if isinstance(token, str) and not token.strip():
        return None
    return REFRESH_TOKEN.validate(body).get("refresh")


def _validate_token(request, token: str, kind: str | None = None) -> tuple[Claims, int]:
    """Return the claims of a valid token, and its session's id.

    :raises InvalidToken: the token or its session is invalid
    :raises TooManyRequests: this address has sent too many invalid tokens
    """
    throttle = Throttle.of(request.registry)
    attempt = throttle.make_token_attempt(request.client_addr or "")
    throttle.check(request.reader, attempt)
    try:
        claims = request.registry[Tokens].decode(token, kind)
        row = get_token_user(request.reader, claims)
    except InvalidToken:
        throttle.record_failure(attempt)
        raise
    return claims, row.session_id


def includeme(config):
    """Serve the endpoints. All but the last are public: an expired access token must not prevent signing in or out."""
    validators = [refresh_cookie.check_origin]
    settings = AuthSettings.of(config.registry)
    token_inputs: dict[str, Any] = {
        "body": REFRESH_TOKEN,
        "cookies": [descriptions.make_cookie_parameter(settings)],
    }
    description = OperationDescription(
        body=CREDENTIALS, responses=descriptions.make_sign_in_responses(settings)
    )
    _serve(
        config,
        "token/",
        obtain_token_pair,
        name="sign_in",
        validators=validators,
        description=description,
    )
    description = OperationDescription(
        **token_inputs, responses=descriptions.make_refresh_responses(settings)
    )
    _serve(config, "token/refresh/", refresh, validators=validators, description=description)
    description = OperationDescription(
        body=TOKEN, responses=descriptions.make_verify_responses(settings)
    )
    _serve(config, "token/verify/", verify, description=description)
    description = OperationDescription(
        **token_inputs, responses=descriptions.make_sign_out_responses(settings)
    )
    _serve(config, "logout/", sign_out, validators=validators, description=description)
    _serve(config, "user/", user, method="GET", permission=SIGNED_IN)


def _serve(
    config, path, view, *, name="", method="POST", permission=NO_PERMISSION_REQUIRED, **arguments
):
    service = Service(
        f"auth:{name or view.__name__}", f"/api/auth/{path}", description=view.__doc__
    )
    service.add_view(method, view, permission=permission, **arguments)
    config.add_service(service)
