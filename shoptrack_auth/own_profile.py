"""Users change their own name, email address and language."""

from typing import NamedTuple

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from shoptrack.errors import Forbidden, ValidationError
from shoptrack_auth.accounts import AccountSnapshot
from shoptrack_auth.hashers import UNUSABLE_PREFIX
from shoptrack_auth.models import User
from shoptrack_auth.names import make_email_key
from shoptrack_auth.password_confirmation import WRONG_PASSWORD, confirm_password
from shoptrack_auth.profiles import clean_profile, make_profile
from shoptrack_auth.translation import _
from shoptrack_auth.user_management import lock_accounts

EMAIL_TAKEN = _("Another user has this email address.")

_columns = select(
    User.username,
    User.first_name,
    User.last_name,
    User.email,
    User.language,
    User.password.startswith(UNUSABLE_PREFIX).label("lacks_password"),
)


class OwnProfile(NamedTuple):
    """What users change themselves.

    :param language: of the pages, such as ``ja``; empty for the browser's
    """

    first_name: str
    last_name: str
    email: str
    language: str


def get_own_profile(request) -> Row:
    """Return the columns of `OwnProfile` of the user who sends the request, and ``lacks_password``."""
    return request.reader.execute(_columns.where(User.id == request.identity.id)).one()


def change_own_profile(request, profile: OwnProfile, password: str | None) -> None:
    """Change the profile of the user who sends the request.

    Another email address requires the current password, since authenticators may find users by their addresses. For
    the same reason, it cannot be that of another user: the address would then mean neither. The request must not have
    written before.

    :raises ValidationError: errors by field
    :raises RecentSignInRequired: the user has no password, and signed in too long ago
    :raises TooManyRequests: too many attempts with wrong passwords
    :raises ServiceUnavailable: too many passwords are being hashed, or memory is short
    """
    row = get_own_profile(request)
    new, errors = clean_profile(
        make_profile(row)._replace(
            first_name=profile.first_name, last_name=profile.last_name, email=profile.email
        )
    )
    # A stored value may be older than its rule, and must not prevent other changes.
    errors = {
        name: messages
        for name, messages in errors.items()
        if name != "username" and getattr(new, name) != getattr(row, name)
    }
    if errors:
        raise ValidationError(errors)
    conditions = [User.id == request.identity.id, User.is_active]
    has_new_email = new.email != row.email
    if has_new_email:
        conditions.append(User.password_version == confirm_password(request, password))
    db = request.db
    lock_accounts(db)
    user = db.scalar(select(User).where(*conditions).with_for_update())
    if user is None:  # deactivated, or the password has changed since the check
        raise ValidationError({"password": [WRONG_PASSWORD]}) if has_new_email else Forbidden()
    if has_new_email and _is_email_taken(db, new.email, user.id):
        raise ValidationError({"email": [EMAIL_TAKEN]})
    before = AccountSnapshot(db, user)
    user.first_name, user.last_name = new.first_name, new.last_name
    if has_new_email:
        user.email = new.email
    user.language = profile.language
    db.flush()
    before.publish_changed(user)


def set_own_language(request, language: str) -> None:
    """Set the language of the user who sends the request. It is no change for the history."""
    request.db.execute(update(User).where(User.id == request.identity.id).values(language=language))


def _is_email_taken(db: Session, email: str, user_id: int) -> bool:
    """Return whether another user has an address, whatever the case of its Latin letters."""
    if not email:
        return False
    others = select(User.email).where(
        func.lower(User.email) == make_email_key(email), User.id != user_id
    )
    # Databases also lower other letters, so that addresses which differ may match.
    return any(make_email_key(other) == make_email_key(email) for other in db.scalars(others))
