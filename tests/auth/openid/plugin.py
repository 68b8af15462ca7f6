"""A plugin: users sign in to the administration by an OpenID Connect provider, with Authlib and joserfc.

``/openid/start`` leads to the provider (authorization code, PKCE, state and nonce), and the provider back to
``/openid/finish``. The user's verified email address is that of an active user.
"""

import hmac
from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from requests import RequestException, get
from webob.cookies import CookieProfile, SignedCookieProfile

from shoptrack.errors import Forbidden, ServiceUnavailable
from shoptrack.permissions import Principal
from shoptrack.settings import Settings, SettingsTable, setting
from shoptrack_auth import start_browser_session

SECONDS = 10  # that the provider has for each response
FLOW_SECONDS = 600  # that a user has for signing in there
# The session's cookie is of this site only. Browsers would not send it with a redirect that began at the provider.
PAGE = '<!doctype html><meta http-equiv="refresh" content="0; url={0}"><a href="{0}">Continue</a>'


class OpenIDSettings(SettingsTable):
    """The provider, and this installation's registration there."""

    issuer: str = setting(
        "", "SHOPTRACK_OPENID_ISSUER", expected="such as https://auth.example.com"
    )
    client_id: str = setting("", "SHOPTRACK_OPENID_CLIENT_ID", expected="the registered client")
    client_secret: SecretStr = setting(
        SecretStr(""), "SHOPTRACK_OPENID_CLIENT_SECRET", expected="the client's secret", secret=True
    )


class SignInFailed(Forbidden):
    """The provider, or the browser on its way back, did not send what signs a user in."""

    detail = "Signing in failed. Start again."


def start(request):
    """Lead the user to the provider, and keep in a cookie what the way back is checked by."""
    session, provider = _connect(request)
    flow = {"nonce": generate_token(32), "verifier": generate_token(64)}
    url, flow["state"] = session.create_authorization_url(
        provider["authorization_endpoint"], nonce=flow["nonce"], code_verifier=flow["verifier"]
    )
    response = HTTPSeeOther(url)
    _flow_cookie(request).set_cookies(response, flow)
    return response


def finish(request):
    """Check what the provider sends, and start the user's session."""
    cookie = _flow_cookie(request)
    flow = cookie.get_value()
    code, state = request.GET.get("code"), request.GET.get("state", "")
    if not flow or not code or not hmac.compare_digest(state.encode(), flow["state"].encode()):
        raise SignInFailed
    claims = _exchange(request, code, flow)
    if not claims.get("email") or claims.get("email_verified") is not True:
        raise SignInFailed("The provider has not verified your email address.")
    start_browser_session(request, Principal(email=claims["email"]), "openid")
    response = Response(PAGE.format(request.route_path("admin:index")))
    response.headers["Cache-Control"] = "no-store"
    cookie.set_cookies(response, None)
    return response


def _exchange(request, code: str, flow: dict[str, str]) -> CodeIDToken:
    """Return the claims of the user's ID token.

    :raises SignInFailed: the provider refuses the code, or its token is invalid
    """
    session, provider = _connect(request)
    try:
        token = session.fetch_token(
            provider["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=flow["verifier"],
            timeout=SECONDS,
        )
        keys = KeySet.import_key_set(_get(provider["jwks_uri"]))
        id_token = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
        settings = OpenIDSettings.of(request.registry)
        claims = CodeIDToken(
            id_token.claims,
            id_token.header,
            options={
                "iss": {"essential": True, "value": settings.issuer},
                "aud": {"essential": True, "value": settings.client_id},
            },
            params={
                "nonce": flow["nonce"],
                "client_id": settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=60)
    except (OAuthError, JoseError, KeyError, TypeError, ValueError) as error:
        raise SignInFailed from error
    except RequestException as error:
        raise ServiceUnavailable("The provider cannot be reached. Try again later.") from error
    return claims


def _connect(request) -> tuple[OAuth2Session, dict[str, Any]]:
    """Return a client of the provider, and what the provider says of itself."""
    settings = OpenIDSettings.of(request.registry)
    session = OAuth2Session(
        settings.client_id,
        settings.client_secret.get_secret_value(),
        scope="openid email",
        redirect_uri=request.route_url("openid:finish"),
        code_challenge_method="S256",
    )
    provider = _get(f"{settings.issuer}/.well-known/openid-configuration")
    if provider.get("issuer") != settings.issuer:
        raise SignInFailed
    return session, provider


def _get(url: str) -> dict[str, Any]:
    """Return a document of the provider."""
    try:
        response = get(url, timeout=SECONDS)
        response.raise_for_status()
        return response.json()
    except RequestException as error:
        raise ServiceUnavailable("The provider cannot be reached. Try again later.") from error


def _flow_cookie(request) -> CookieProfile:
    """Return the cookie of a sign-in that has begun. It is signed, and of this browser only."""
    settings = Settings.of(request.registry)
    return SignedCookieProfile(
        settings.secret_key.get_secret_value(),
        "openid sign-in",
        "shoptrack-openid",
        secure=not settings.debug,
        httponly=True,
        samesite="Lax",  # it has to come along from the provider
        path=request.route_path("openid:finish"),
        max_age=FLOW_SECONDS,
    ).bind(request)


def includeme(config):
    """Serve the way there and the way back."""
    config.require_plugin("shoptrack_auth", "which knows the users")
    config.require_plugin("shoptrack_admin", "whose pages users sign in to")
    config.add_settings_table(OpenIDSettings)
    config.add_sign_in_link("Sign in with OpenID Connect", "openid:start")
    for name, view in (("start", start), ("finish", finish)):
        config.add_route(f"openid:{name}", f"/openid/{name}")
        config.add_view(
            view,
            route_name=f"openid:{name}",
            request_method="GET",
            permission=NO_PERMISSION_REQUIRED,
        )
