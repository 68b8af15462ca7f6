"""What users and groups are given: permissions, and memberships that bring some."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from shoptrack_auth.delegation import Actor, check_groups, check_permissions
from shoptrack_auth.models import GroupPermission, UserGroup, UserPermission

Given = type[UserPermission] | type[GroupPermission] | type[UserGroup]


def set_user_permissions(
    db: Session, actor: Actor, user_id: int, permissions: Collection[str]
) -> None:
    """Give a user these permissions, and take the others.

    :raises ValidationError: a new one is not the actor's to give
    """
    owner = {"user_id": user_id}
    new = set(permissions) - _given(db, UserPermission, owner, "permission")
    check_permissions(db, actor, new)
    _replace(db, UserPermission, owner, "permission", permissions, new)


def set_user_groups(db: Session, actor: Actor, user_id: int, group_ids: Collection[int]) -> None:
    """Put a user into these groups, and out of the others.

    :raises ValidationError: a new one gives what is not the actor's to give
    """
    owner = {"user_id": user_id}
    new = set(group_ids) - _given(db, UserGroup, owner, "group_id")
    check_groups(db, actor, new)
    _replace(db, UserGroup, owner, "group_id", group_ids, new)


def set_group_permissions(
    db: Session, actor: Actor, group_id: int, permissions: Collection[str]
) -> None:
    """Give everybody in a group these permissions, and take the others.

    :raises ValidationError: a new one is not the actor's to give
    """
    owner = {"group_id": group_id}
    new = set(permissions) - _given(db, GroupPermission, owner, "permission")
    check_permissions(db, actor, new)
    _replace(db, GroupPermission, owner, "permission", permissions, new)


def _given(db: Session, model: Given, owner: dict[str, int], column: str) -> set[Any]:
    return set(db.scalars(select(getattr(model, column)).filter_by(**owner).select_from(model)))


def _replace(
    db: Session,
    model: Given,
    owner: dict[str, int],
    column: str,
    wanted: Collection[Any],
    new: Collection[Any],
) -> None:
    others = getattr(model, column).not_in(wanted)
    db.execute(delete(model).filter_by(**owner).where(others))
    if new:
        db.execute(insert(model), [{**owner, column: value} for value in sorted(new)])
