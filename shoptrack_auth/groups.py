"""Making, changing and deleting groups of users. Free of HTTP."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack_auth import grants
from shoptrack_auth.accounts import Telling
from shoptrack_auth.delegation import By, acting, touched_group
from shoptrack_auth.models import Group
from shoptrack_auth.names import checked_group_name, group_key
from shoptrack_auth.permissions import Permission
from shoptrack_auth.translation import _

TAKEN = _("Group with this Name already exists.")


def create(
    db: Session,
    name: str,
    *,
    by: By,
    permissions: Collection[str] = (),
    request: Any = None,
) -> Group:
    """Add a group.

    :param request: what asked for it, for those who are told
    :raises Forbidden: this is not the actor's to do
    :raises ValidationError: the name cannot be or is taken, or a permission is not the actor's to give
    """
    actor = acting(db, by, Permission.ADD_GROUPS)
    group = Group(name=_available(db, name), name_key=group_key(name))
    db.add(group)
    _flush(db)
    grants.set_group_permissions(db, actor, group.id, permissions)
    Telling(db, request).added(group)
    return group


def change(
    db: Session,
    id: int,
    *,
    by: By,
    name: str | None = None,
    permissions: Collection[str] | None = None,
    request: Any = None,
) -> Group:
    """Change what is given of a group.

    :param request: what asked for it, for those who are told
    :raises NotFound: there is no such group
    :raises Forbidden: this is not the actor's to do, or the group gives what the actor lacks
    :raises ValidationError: the name cannot be or is taken, or a permission is not the actor's to give
    """
    actor = acting(db, by, Permission.CHANGE_GROUPS)
    group = touched_group(db, actor, id)
    telling = Telling(db, request, group)
    if name is not None:
        group.name, group.name_key = _available(db, name, id), group_key(name)
        _flush(db)
    if permissions is not None:
        grants.set_group_permissions(db, actor, id, permissions)
    telling.changed(group)
    return group


def delete(db: Session, id: int, *, by: By, request: Any = None) -> None:
    """Delete a group. Its members stay, without the permissions that it gave them.

    :param request: what asked for it, for those who are told
    :raises NotFound: there is no such group
    :raises Forbidden: this is not the actor's to do, or the group gives what the actor lacks
    """
    actor = acting(db, by, Permission.DELETE_GROUPS)
    group = touched_group(db, actor, id)
    telling = Telling(db, request, group)
    db.delete(group)
    db.flush()
    telling.deleted(group)


def _available(db: Session, name: str, id: int | None = None) -> str:
    """Return a name as it is to be stored.

    :param id: of the group that may have it already
    :raises ValidationError: it cannot be a name, or another group has it
    """
    name = checked_group_name(name)
    having = db.scalar(select(Group.id).where(Group.name_key == group_key(name)))
    if having not in (None, id):
        raise ValidationError({"name": [TAKEN]})
    return name


def _flush(db: Session) -> None:
    try:
        db.flush()
    except IntegrityError:
        # Somebody else took the name after the check.
        raise ValidationError({"name": [TAKEN]}) from None
