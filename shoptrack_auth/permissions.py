"""Which permissions a user holds, and where each comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CompoundSelect, Connection, Row, bindparam, func, null, select, union_all

from shoptrack_auth.models import Group, GroupPermission, User, UserGroup, UserPermission

SEPARATOR = "\n"


class Permission(StrEnum):
    """What one may do to users and groups."""

    VIEW_USERS = "users:view"
    ADD_USERS = "users:add"
    CHANGE_USERS = "users:change"
    DELETE_USERS = "users:delete"
    VIEW_GROUPS = "groups:view"
    ADD_GROUPS = "groups:add"
    CHANGE_GROUPS = "groups:change"
    DELETE_GROUPS = "groups:delete"


@dataclass(frozen=True)
class Held:
    """A permission that a user holds, and where it comes from: at least one of these.

    :param superuser: superusers hold every permission
    :param own: it was given to the user
    :param groups: names of the user's groups that it was given to
    """

    permission: str
    superuser: bool
    own: bool
    groups: tuple[str, ...]


# What a user, and a user's groups, were given, each as one text: a statement that reads users reads
# their permissions too, and one request needs no second statement for them.
GRANTED = (
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


def granted(row: Row) -> frozenset[str]:
    """Return the permissions of a user whose row was read with `GRANTED`."""
    texts = (row.own_permissions, row.group_permissions)
    return frozenset(name for text in texts if text for name in text.split(SEPARATOR))


_given = select(*GRANTED).where(User.id == bindparam("user_id"))

# Each permission of a user, with the name of the group that it comes from; none for the user's own.
_sources: CompoundSelect = union_all(
    select(UserPermission.permission, null().label("name")).where(
        UserPermission.user_id == bindparam("user_id")
    ),
    select(GroupPermission.permission, Group.name)
    .join(Group, Group.id == GroupPermission.group_id)
    .join(UserGroup, UserGroup.group_id == Group.id)
    .where(UserGroup.user_id == bindparam("user_id")),
)


def given(connection: Connection, user_id: int) -> frozenset[str]:
    """Return what a user and the user's groups were given."""
    row = connection.execute(_given, {"user_id": user_id}).first()
    return granted(row) if row else frozenset()


def held(connection: Connection, user_id: int, declared: Iterable[str]) -> list[Held]:
    """Return the permissions that a user holds and where each comes from, in order of their names.

    :param declared: all that there are, which superusers hold
    """
    superuser = connection.scalar(select(User.is_superuser).where(User.id == user_id)) or False
    sources: dict[str, set[str | None]] = {name: set() for name in declared if superuser}
    for permission, group in connection.execute(_sources, {"user_id": user_id}):
        sources.setdefault(permission, set()).add(group)
    return [
        Held(name, superuser, None in given_by, tuple(sorted(filter(None, given_by))))
        for name, given_by in sorted(sources.items())
    ]
