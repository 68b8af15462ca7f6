"""Whose a token is, and whether its sign-in still holds: one statement."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, and_, bindparam, select

from shoptrack_auth.models import SignIn, User
from shoptrack_auth.permissions import GRANTED
from shoptrack_auth.tokens import ENDED, INVALID, Claims, TokenRefused

USER_NOT_FOUND = {"detail": "User not found", "code": "user_not_found"}
USER_INACTIVE = {"detail": "User is inactive", "code": "user_inactive"}
PASSWORD_CHANGED = {
    "detail": "The user's password has been changed.",
    "code": "password_changed",
}

_user = select(
    User.id,
    User.username,
    User.email,
    User.is_active,
    User.is_staff,
    User.is_superuser,
    User.password_version,
    SignIn.id.label("sign_in_id"),
    SignIn.password_version.label("sign_in_version"),
    SignIn.ended_at,
).select_from(User)


def _statements(named: ColumnElement[bool]) -> tuple[Select, Select]:
    """Return what finds the user and the session of a token, without and with the user's permissions."""
    # A token may name any 64-bit number; as 32-bit ones, PostgreSQL would refuse to compare them.
    of_user = User.id == bindparam("user_id", type_=BigInteger)
    found = _user.outerjoin(SignIn, and_(named, SignIn.user_id == User.id)).where(of_user)
    return found, found.add_columns(*GRANTED)


_BY_SID = _statements(SignIn.sid == bindparam("sid"))
# A number names only a session that has no other name. So it is none of a restored database's.
_BY_ID = _statements(
    and_(SignIn.id == bindparam("session_id", type_=BigInteger), SignIn.sid.is_(None))
)


def holder(connection: Connection, claims: Claims, *, permissions: bool = False) -> Row:
    """Return the user whom a token names, with the sign-in that it belongs to.

    :param permissions: whether to read the user's permissions too, for `permissions.granted`
    :raises TokenRefused: the account or the sign-in is no longer what it was
    """
    named: dict[str, Any] = {"user_id": claims.user_id}
    if claims.session_id is None:
        statements, named["sid"] = _BY_SID, claims.sid
    else:
        statements, named["session_id"] = _BY_ID, claims.session_id
    row = connection.execute(statements[permissions], named).first()
    if row is None:
        raise TokenRefused(INVALID, USER_NOT_FOUND)
    if not row.is_active:
        raise TokenRefused(INVALID, USER_INACTIVE)
    if row.sign_in_id is None:
        raise TokenRefused(ENDED)
    if row.sign_in_version != row.password_version:
        raise TokenRefused(ENDED, PASSWORD_CHANGED)
    if row.ended_at is not None:
        raise TokenRefused(ENDED)
    return row
