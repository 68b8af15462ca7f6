"""Find the active user of a principal, whom an authenticator names by id, username or email address."""

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, bindparam, func, null, select

from shoptrack.errors import NotAuthenticated, ValidationError
from shoptrack.permissions import Principal
from shoptrack.resources import InvalidValue, is_bigint
from shoptrack_auth.identity import USER_COLUMNS
from shoptrack_auth.models import User
from shoptrack_auth.names import make_email_key, make_username_key
from shoptrack_auth.permissions import GRANTED_COLUMNS
from shoptrack_auth.profiles import USERNAME, validate_email
from shoptrack_auth.translation import _

_user = select(*USER_COLUMNS, null().label("session_id"))


class NoActiveUser(NotAuthenticated):
    """An authenticator names a principal, and no active user has this name."""

    detail = _("No active user matches your sign-in. Ask a user administrator for an account.")

    def __init__(self) -> None:
        super().__init__({"detail": self.detail, "code": "user_not_found"})


def find_principal_user(
    connection: Connection, principal: Principal, *, with_permissions: bool = False
) -> Row | None:
    """Return the only user, active or not, whom a principal means. One statement reads the user.

    Usernames are compared as at sign-in, email addresses whatever the case of their Latin letters. An address that two
    users have means neither.

    :param with_permissions: also read the columns for `permissions.parse_granted_permissions`
    """
    condition = _make_condition(principal)
    if condition is None:
        return None
    statement = _user.add_columns(*GRANTED_COLUMNS) if with_permissions else _user
    rows = connection.execute(statement.where(condition)).all()
    if principal.email is not None:
        # Databases also lower other letters, so that addresses which differ may match.
        wanted = make_email_key(principal.email)
        rows = [row for row in rows if make_email_key(row.email) == wanted]
    return rows[0] if len(rows) == 1 else None


def get_principal_user(
    connection: Connection, principal: Principal, *, with_permissions: bool = False
) -> Row:
    """Return the active user whom a principal means, as `find_principal_user` does.

    :raises NoActiveUser: nobody, an inactive user or several users
    """
    row = find_principal_user(connection, principal, with_permissions=with_permissions)
    if row is None or not row.is_active:
        raise NoActiveUser
    return row


def _make_condition(principal: Principal) -> ColumnElement[bool] | None:
    """Return the condition for the principal's user, ``None`` if no user can have such a name."""
    try:
        if principal.username is not None:
            return User.username_key == make_username_key(USERNAME.load(principal.username))
        if principal.email is not None:
            validate_email(principal.email)
            return (
                func.lower(User.email) == make_email_key(principal.email)
                if principal.email
                else None
            )
    except (InvalidValue, ValidationError):
        return None
    id = principal.id or 0
    return User.id == bindparam("user_id", id, BigInteger) if is_bigint(id) else None
