"""Whose a token is, and whether its sign-in still holds: one statement."""

from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, select

from shoptrack_auth.models import SignIn, User
from shoptrack_auth.permissions import GRANTED
from shoptrack_auth.tokens import ENDED, INVALID, Claims, TokenRefused

USER_NOT_FOUND = {"detail": "User not found", "code": "user_not_found"}
USER_INACTIVE = {"detail": "User is inactive", "code": "user_inactive"}
PASSWORD_CHANGED = {
    "detail": "The user's password has been changed.",
    "code": "password_changed",
}

# A token may name any 64-bit number; as 32-bit ones, PostgreSQL would refuse to compare them.
_holder = (
    select(
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
    )
    .select_from(User)
    .outerjoin(
        SignIn,
        and_(SignIn.id == bindparam("sign_in_id", type_=BigInteger), SignIn.user_id == User.id),
    )
    .where(User.id == bindparam("user_id", type_=BigInteger))
)
_holder_with_permissions = _holder.add_columns(*GRANTED)


def holder(connection: Connection, claims: Claims, *, permissions: bool = False) -> Row:
    """Return the user whom a token names, with the sign-in that it belongs to.

    :param permissions: whether to read the user's permissions too, for `permissions.granted`
    :raises TokenRefused: the account or the sign-in is no longer what it was
    """
    named = {"user_id": claims.user_id, "sign_in_id": claims.sign_in_id}
    statement = _holder_with_permissions if permissions else _holder
    row = connection.execute(statement, named).first()
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
