"""The cookie with the refresh token, and the check of the origin that protects it."""

from pyramid.response import Response

from shoptrack.settings import Settings
from shoptrack_auth import origins
from shoptrack_auth.settings import AuthSettings

COOKIE_NAME = "refresh_token"
COOKIE_PATH = "/api/auth/"  # relative to the application's URL
FOREIGN_ORIGIN = "This origin is not allowed to sign in. Add it to SHOPTRACK_CORS_ALLOWED_ORIGINS."


def is_enabled(request) -> bool:
    """Return whether refresh tokens are sent as a cookie."""
    return AuthSettings.of(request.registry).refresh_transport != "body"


def get_cookie_name(settings: AuthSettings) -> str:
    """Return the cookie's name."""
    return settings.cookie_name(COOKIE_NAME)


def get_token(request) -> str | None:
    """Return the cookie's token; ``None`` where cookies are disabled, even if a browser still sends one."""
    if not is_enabled(request):
        return None
    return request.cookies.get(get_cookie_name(AuthSettings.of(request.registry)))


def set_token(request, response: Response, token: str | None) -> None:
    """Set a session cookie with a token, or delete the cookie (``None``)."""
    if is_enabled(request):
        response.set_cookie(
            get_cookie_name(AuthSettings.of(request.registry)),
            token,
            path=request.script_name + COOKIE_PATH,
            httponly=True,
            samesite="Lax",
            secure=not Settings.of(request.registry).debug,
        )


def make_deletion_headers(request) -> dict[str, str]:
    """Return the headers of an error response that deletes the cookie."""
    response = Response()
    set_token(request, response, None)
    return {key: value for key, value in response.headers.items() if key == "Set-Cookie"}


def check_origin(request, **_) -> None:
    """Check that the request does not come from another site's page, which could use the browser's cookie.

    Cornice calls this validator before the view.

    :raises Forbidden: the origin is neither the server's own nor allowed
    """
    if is_enabled(request):
        origins.check_origin(request, FOREIGN_ORIGIN)
