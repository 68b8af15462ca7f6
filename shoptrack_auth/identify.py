"""Find out which user sends a request: from a bearer token, or on the administration's pages from a browser session.

A bearer token is an access token or, by its prefix, an API token. The first costs one decoding and one statement, the
second one statement. Without ``SHOPTRACK_API_PERMISSIONS=model``, a second statement reads the
user's own permissions, and only when a restricted permission is required.

Only a request without a token or a session is shown to the authenticators of other plugins.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, and_, bindparam, select

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import is_page_request
from shoptrack_auth import authenticators, browser_sessions
from shoptrack_auth.api_token_identity import identify_by_api_token, is_api_token
from shoptrack_auth.identity import USER_COLUMNS, UserIdentity, make_identity, reads_grants
from shoptrack_auth.metrics import find_and_count
from shoptrack_auth.models import User, UserSession
from shoptrack_auth.permissions import GRANTED_COLUMNS
from shoptrack_auth.tokens import (
    ACCESS,
    BLACKLISTED,
    INVALID,
    USER_INACTIVE,
    Claims,
    InvalidToken,
    Tokens,
)

BAD_HEADER = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}
USER_NOT_FOUND = {"detail": "User not found", "code": "user_not_found"}
PASSWORD_CHANGED = {
    "detail": "The user's password has been changed.",
    "code": "password_changed",
}

_user = select(
    *USER_COLUMNS,
    UserSession.id.label("session_id"),
    UserSession.password_version.label("session_password_version"),
    UserSession.ended_at,
).select_from(User)


def _make_statements(session_condition: ColumnElement[bool]) -> tuple[Select, Select]:
    """Return the statements for a token's user and session: without and with the user's permissions."""
    # A token may name any 64-bit number; as 32-bit ones, PostgreSQL would reject the comparison.
    user_condition = User.id == bindparam("user_id", type_=BigInteger)
    join = and_(session_condition, UserSession.user_id == User.id)
    statement = _user.outerjoin(UserSession, join).where(user_condition)
    return statement, statement.add_columns(*GRANTED_COLUMNS)


_BY_SID = _make_statements(UserSession.sid == bindparam("sid"))
# A number names only a session without a sid. After a restore, it therefore names no session at all.
_BY_ID = _make_statements(
    and_(UserSession.id == bindparam("session_id", type_=BigInteger), UserSession.sid.is_(None))
)


def identify(request) -> UserIdentity | None:
    """Return the user who sends a request. ShopTrack calls this for every view that needs a permission.

    :raises NotAuthenticated: the token is invalid, the header is malformed, or an authenticator refuses the request
    :raises Forbidden: an API token may not be used for the request, or an authenticator finds the user, and a page of
        another origin sends the request
    :raises TooManyRequests: an API token is unknown, as many others of this address were
    """
    if is_page_request(request):
        identity = find_and_count("browser_session", browser_sessions.identify, request)
    else:
        identity = _identify_by_token(request)
    return identity or find_and_count("authenticator", authenticators.identify, request)


def _identify_by_token(request) -> UserIdentity | None:
    token = get_bearer_token(request)
    if token is None:
        return None
    if is_api_token(token):
        return find_and_count("api_token", _identify_by_api_token, request, token)
    return find_and_count("access_token", _identify_by_access_token, request, token)


def _identify_by_api_token(request, token: str) -> UserIdentity:
    try:
        return identify_by_api_token(request, token)
    except InvalidToken as error:
        body = error.account_error or make_access_token_error(error, "ApiToken", "api")
        raise NotAuthenticated(body) from None


def _identify_by_access_token(request, token: str) -> UserIdentity:
    try:
        claims = request.registry[Tokens].decode(token, ACCESS)
        row = get_token_user(request.reader, claims, with_permissions=reads_grants(request))
    except InvalidToken as error:
        raise NotAuthenticated(error.account_error or make_access_token_error(error)) from None
    return make_identity(request, row)


def get_bearer_token(request) -> str | None:
    """Return the token of the ``Authorization`` header, or ``None`` without the header or for another scheme.

    :raises NotAuthenticated: the scheme is right, and the header is malformed
    """
    parts = request.headers.get("Authorization", "").split()
    if not parts or parts[0].lower() != "bearer":
        return None
    if len(parts) != 2:
        raise NotAuthenticated(BAD_HEADER)
    return parts[1]


def get_token_user(
    connection: Connection, claims: Claims, *, with_permissions: bool = False
) -> Row:
    """Return a token's user and session. One statement reads and checks both.

    :param with_permissions: also read the columns for `permissions.parse_granted_permissions`
    :raises InvalidToken: the user is missing or inactive, the password was changed, or the session has ended
    """
    params: dict[str, Any] = {"user_id": claims.user_id}
    if claims.session_id is None:
        statements, params["sid"] = _BY_SID, claims.sid
    else:
        statements, params["session_id"] = _BY_ID, claims.session_id
    row = connection.execute(statements[with_permissions], params).first()
    if row is None:
        raise InvalidToken(INVALID, USER_NOT_FOUND)
    if not row.is_active:
        raise InvalidToken(INVALID, USER_INACTIVE)
    if row.session_id is None:
        raise InvalidToken(BLACKLISTED)
    if row.session_password_version != row.password_version:
        raise InvalidToken(BLACKLISTED, PASSWORD_CHANGED)
    if row.ended_at is not None:
        raise InvalidToken(BLACKLISTED)
    return row


def make_access_token_error(
    error: InvalidToken, token_class: str = "AccessToken", token_type: str = ACCESS
) -> dict[str, Any]:
    """Return the body of a 401 for an invalid access token, as simplejwt writes it, or for an invalid API token."""
    message = {"token_class": token_class, "token_type": token_type, "message": str(error)}
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [message],
    }
