"""Making, changing and deleting users. Free of HTTP.

Whoever is asked for (``by``) is held to the rules of `delegation`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack_auth import grants, sign_ins
from shoptrack_auth.accounts import Telling
from shoptrack_auth.delegation import (
    LAST_SUPERUSER,
    By,
    LastSuperuser,
    OwnAccount,
    acting,
    check_roles,
    is_last_superuser,
    touched_user,
)
from shoptrack_auth.events import SessionEnded, tell
from shoptrack_auth.models import User
from shoptrack_auth.names import key
from shoptrack_auth.passwords import UNUSABLE, Passwords
from shoptrack_auth.permissions import Permission
from shoptrack_auth.profiles import (
    Faults,
    checked_profile,
    password_faults,
    profile_of,
)
from shoptrack_auth.translation import _
from shoptrack_auth.validators import Profile

TAKEN = _("A user with that username already exists.")


def create(
    db: Session,
    passwords: Passwords,
    username: str,
    password: str | None = None,
    *,
    by: By,
    force: bool = False,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    is_active: bool = True,
    is_staff: bool = False,
    is_superuser: bool = False,
    groups: Collection[int] = (),
    permissions: Collection[str] = (),
    request: Any = None,
) -> User:
    """Add a user.

    :param password: ``None`` for one who cannot sign in until a link (`password_links`) was used
    :param force: whether a password is taken that anybody could guess
    :param groups: their ids
    :param request: what asked for it, for those who are told
    :raises Forbidden: this is not the actor's to do
    :raises ValidationError: what is wrong, by field
    """
    profile, faults = checked_profile(Profile(username, first_name, last_name, email))
    hashed = UNUSABLE
    if password is not None:
        faults |= password_faults(password, profile, force=force)
        # Before the first statement, with which SQLite would make every other writer wait.
        hashed = UNUSABLE if faults else passwords.hash(password)
    actor = acting(db, by, Permission.ADD_USERS)
    _refuse(faults | _taken(db, profile.username, faults))
    check_roles(actor, is_staff=is_staff, is_superuser=is_superuser)
    user = User(
        **profile._asdict(),
        username_key=key(profile.username),
        password=hashed,
        is_active=is_active,
        is_staff=is_staff,
        is_superuser=is_superuser,
    )
    db.add(user)
    _flush(db)
    grants.set_user_groups(db, actor, user.id, groups)
    grants.set_user_permissions(db, actor, user.id, permissions)
    Telling(db, request).added(user)
    return user


def change(
    db: Session,
    id: int,
    *,
    by: By,
    username: str | None = None,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    is_active: bool | None = None,
    is_staff: bool | None = None,
    is_superuser: bool | None = None,
    groups: Collection[int] | None = None,
    permissions: Collection[str] | None = None,
    request: Any = None,
) -> User:
    """Change what is given of a user. Who is deactivated is signed out everywhere.

    :param groups: their ids
    :param request: what asked for it, for those who are told
    :raises NotFound: there is no such user
    :raises Forbidden: this is not the actor's to do, or the user holds what the actor lacks
    :raises ValidationError: what is wrong, by field
    """
    actor = acting(db, by, Permission.CHANGE_USERS)
    user = touched_user(db, actor, id)
    telling = Telling(db, request, user)
    new = {"username": username, "first_name": first_name, "last_name": last_name, "email": email}
    given = {name: text for name, text in new.items() if text is not None}
    profile, faults = checked_profile(profile_of(user)._replace(**given))
    # What was stored before there was a rule is no fault of who changes something else.
    faults = {name: said for name, said in faults.items() if name in given}
    _refuse(faults | _taken(db, profile.username, faults, id))
    switches = {"is_active": is_active, "is_staff": is_staff, "is_superuser": is_superuser}
    gained = {name: bool(on) and not getattr(user, name) for name, on in switches.items()}
    check_roles(actor, is_staff=gained["is_staff"], is_superuser=gained["is_superuser"])
    lost = [name for name, on in switches.items() if on is False and getattr(user, name)]
    if lost and is_last_superuser(db, user):
        raise actor.refused(ValidationError({name: [LAST_SUPERUSER] for name in lost}))
    for name in given:
        setattr(user, name, getattr(profile, name))
    user.username_key = key(user.username)
    for name, on in switches.items():
        if on is not None:
            setattr(user, name, on)
    _flush(db)
    if "is_active" in lost:
        _sign_out(db, user)
    if groups is not None:
        grants.set_user_groups(db, actor, id, groups)
    if permissions is not None:
        grants.set_user_permissions(db, actor, id, permissions)
    telling.changed(user)
    return user


def delete(db: Session, id: int, *, by: By, request: Any = None) -> None:
    """Delete a user, who is signed out everywhere.

    :param request: what asked for it, for those who are told
    :raises NotFound: there is no such user
    :raises Forbidden: this is not the actor's to do, or the user holds what the actor lacks
    :raises Conflict: it is the actor, or the last active superuser
    """
    actor = acting(db, by, Permission.DELETE_USERS)
    user = touched_user(db, actor, id)
    if user.id == actor.id:
        raise actor.refused(OwnAccount())
    if is_last_superuser(db, user):
        raise actor.refused(LastSuperuser())
    telling = Telling(db, request, user)
    _sign_out(db, user)
    db.delete(user)
    db.flush()
    telling.deleted(user)


def _taken(db: Session, username: str, faults: Faults, id: int | None = None) -> Faults:
    """Return the sentence for a name that somebody has.

    :param faults: what is wrong with the name already
    :param id: of the user who may have it
    """
    if "username" in faults:
        return {}
    having = db.scalar(select(User.id).where(User.username_key == key(username)))
    return {} if having in (None, id) else {"username": [TAKEN]}


def _refuse(faults: Faults) -> None:
    if faults:
        raise ValidationError(faults)


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError:
        # Somebody else took the name after the check.
        raise ValidationError({"username": [TAKEN]}) from None


def _sign_out(db: Session, user: User) -> None:
    for ended in sign_ins.end_all(db, user.id):
        tell(SessionEnded.of(ended, db.info["registry"], db))
