"""Validate usernames, names, email addresses and passwords, with all errors by field."""

import re

from sqlalchemy import Row

from shoptrack.errors import ValidationError
from shoptrack.resources import Errors, InvalidValue, Text
from shoptrack_auth.hashers import MAX_PASSWORD_BYTES, normalize_password
from shoptrack_auth.models import User
from shoptrack_auth.names import MAX_NAME_LENGTH, clean_username, make_max_length_message
from shoptrack_auth.password_validators import Profile, run_password_validators
from shoptrack_auth.translation import _

MAX_EMAIL_LENGTH = 254

USERNAME = Text("username", example="ken")
PASSWORD = Text("password", trim=False, example="correct horse battery staple")


def make_profile(user: User | Row) -> Profile:
    """Return the profile of a user or of a row with these columns."""
    return Profile(user.username, user.first_name, user.last_name, user.email)


def clean_profile(profile: Profile) -> tuple[Profile, Errors]:
    """Return the normalized profile, and errors by field."""
    errors: Errors = {}
    try:
        username = clean_username(profile.username)
    except ValidationError as error:
        username, errors = profile.username, error.errors
    first_name, last_name = (" ".join(name.split()) for name in profile[1:3])
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if len(name) > MAX_NAME_LENGTH:
            errors[field] = [make_max_length_message(name, MAX_NAME_LENGTH)]
        elif not name.isprintable():
            errors[field] = [_("Enter a name without invisible characters.")]
    try:
        validate_email(profile.email)
    except ValidationError as error:
        errors |= error.errors
    mailbox, at, domain = profile.email.strip().rpartition("@")
    return Profile(username, first_name, last_name, f"{mailbox}{at}{domain.lower()}"), errors


def validate_email(email: str) -> None:
    """Check an email address, which may be empty.

    :raises ValidationError: with an error for ``email``
    """
    if len(email) > MAX_EMAIL_LENGTH:
        raise ValidationError({"email": [make_max_length_message(email, MAX_EMAIL_LENGTH)]})
    if email and not re.fullmatch(r"[^\s@\0\ud800-\udfff]+@[^\s@\0\ud800-\udfff]+", email):
        raise ValidationError({"email": [_("Enter a valid email address.")]})


def check_password(password: str) -> None:
    """Check that it is possible to sign in with a password, whatever its strength.

    :raises ValidationError: with an error for ``password``
    """
    try:
        PASSWORD.load(password)
    except InvalidValue as refused:
        raise ValidationError({"password": list(refused.args)}) from None
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        message = _("Ensure this field has no more than ${limit} bytes.", limit=MAX_PASSWORD_BYTES)
        raise ValidationError({"password": [message]})


def find_password_errors(password: str, profile: Profile, *, force: bool = False) -> Errors:
    """Return the errors of a new password, by field.

    :param force: skip the password validators
    """
    try:
        check_password(password)
    except ValidationError as error:
        return error.errors
    if force:
        return {}
    messages = run_password_validators(normalize_password(password), profile)
    return {"password": messages} if messages else {}
