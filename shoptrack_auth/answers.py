"""What the endpoints of signing in answer, and how callers prove who they are: for the API's description."""

import colander

from shoptrack.errors import Forbidden, NotAuthenticated, TooManyRequests
from shoptrack.openapi.errors import DETAIL, HEADERS
from shoptrack.resources.fields import Integer, Text
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import Answer, Header, Parameter, Scheme
from shoptrack_auth import cookie
from shoptrack_auth.holders import PASSWORD_CHANGED, USER_INACTIVE, USER_NOT_FOUND
from shoptrack_auth.identify import BAD_HEADER, not_valid_access
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.signing_in import WrongCredentials
from shoptrack_auth.tokens import ENDED, EXPIRED, INVALID, WRONG_TYPE, TokenRefused, not_valid

TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl"
SENTENCES = {"invalid": INVALID, "expired": EXPIRED, "wrong type": WRONG_TYPE, "ended": ENDED}
REFUSALS = {
    "bad header": BAD_HEADER,
    "no such user": USER_NOT_FOUND,
    "inactive user": USER_INACTIVE,
    "changed password": PASSWORD_CHANGED,
}
CODES = ("token_not_valid", *(refusal["code"] for refusal in REFUSALS.values()))


def _text(name: str, *choices: str) -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(), name=name, validator=colander.OneOf(choices) if choices else None
    )


class Refusal(colander.MappingSchema):
    """Why what was sent as proof does not hold."""

    detail = _text("detail")
    code = _text("code", *CODES)


class TokenMessage(colander.MappingSchema):
    """What is wrong with a token that was read as one of a class."""

    token_class = _text("token_class")
    token_type = _text("token_type")
    message = _text("message", *SENTENCES.values())


class TokenMessages(colander.SequenceSchema):
    """A message for each class of tokens that was tried."""

    message = TokenMessage()


class TokenRefusal(colander.MappingSchema):
    """Why an access token does not hold."""

    detail = _text("detail")
    code = _text("code", "token_not_valid")
    messages = TokenMessages()


SCHEME = Scheme(
    "jwtAuth",
    {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-scheme": "bearer",
        "x-bearer-format": "JWT",
        "description": "`Authorization: Bearer <access>`, with an access token of "
        "`POST /api/auth/token/`.",
        # By it the page at /api/docs/ offers to sign in.
        "x-sign-in": {
            "token": "/api/auth/token/",
            "refresh": "/api/auth/token/refresh/",
            "logout": "/api/auth/logout/",
        },
    },
    [
        Answer(401, "Nobody is signed in.", DETAIL, [HEADERS[401]], NotAuthenticated().body()),
        Answer(401, "What was sent does not hold.", Refusal, [HEADERS[401]], examples=REFUSALS),
        Answer(
            401,
            "The token does not hold.",
            TokenRefusal,
            [HEADERS[401]],
            examples={
                name: not_valid_access(TokenRefused(said)) for name, said in SENTENCES.items()
            },
        ),
    ],
)
ACCESS_MEMBER = Text("access", description="The access token.", example=TOKEN)
REFRESH_MEMBER = Text("refresh", description="The refresh token.", example=TOKEN)
USER = (
    Answer(
        200,
        "Who is signed in.",
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


def cookie_parameter(settings: AuthSettings) -> Parameter:
    """Return the refresh token as requests have it beside the body."""
    about = "The refresh token, where it travels as a cookie."
    return Parameter(cookie.name(settings), {"type": "string"}, about)


def signed_in(settings: AuthSettings) -> tuple:
    """Return the answers to signing in. Where refresh tokens travel as a cookie alone, the body has none."""
    as_cookie = settings.refresh_transport == "cookie"
    members = (ACCESS_MEMBER,) if as_cookie else (REFRESH_MEMBER, ACCESS_MEMBER)
    pair = Schema("TokenObtainPair", members)
    return (
        Answer(200, "Tokens that belong to a new sign-in.", pair, [_set_cookie(settings)]),
        WrongCredentials,
        Forbidden,
        TooManyRequests,
    )


def refreshed(settings: AuthSettings) -> tuple:
    """Return the answers to refreshing."""
    return (
        Answer(200, "A new access token.", Schema("TokenRefresh", (ACCESS_MEMBER,))),
        Answer(
            401,
            "Neither the body nor the cookie brings a token.",
            DETAIL,
            example={"detail": "Refresh token not found in cookie."},
        ),
        _bad_token(settings),
        Forbidden,
        TooManyRequests,
    )


def verified(settings: AuthSettings) -> tuple:
    """Return the answers to the question whether a token holds."""
    return (
        Answer(200, "It holds.", Schema("TokenVerify", ())),
        _bad_token(settings),
        TooManyRequests,
    )


def signed_out(settings: AuthSettings) -> tuple:
    """Return the answers to signing out."""
    return (
        Answer(
            200,
            "Nobody is signed in any more.",
            DETAIL,
            [_set_cookie(settings)],
            {"detail": "Successfully logged out."},
        ),
        Forbidden,
    )


def _set_cookie(settings: AuthSettings) -> Header:
    return Header(
        "Set-Cookie",
        f"`{cookie.name(settings)}=…; HttpOnly; Path={cookie.PATH}; SameSite=Lax`, where the refresh token travels as "
        "a cookie.",
        always=False,
    )


def _bad_token(settings: AuthSettings) -> Answer:
    return Answer(
        401,
        "The token does not hold.",
        Refusal,
        [HEADERS[401], _set_cookie(settings)],
        examples={name: not_valid(TokenRefused(said)) for name, said in SENTENCES.items()},
    )
