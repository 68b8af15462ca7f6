"""Making and finding users."""

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.api.fields import Refused, Text
from shoptrack.errors import Invalid
from shoptrack_auth.models import User
from shoptrack_auth.names import checked_username, key, too_long
from shoptrack_auth.passwords import Passwords

MAX_EMAIL = 254
MAX_PASSWORD_BYTES = 4096  # bounds the work of hashing
TAKEN = "A user with that username already exists."

USERNAME = Text("username")
PASSWORD = Text("password", trim=False)


def available(db: Session, username: str) -> str:
    """Return a name as it is to be stored.

    :raises Invalid: it cannot be a name, or somebody has it
    """
    username = checked_username(username)
    if db.scalar(select(User.id).where(User.username_key == key(username))):
        raise Invalid({"username": [TAKEN]})
    return username


def check_email(email: str) -> None:
    """Refuse what cannot be an address; none at all will do.

    :raises Invalid: with a sentence about ``email``
    """
    if len(email) > MAX_EMAIL:
        raise Invalid({"email": [too_long(email, MAX_EMAIL)]})
    if email and not re.fullmatch(r"[^\s@\0\ud800-\udfff]+@[^\s@\0\ud800-\udfff]+", email):
        raise Invalid({"email": ["Enter a valid email address."]})


def check_password(password: str) -> None:
    """Refuse a password with which nobody could sign in.

    :raises Invalid: with a sentence about ``password``
    """
    try:
        PASSWORD.load(password)
    except Refused as refused:
        raise Invalid({"password": list(refused.args)}) from None
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        said = f"Ensure this field has no more than {MAX_PASSWORD_BYTES} bytes."
        raise Invalid({"password": [said]})


def create(
    db: Session, passwords: Passwords, username: str, password: str, *, email: str = "", **profile
) -> User:
    """Add a user.

    :param profile: other columns of the user
    :raises Invalid: the name, the address or the password cannot be, or the name is taken
    """
    check_email(email)
    check_password(password)
    # Before the first statement, with which SQLite would make every other writer wait.
    hashed = passwords.hash(password)
    username = available(db, username)
    user = User(
        username=username, username_key=key(username), email=email, password=hashed, **profile
    )
    db.add(user)
    try:
        db.flush()
    except IntegrityError:
        # Somebody else took the name after the check.
        raise Invalid({"username": [TAKEN]}) from None
    return user
