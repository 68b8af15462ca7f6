"""Changing one's own password, which takes the current one: whoever finds a browser open learns nothing."""

from sqlalchemy import select

from shoptrack.errors import Invalid
from shoptrack_auth import browser
from shoptrack_auth.models import User
from shoptrack_auth.passwords import MAX_PASSWORD_BYTES, Passwords
from shoptrack_auth.profiles import password_faults, profile_of
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.translation import _
from shoptrack_auth.users import store_password

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
    """Give who is signed in by a browser another password. Of all sessions, this one goes on, under a new key.

    The request must not have written yet.

    :raises Invalid: with sentences about ``current`` or ``password``
    :raises TooManyRequests: the current password was wrong too often
    """
    registry, id = request.registry, request.identity.id
    row = request.reader.execute(_columns.where(User.id == id)).one()
    throttle, passwords = Throttle.of(registry), registry[Passwords]
    attempt = throttle.by_password(row.username, request.client_addr or "")
    throttle.check(request.reader, attempt)
    if len(current.encode()) > MAX_PASSWORD_BYTES or not passwords.verify(row.password, current):
        throttle.failed(attempt)
        raise Invalid({"current": [WRONG]})
    if faults := password_faults(password, profile_of(row)):
        raise Invalid(faults)
    hashed = passwords.hash(password)
    same = (User.id == id, User.password_version == row.password_version, User.is_active)
    user = request.db.scalar(select(User).where(*same).with_for_update())
    if user is None:  # another password was set meanwhile
        raise Invalid({"current": [WRONG]})
    throttle.succeeded(request.db, attempt)
    store_password(request.db, user, hashed, but=request.identity.sign_in_id)
    browser.renew(request, request.identity.sign_in_id)
