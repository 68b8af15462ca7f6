"""Grant permissions to users and groups, and put users into groups."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from shoptrack_auth.models import GroupPermission, UserGroup, UserPermission
from shoptrack_auth.user_management import Actor, check_groups, check_permissions

GrantModel = type[UserPermission] | type[GroupPermission] | type[UserGroup]


def set_user_permissions(
    db: Session, actor: Actor, user_id: int, permissions: Collection[str]
) -> None:
    """Set a user's permissions.

    :raises ValidationError: the actor lacks a new permission
    """
    owner = {"user_id": user_id}
    new = set(permissions) - _get_grants(db, UserPermission, owner, "permission")
    check_permissions(db, actor, new)
    _replace(db, UserPermission, owner, "permission", permissions, new)


def set_user_groups(db: Session, actor: Actor, user_id: int, group_ids: Collection[int]) -> None:
    """Set a user's groups.

    :raises ValidationError: a new group has a permission that the actor lacks
    """
    owner = {"user_id": user_id}
    new = set(group_ids) - _get_grants(db, UserGroup, owner, "group_id")
    check_groups(db, actor, new)
    _replace(db, UserGroup, owner, "group_id", group_ids, new)


def set_group_permissions(
    db: Session, actor: Actor, group_id: int, permissions: Collection[str]
) -> None:
    """Set a group's permissions.

    :raises ValidationError: the actor lacks a new permission
    """
    owner = {"group_id": group_id}
    new = set(permissions) - _get_grants(db, GroupPermission, owner, "permission")
    check_permissions(db, actor, new)
    _replace(db, GroupPermission, owner, "permission", permissions, new)


def _get_grants(db: Session, model: GrantModel, owner: dict[str, int], column: str) -> set[Any]:
    return set(db.scalars(select(getattr(model, column)).filter_by(**owner).select_from(model)))


def _replace(
    db: Session,
    model: GrantModel,
    owner: dict[str, int],
    column: str,
    values: Collection[Any],
    new: Collection[Any],
) -> None:
    others = getattr(model, column).not_in(values)
    db.execute(delete(model).filter_by(**owner).where(others))
    if new:
        db.execute(insert(model), [{**owner, column: value} for value in sorted(new)])
