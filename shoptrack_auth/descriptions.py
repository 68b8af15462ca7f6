"""The responses of the endpoints for tokens, and the security scheme, for the OpenAPI document."""

from shoptrack.errors import Forbidden, NotAuthenticated, TooManyRequests
from shoptrack.openapi import DETAIL, HEADERS
from shoptrack.resources import Integer, JSONSchema, Schema, Text
from shoptrack.rest import (
    Component,
    Header,
    Parameter,
    ResponseDescription,
    SecurityScheme,
    object_schema,
)
from shoptrack_auth import refresh_cookie
from shoptrack_auth.identify import (
    BAD_HEADER,
    PASSWORD_CHANGED,
    USER_INACTIVE,
    USER_NOT_FOUND,
    make_access_token_error,
)
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import InvalidCredentials
from shoptrack_auth.tokens import (
    BLACKLISTED,
    EXPIRED,
    INVALID,
    WRONG_TYPE,
    InvalidToken,
    make_token_error,
)

TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl"
TOKEN_MESSAGES = {
    "invalid": INVALID,
    "expired": EXPIRED,
    "wrong type": WRONG_TYPE,
    "ended": BLACKLISTED,
}
AUTH_ERRORS = {
    "bad header": BAD_HEADER,
    "no such user": USER_NOT_FOUND,
    "inactive user": USER_INACTIVE,
    "changed password": PASSWORD_CHANGED,
}
CODES = ("token_not_valid", *(error["code"] for error in AUTH_ERRORS.values()))


TEXT: JSONSchema = {"type": "string"}
AUTH_ERROR_BODY = Component(
    "Refusal",
    {
        **object_schema(detail=TEXT, code={"type": "string", "enum": list(CODES)}),
        "description": "The error of a request that cannot be authenticated.",
    },
)
TOKEN_MESSAGE = object_schema(
    token_class=TEXT,
    token_type=TEXT,
    message={"type": "string", "enum": list(TOKEN_MESSAGES.values())},
)
TOKEN_ERROR_BODY = Component(
    "TokenRefusal",
    {
        **object_schema(
            detail=TEXT,
            code={"type": "string", "enum": ["token_not_valid"]},
            messages={"type": "array", "items": TOKEN_MESSAGE},
        ),
        "description": "The error of an invalid access token.",
    },
)

SCHEME = SecurityScheme(
    "jwtAuth",
    {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "`Authorization: Bearer <token>`, with an access token of "
        "`POST /api/auth/token/`, or with an API token of `POST /api/auth/tokens/` (`shoptrack_…`). "
        "If permissions were chosen for an API token, it gets the ids of nested rows that it may not view.",
        # With these, the page at /api/docs/ can sign in.
        "x-sign-in": {
            "token": "/api/auth/token/",
            "refresh": "/api/auth/token/refresh/",
            "logout": "/api/auth/logout/",
        },
    },
    [
        ResponseDescription(
            401, "Authentication is required.", DETAIL, [HEADERS[401]], NotAuthenticated().body()
        ),
        ResponseDescription(
            401,
            "The credentials are invalid.",
            AUTH_ERROR_BODY,
            [HEADERS[401]],
            examples=AUTH_ERRORS,
        ),
        ResponseDescription(
            401,
            "The token is invalid.",
            TOKEN_ERROR_BODY,
            [HEADERS[401]],
            examples={
                name: make_access_token_error(InvalidToken(message))
                for name, message in TOKEN_MESSAGES.items()
            },
        ),
    ],
    challenge='Bearer realm="api"',
    errors=[TooManyRequests],  # for unknown API tokens
)
ACCESS_FIELD = Text("access", description="The access token.", example=TOKEN)
REFRESH_FIELD = Text("refresh", description="The refresh token.", example=TOKEN)
USER_RESPONSES = (
    ResponseDescription(
        200,
        "The signed-in user.",
        Schema(
            "User",
            (
                Integer("id", maximum=2**63 - 1),
                Text("username", example="ken"),
                Text("email", description="May be empty.", example="ken@example.com"),
            ),
        ),
    ),
)


def make_cookie_parameter(settings: AuthSettings) -> Parameter:
    """Return the parameter for the refresh token's cookie."""
    about = "The refresh token, if cookies are enabled."
    return Parameter(refresh_cookie.get_cookie_name(settings), {"type": "string"}, about)


def make_sign_in_responses(settings: AuthSettings) -> tuple:
    """Return the responses to signing in. If refresh tokens are sent as cookies only, the body has none."""
    as_cookie = settings.refresh_transport == "cookie"
    members = (ACCESS_FIELD,) if as_cookie else (REFRESH_FIELD, ACCESS_FIELD)
    pair = Schema("TokenObtainPair", members)
    return (
        ResponseDescription(
            200, "The tokens of a new session.", pair, [_make_cookie_header(settings)]
        ),
        InvalidCredentials,
        Forbidden,
        TooManyRequests,
    )


def make_refresh_responses(settings: AuthSettings) -> tuple:
    """Return the responses to refreshing."""
    return (
        ResponseDescription(200, "A new access token.", Schema("TokenRefresh", (ACCESS_FIELD,))),
        ResponseDescription(
            401,
            "Neither the body nor the cookie has a token.",
            DETAIL,
            example={"detail": "Refresh token not found in cookie."},
        ),
        _make_token_error_response(settings),
        Forbidden,
        TooManyRequests,
    )


def make_verify_responses(settings: AuthSettings) -> tuple:
    """Return the responses to verifying a token."""
    return (
        ResponseDescription(200, "The token is valid.", Schema("TokenVerify", ())),
        _make_token_error_response(settings),
        TooManyRequests,
    )


def make_sign_out_responses(settings: AuthSettings) -> tuple:
    """Return the responses to signing out."""
    return (
        ResponseDescription(
            200,
            "The sessions have ended.",
            DETAIL,
            [_make_cookie_header(settings)],
            {"detail": "Successfully logged out."},
        ),
        Forbidden,
    )


def _make_cookie_header(settings: AuthSettings) -> Header:
    return Header(
        "Set-Cookie",
        f"`{refresh_cookie.get_cookie_name(settings)}=…; HttpOnly; Path={refresh_cookie.COOKIE_PATH}; SameSite=Lax`, "
        "if cookies are enabled.",
        is_required=False,
    )


def _make_token_error_response(settings: AuthSettings) -> ResponseDescription:
    return ResponseDescription(
        401,
        "The token is invalid.",
        AUTH_ERROR_BODY,
        [HEADERS[401], _make_cookie_header(settings)],
        examples={
            name: make_token_error(InvalidToken(message))
            for name, message in TOKEN_MESSAGES.items()
        },
    )
