"""Identify users by API tokens in the ``Authorization`` header.

A token costs one statement. A mistyped one costs none, and an unknown one counts as a failed attempt. While an address
has to wait for that, its valid tokens still work: a token cannot be guessed, and another script of the household should
not fail because one has an old token.
"""

import logging

from sqlalchemy import Row, bindparam, null, select
from sqlalchemy.exc import DBAPIError

from shoptrack.errors import Forbidden
from shoptrack_auth.api_token_last_uses import LastUses
from shoptrack_auth.api_token_secrets import PREFIX, hash_secret, is_well_formed
from shoptrack_auth.identity import USER_COLUMNS, UserIdentity, make_identity, reads_grants
from shoptrack_auth.models import ApiToken, TokenScope, User, get_utc_now
from shoptrack_auth.origins import SAFE_METHODS
from shoptrack_auth.permissions import GRANTED_COLUMNS
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.tokens import EXPIRED, INVALID, USER_INACTIVE, InvalidToken
from shoptrack_auth.translation import _

AUTH_PATH, USER_PATH = "/api/auth/", "/api/auth/user/"

READ_ONLY = _("This API token can only read. Use one with the scope “write” to change something.")
NOT_HERE = _("API tokens cannot manage accounts, sessions or tokens. Sign in with your password.")

log = logging.getLogger(__name__)

_by_digest = (
    select(
        *USER_COLUMNS,
        null().label("session_id"),
        ApiToken.id.label("token_id"),
        ApiToken.scope,
        ApiToken.permissions,
        ApiToken.expires_at,
        ApiToken.last_used_at,
    )
    .join(User, User.id == ApiToken.user_id)
    .where(ApiToken.key_digest == bindparam("key_digest"))
)
_statements = (_by_digest, _by_digest.add_columns(*GRANTED_COLUMNS))


def is_api_token(text: str) -> bool:
    """Return whether a bearer token is meant to be an API token, and not a JSON Web Token."""
    return text.startswith(PREFIX)


def identify_by_api_token(request, secret: str) -> UserIdentity:
    """Return the user of an API token, with no more permissions than were chosen for the token.

    :raises InvalidToken: the token is unknown or expired
    :raises TooManyRequests: the token is unknown, as many others of this address were
    :raises Forbidden: the token may not be used for this request
    """
    row = _get_row(request, secret)
    if row.expires_at is not None and row.expires_at <= get_utc_now():
        raise InvalidToken(EXPIRED)
    if not row.is_active:
        raise InvalidToken(INVALID, USER_INACTIVE)
    LastUses.of(request.registry).update(row)
    _check_request(request, row)
    identity = make_identity(request, row)
    return identity if row.permissions is None else identity.limit_to(row.permissions)


def _get_row(request, secret: str) -> Row:
    if not is_well_formed(secret):
        raise InvalidToken(INVALID)
    statement = _statements[reads_grants(request)]
    row = request.reader.execute(statement, {"key_digest": hash_secret(secret)}).first()
    if row is None:
        _record_failure(request)
        raise InvalidToken(INVALID)
    return row


def _record_failure(request) -> None:
    throttle = Throttle.of(request.registry)
    attempt = throttle.make_token_attempt(request.client_addr or "")
    throttle.check(request.reader, attempt)
    try:
        throttle.record_failure(attempt)
    except DBAPIError as error:  # as of a standby, which serves reads
        log.warning("An unknown API token was not counted: %s", error.orig)


def _check_request(request, row: Row) -> None:
    """Check that a token may be used for a request.

    New endpoints below ``/api/auth/`` refuse tokens, unless they are named here. Otherwise, a stolen token could be
    made to last: by another token, or by another password.

    :raises Forbidden: it may not
    """
    path = request.environ.get("PATH_INFO", "")
    if path.startswith(AUTH_PATH) and path != USER_PATH:
        raise Forbidden(NOT_HERE)
    if row.scope != TokenScope.WRITE and request.method not in SAFE_METHODS:
        raise Forbidden(READ_ONLY)
