"""What a user may be called, and what a password must be like: everything that is wrong, by field."""

import re

from sqlalchemy import Row

from shoptrack.errors import ValidationError
from shoptrack.resources.fields import InvalidValue, Text
from shoptrack_auth import validators
from shoptrack_auth.models import User
from shoptrack_auth.names import MAX_NAME, checked_username, too_long
from shoptrack_auth.passwords import MAX_PASSWORD_BYTES, normalize_password
from shoptrack_auth.translation import _
from shoptrack_auth.validators import Profile

MAX_EMAIL = 254

USERNAME = Text("username", example="ken")
PASSWORD = Text("password", trim=False, example="correct horse battery staple")

Faults = dict[str, list[str]]


def profile_of(user: User | Row) -> Profile:
    """Return what a user is called, of whom these columns were read."""
    return Profile(user.username, user.first_name, user.last_name, user.email)


def checked_profile(profile: Profile) -> tuple[Profile, Faults]:
    """Return what a user is called as it is to be stored, and what is wrong with it, by field."""
    faults: Faults = {}
    try:
        username = checked_username(profile.username)
    except ValidationError as invalid:
        username, faults = profile.username, invalid.errors
    first_name, last_name = (" ".join(name.split()) for name in profile[1:3])
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if len(name) > MAX_NAME:
            faults[field] = [too_long(name, MAX_NAME)]
        elif not name.isprintable():
            faults[field] = [_("Enter a name without invisible characters.")]
    try:
        check_email(profile.email)
    except ValidationError as invalid:
        faults |= invalid.errors
    mailbox, at, domain = profile.email.strip().rpartition("@")
    return Profile(username, first_name, last_name, f"{mailbox}{at}{domain.lower()}"), faults


def check_email(email: str) -> None:
    """Refuse what cannot be an address; none at all will do.

    :raises ValidationError: with a sentence about ``email``
    """
    if len(email) > MAX_EMAIL:
        raise ValidationError({"email": [too_long(email, MAX_EMAIL)]})
    if email and not re.fullmatch(r"[^\s@\0\ud800-\udfff]+@[^\s@\0\ud800-\udfff]+", email):
        raise ValidationError({"email": [_("Enter a valid email address.")]})


def check_password(password: str) -> None:
    """Refuse a password with which nobody could sign in.

    :raises ValidationError: with a sentence about ``password``
    """
    try:
        PASSWORD.load(password)
    except InvalidValue as refused:
        raise ValidationError({"password": list(refused.args)}) from None
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        said = _("Ensure this field has no more than ${limit} bytes.", limit=MAX_PASSWORD_BYTES)
        raise ValidationError({"password": [said]})


def password_faults(password: str, profile: Profile, *, force: bool = False) -> Faults:
    """Return all that is wrong with a new password.

    :param force: whether one is taken that anybody could guess
    """
    try:
        check_password(password)
    except ValidationError as invalid:
        return invalid.errors
    said = [] if force else validators.faults(normalize_password(password), profile)
    return {"password": said} if said else {}
