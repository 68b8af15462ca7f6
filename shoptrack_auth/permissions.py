"""Permissions of users: their own, their groups', and where each comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CompoundSelect, Connection, Row, bindparam, func, null, select, union_all

from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

SEPARATOR = "\n"


class AuthPermission(StrEnum):
    """Permissions for administering users and groups."""

    VIEW_USERS = "users:view"
    ADD_USERS = "users:add"
    CHANGE_USERS = "users:change"
    DELETE_USERS = "users:delete"
    VIEW_GROUPS = "groups:view"
    ADD_GROUPS = "groups:add"
    CHANGE_GROUPS = "groups:change"
    DELETE_GROUPS = "groups:delete"


@dataclass(frozen=True)
class EffectivePermission:
    """A permission that a user has, and why: by at least one of these.

    :param superuser: superusers have all permissions
    :param own: granted to the user
    :param groups: names of the user's groups that have the permission
    """

    permission: str
    superuser: bool
    own: bool
    groups: tuple[str, ...]


# The permissions of a user and of the user's groups, each as one text. So the statement that reads a user
# also reads the permissions.
GRANTED_COLUMNS = (
    select(func.aggregate_strings(UserPermission.permission, SEPARATOR))
    .where(UserPermission.user_id == User.id)
    .scalar_subquery()
    .label("own_permissions"),
    select(func.aggregate_strings(GroupPermission.permission, SEPARATOR))
    .join(UserGroup, UserGroup.group_id == GroupPermission.group_id)
    .where(UserGroup.user_id == User.id)
    .scalar_subquery()
    .label("group_permissions"),
)


def parse_granted_permissions(row: Row) -> frozenset[str]:
    """Return the permissions of a user's row that has `GRANTED_COLUMNS`."""
    texts = (row.own_permissions, row.group_permissions)
    return frozenset(name for text in texts if text for name in text.split(SEPARATOR))


_granted_statement = select(*GRANTED_COLUMNS).where(User.id == bindparam("user_id"))

# Each permission of a user, with the name of its group; null for the user's own.
_sources_statement: CompoundSelect = union_all(
    select(UserPermission.permission, null().label("name")).where(
        UserPermission.user_id == bindparam("user_id")
    ),
    select(GroupPermission.permission, Group.name)
    .join(Group, Group.id == GroupPermission.group_id)
    .join(UserGroup, UserGroup.group_id == Group.id)
    .where(UserGroup.user_id == bindparam("user_id")),
)


def get_granted_permissions(connection: Connection, user_id: int) -> frozenset[str]:
    """Return the permissions that were granted to a user and to the user's groups."""
    row = connection.execute(_granted_statement, {"user_id": user_id}).first()
    return parse_granted_permissions(row) if row else frozenset()


def get_effective_permissions(
    connection: Connection, user_id: int, declared: Iterable[str]
) -> list[EffectivePermission]:
    """Return a user's permissions and their sources, sorted by name.

    :param declared: all existing permissions, which superusers have
    """
    superuser = connection.scalar(select(User.is_superuser).where(User.id == user_id)) or False
    sources: dict[str, set[str | None]] = {name: set() for name in declared if superuser}
    for permission, group in connection.execute(_sources_statement, {"user_id": user_id}):
        sources.setdefault(permission, set()).add(group)
    return [
        EffectivePermission(
            name, superuser, None in given_by, tuple(sorted(filter(None, given_by)))
        )
        for name, given_by in sorted(sources.items())
    ]
