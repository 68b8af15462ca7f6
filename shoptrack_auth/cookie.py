"""The refresh token as a cookie, and who may make a browser send it."""

from pyramid.response import Response

from shoptrack.errors import Forbidden
from shoptrack.settings import Settings
from shoptrack_auth.settings import AuthSettings

NAME = "refresh_token"
PATH = "/api/auth/"  # below the path of the application


def in_play(request) -> bool:
    """Tell whether the refresh token travels as a cookie."""
    return AuthSettings.of(request.registry).refresh_transport != "body"


def name(settings: AuthSettings) -> str:
    """Return the cookie's name."""
    return settings.cookie_name(NAME)


def sent(request) -> str | None:
    """Return the token of the cookie; without cookies in play, one that is left over is no token."""
    if not in_play(request):
        return None
    return request.cookies.get(name(AuthSettings.of(request.registry)))


def set_on(request, response: Response, token: str | None) -> None:
    """Give the browser a token to keep until it is closed; ``None`` deletes the one that it has."""
    if in_play(request):
        response.set_cookie(
            name(AuthSettings.of(request.registry)),
            token,
            path=request.script_name + PATH,
            httponly=True,
            samesite="Lax",
            secure=not Settings.of(request.registry).debug,
        )


def deletion(request) -> dict[str, str]:
    """Return the headers with which an error deletes the cookie."""
    response = Response()
    set_on(request, response, None)
    return {key: value for key, value in response.headers.items() if key == "Set-Cookie"}


def check_origin(request, **_) -> None:
    """Refuse a foreign page that makes a browser send, or take, the cookie.

    A request without an origin comes from no page. Cornice calls this before the view.

    :raises Forbidden: the origin is neither allowed nor the server's own
    """
    origin = request.headers.get("Origin")
    if origin is None or not in_play(request):
        return
    allowed = Settings.of(request.registry).cors_allowed_origins
    if origin not in allowed and origin != request.host_url:
        raise Forbidden(
            "This origin may not sign in here. Add it to SHOPTRACK_CORS_ALLOWED_ORIGINS."
        )
