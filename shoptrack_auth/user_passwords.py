"""Giving users other passwords. Free of HTTP.

Whoever is asked for (``by``) is held to the rules of `delegation`; how users do it themselves is told by `own_password`
and `password_links`.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack_auth import sign_ins
from shoptrack_auth.delegation import (
    LAST_SUPERUSER,
    By,
    acting,
    is_last_superuser,
    touched_user,
)
from shoptrack_auth.events import PasswordChanged, tell
from shoptrack_auth.models import PasswordLink, User
from shoptrack_auth.passwords import UNUSABLE, Passwords
from shoptrack_auth.permissions import Permission
from shoptrack_auth.profiles import check_password, password_faults, profile_of


def set_password(
    db: Session,
    passwords: Passwords,
    id: int,
    password: str | None,
    *,
    by: By,
    force: bool = False,
) -> User:
    """Give a user another password, which signs the user out everywhere and voids links.

    :param password: ``None`` for none at all, until a link was used
    :param force: whether a password is taken that anybody could guess
    :raises NotFound: there is no such user
    :raises Forbidden: this is not the actor's to do, or the user holds what the actor lacks
    :raises ValidationError: with sentences about ``password``
    """
    hashed = UNUSABLE
    if password is not None:
        check_password(password)
        # Before the first statement, with which SQLite would make every other writer wait.
        hashed = passwords.hash(password)
    actor = acting(db, by, Permission.CHANGE_USERS)
    user = touched_user(db, actor, id)
    if password is not None:
        if faults := password_faults(password, profile_of(user), force=force):
            raise ValidationError(faults)
    elif is_last_superuser(db, user):
        raise actor.refused(ValidationError({"password": [LAST_SUPERUSER]}))
    store_password(db, user, hashed)
    return user


def store_password(
    db: Session, user: User, hashed: str, *, but: int | None = None, address: str = ""
) -> None:
    """Store the hash of another password, which signs the user out everywhere and voids links.

    :param but: a sign-in that goes on
    :param address: from where the user asked for it, if that is who did
    """
    user.password = hashed
    user.password_version += 1
    db.flush()
    db.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    sign_ins.end_all(db, user.id, but)
    if but is not None:
        sign_ins.keep(db, but, user.password_version)
    tell(
        PasswordChanged(
            registry=db.info["registry"],
            db=db,
            address=address,
            user_id=user.id,
            username=user.username,
        )
    )
