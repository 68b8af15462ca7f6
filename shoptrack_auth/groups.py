"""Create, change and delete groups of users."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack_auth import grants, users
from shoptrack_auth.accounts import AccountSnapshot
from shoptrack_auth.models import Group, UserGroup
from shoptrack_auth.names import clean_group_name, make_group_key
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.translation import _
from shoptrack_auth.user_management import (
    ActorId,
    delete_row,
    get_managed_group,
    lock_and_get_actor,
)

GROUP_NAME_TAKEN = _("Group with this Name already exists.")


def create(
    db: Session,
    name: str,
    *,
    by: ActorId,
    permissions: Collection[str] = (),
) -> Group:
    """Create a group.

    :raises Forbidden: the actor lacks a permission
    :raises ValidationError: the name is invalid or exists, or the actor lacks a permission to be granted
    """
    actor = lock_and_get_actor(db, by, AuthPermission.ADD_GROUPS)
    group = Group(name=_clean_free_name(db, name), name_key=make_group_key(name))
    db.add(group)
    _flush(db)
    grants.set_group_permissions(db, actor, group.id, permissions)
    AccountSnapshot(db).publish_added(group)
    return group


def change(
    db: Session,
    id: int,
    *,
    by: ActorId,
    name: str | None = None,
    permissions: Collection[str] | None = None,
) -> Group:
    """Change a group. Arguments that are ``None`` change nothing.

    :raises NotFound: the group does not exist
    :raises Forbidden: the actor lacks a permission, or one that the group has
    :raises ValidationError: the name is invalid or exists, or the actor lacks a permission to be granted
    """
    actor = lock_and_get_actor(db, by, AuthPermission.CHANGE_GROUPS)
    group = get_managed_group(db, actor, id)
    before = AccountSnapshot(db, group)
    if name is not None:
        group.name, group.name_key = _clean_free_name(db, name, id), make_group_key(name)
        _flush(db)
    if permissions is not None:
        grants.set_group_permissions(db, actor, id, permissions)
    before.publish_changed(group)
    return group


def change_members(
    db: Session, id: int, *, by: ActorId, add: Collection[int] = (), remove: Collection[int] = ()
) -> None:
    """Add users to a group, and remove others, by the rules for changing each of these users.

    :param add: ids of users
    :param remove: ids of users
    :raises NotFound: a user does not exist
    :raises Forbidden: the actor lacks a permission, or one that a user has
    :raises ValidationError: the group does not exist, or has a permission that the actor lacks
    """
    lock_and_get_actor(db, by, AuthPermission.CHANGE_USERS)
    for user_id in sorted({*add, *remove}):
        current = set(db.scalars(select(UserGroup.group_id).where(UserGroup.user_id == user_id)))
        new = current | {id} if user_id in add else current - {id}
        users.change(db, user_id, by=by, groups=new)


def delete(db: Session, id: int, *, by: ActorId) -> None:
    """Delete a group. Its users stay, and lose the group's permissions.

    :raises NotFound: the group does not exist
    :raises Forbidden: the actor lacks a permission, or one that the group has
    """
    actor = lock_and_get_actor(db, by, AuthPermission.DELETE_GROUPS)
    group = get_managed_group(db, actor, id)
    before = AccountSnapshot(db, group)
    delete_row(db, group, _("group"))
    before.publish_deleted(group)


def _clean_free_name(db: Session, name: str, id: int | None = None) -> str:
    """Return the normalized name.

    :param id: the group that may have the name
    :raises ValidationError: the name is invalid, or another group has it
    """
    name = clean_group_name(name)
    existing_id = db.scalar(select(Group.id).where(Group.name_key == make_group_key(name)))
    if existing_id not in (None, id):
        raise ValidationError({"name": [GROUP_NAME_TAKEN]})
    return name


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError:
        # Another request has taken the name since the check.
        raise ValidationError({"name": [GROUP_NAME_TAKEN]}) from None
