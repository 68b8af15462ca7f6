"""Create, change and delete users.

The rules of `user_management` apply to the actor (``by``).
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack.resources import Errors
from shoptrack_auth import api_tokens, grants, sessions
from shoptrack_auth.accounts import AccountSnapshot
from shoptrack_auth.events import SessionEnded, publish
from shoptrack_auth.hashers import UNUSABLE_PREFIX, UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.names import make_username_key
from shoptrack_auth.password_validators import Profile
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.profiles import (
    clean_profile,
    find_password_errors,
    make_profile,
)
from shoptrack_auth.translation import _
from shoptrack_auth.user_management import (
    LAST_SUPERUSER,
    ActorId,
    LastSuperuser,
    OwnAccountDeletion,
    check_roles,
    delete_row,
    get_managed_user,
    is_last_superuser,
    lock_and_get_actor,
)

USERNAME_TAKEN = _("A user with that username already exists.")


def create(
    db: Session,
    hasher: UserPasswordHasher,
    username: str,
    password: str | None = None,
    *,
    by: ActorId,
    force: bool = False,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    is_active: bool = True,
    is_staff: bool = False,
    is_superuser: bool = False,
    groups: Collection[int] = (),
    permissions: Collection[str] = (),
) -> User:
    """Create a user.

    :param password: ``None`` for a user who sets the password by a link (`password_links`)
    :param force: skip the password validators
    :param groups: ids
    :raises Forbidden: the actor lacks a permission
    :raises ValidationError: errors by field
    """
    profile, errors = clean_profile(Profile(username, first_name, last_name, email))
    hashed = UNUSABLE_PREFIX
    if password is not None:
        errors |= find_password_errors(password, profile, force=force)
        # Before the first statement, with which SQLite would make every other writer wait.
        hashed = UNUSABLE_PREFIX if errors else hasher.hash(password)
    actor = lock_and_get_actor(db, by, AuthPermission.ADD_USERS)
    _raise_errors(errors | _find_username_errors(db, profile.username, errors))
    check_roles(actor, is_staff=is_staff, is_superuser=is_superuser)
    user = User(
        **profile._asdict(),
        username_key=make_username_key(profile.username),
        password=hashed,
        is_active=is_active,
        is_staff=is_staff,
        is_superuser=is_superuser,
    )
    db.add(user)
    _flush(db)
    grants.set_user_groups(db, actor, user.id, groups)
    grants.set_user_permissions(db, actor, user.id, permissions)
    AccountSnapshot(db).publish_added(user)
    return user


def change(
    db: Session,
    id: int,
    *,
    by: ActorId,
    username: str | None = None,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    is_active: bool | None = None,
    is_staff: bool | None = None,
    is_superuser: bool | None = None,
    groups: Collection[int] | None = None,
    permissions: Collection[str] | None = None,
) -> User:
    """Change a user. Arguments that are ``None`` change nothing. Deactivation ends the user's sessions and API tokens.

    :param groups: ids
    :raises NotFound: the user does not exist
    :raises Forbidden: the actor lacks a permission, or one that the user has
    :raises ValidationError: errors by field
    """
    actor = lock_and_get_actor(db, by, AuthPermission.CHANGE_USERS)
    user = get_managed_user(db, actor, id)
    before = AccountSnapshot(db, user)
    new = {"username": username, "first_name": first_name, "last_name": last_name, "email": email}
    changes = {name: text for name, text in new.items() if text is not None}
    profile, errors = clean_profile(make_profile(user)._replace(**changes))
    # A stored value may be older than its rule, and must not prevent other changes.
    errors = {name: messages for name, messages in errors.items() if name in changes}
    _raise_errors(errors | _find_username_errors(db, profile.username, errors, id))
    flags = {"is_active": is_active, "is_staff": is_staff, "is_superuser": is_superuser}
    granted_flags = {name: bool(value) and not getattr(user, name) for name, value in flags.items()}
    check_roles(
        actor, is_staff=granted_flags["is_staff"], is_superuser=granted_flags["is_superuser"]
    )
    removed_flags = [
        name for name, value in flags.items() if value is False and getattr(user, name)
    ]
    if removed_flags and is_last_superuser(db, user):
        raise actor.log_denial(ValidationError({name: [LAST_SUPERUSER] for name in removed_flags}))
    for name in changes:
        setattr(user, name, getattr(profile, name))
    user.username_key = make_username_key(user.username)
    for name, value in flags.items():
        if value is not None:
            setattr(user, name, value)
    _flush(db)
    if "is_active" in removed_flags:
        _end_access(db, user)
    if groups is not None:
        grants.set_user_groups(db, actor, id, groups)
    if permissions is not None:
        grants.set_user_permissions(db, actor, id, permissions)
    before.publish_changed(user)
    return user


def delete(db: Session, id: int, *, by: ActorId) -> None:
    """Delete a user and end all sessions and API tokens of the user.

    :raises NotFound: the user does not exist
    :raises Forbidden: the actor lacks a permission, or one that the user has
    :raises Conflict: the user is the actor, or the last active superuser
    """
    actor = lock_and_get_actor(db, by, AuthPermission.DELETE_USERS)
    user = get_managed_user(db, actor, id)
    if user.id == actor.id:
        raise actor.log_denial(OwnAccountDeletion())
    if is_last_superuser(db, user):
        raise actor.log_denial(LastSuperuser())
    before = AccountSnapshot(db, user)
    _end_access(db, user)
    delete_row(db, user, _("user"))
    before.publish_deleted(user)


def _find_username_errors(
    db: Session, username: str, errors: Errors, id: int | None = None
) -> Errors:
    """Return an error if another user has the username.

    :param errors: of the other checks; a username with an error is not looked up
    :param id: the user who may have the username
    """
    if "username" in errors:
        return {}
    existing_id = db.scalar(select(User.id).where(User.username_key == make_username_key(username)))
    return {} if existing_id in (None, id) else {"username": [USERNAME_TAKEN]}


def _raise_errors(errors: Errors) -> None:
    if errors:
        raise ValidationError(errors)


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError:
        # Another request has taken the name since the check.
        raise ValidationError({"username": [USERNAME_TAKEN]}) from None


def _end_access(db: Session, user: User) -> None:
    for ended in sessions.end_all_sessions(db, user.id):
        publish(SessionEnded.from_row(ended, db.info["registry"], db))
    api_tokens.revoke_tokens(db, user.id)
