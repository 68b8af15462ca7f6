"""Changing one's own password: the endpoint and the administration's pages do it alike.

It takes the current one, so that whoever finds a browser open, or a token, cannot keep the account.
"""

from sqlalchemy import select

from shoptrack.errors import ValidationError
from shoptrack_auth.events import Failed, tell
from shoptrack_auth.models import User
from shoptrack_auth.passwords import MAX_PASSWORD_BYTES, Passwords
from shoptrack_auth.profiles import password_faults, profile_of
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.translation import _
from shoptrack_auth.user_passwords import store_password

WRONG = _("This is not your current password.")

_columns = select(
    User.username,
    User.first_name,
    User.last_name,
    User.email,
    User.password,
    User.password_version,
)


def change(request, current: str, password: str) -> None:
    """Give who is signed in another password. Of all sessions, this one goes on.

    The request must not have written yet. A wrong current password counts as one of a sign-in does.

    :raises ValidationError: with sentences about ``current`` and ``password``, whatever is wrong
    :raises TooManyRequests: the current password was wrong too often
    :raises ServiceUnavailable: too many hash at once, or memory is short; it does not count as wrong
    """
    registry, id, address = request.registry, request.identity.id, request.client_addr or ""
    row = request.reader.execute(_columns.where(User.id == id)).one()
    throttle, passwords = Throttle.of(registry), registry[Passwords]
    attempt = throttle.by_password(row.username, address)
    throttle.check(request.reader, attempt)
    faults = password_faults(password, profile_of(row))
    with passwords.place():
        too_long = len(current.encode()) > MAX_PASSWORD_BYTES
        if too_long or not passwords.verify(row.password, current):
            throttle.failed(attempt)
            tell(Failed(registry=registry, address=address, user_id=id, username=row.username))
            faults["current"] = [WRONG]
        if faults:
            raise ValidationError(faults)
        # Before the first statement that writes, with which SQLite would make every other writer wait.
        hashed = passwords.hash(password)
    throttle.check(request.reader, attempt)
    same = (User.id == id, User.password_version == row.password_version, User.is_active)
    user = request.db.scalar(select(User).where(*same).with_for_update())
    if user is None:  # another password was set meanwhile
        raise ValidationError({"current": [WRONG]})
    throttle.succeeded(request.db, attempt)
    store_password(request.db, user, hashed, but=request.identity.sign_in_id, address=address)
