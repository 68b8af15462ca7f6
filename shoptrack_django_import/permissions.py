"""Django's permissions, and the corresponding ones of ShopTrack."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, column, func, select, table

from shoptrack_django_import.resources import RESOURCES

VERBS = ("view", "add", "change", "delete")
PATHS = {name: resource.path for name, resource in RESOURCES.items()} | {
    "auth_user": "users",
    "auth_group": "groups",
}
# By Django's name of the table and by the permission's code.
PERMISSION_MAP = {
    (name, f"{verb}_{name.partition('_')[2]}"): f"{path}:{verb}"
    for name, path in PATHS.items()
    for verb in VERBS
}

PERMISSION = table("auth_permission", column("id"), column("codename"), column("content_type_id"))
CONTENT_TYPE = table("django_content_type", column("id"), column("app_label"), column("model"))
_named = select(
    PERMISSION.c.id, CONTENT_TYPE.c.app_label, CONTENT_TYPE.c.model, PERMISSION.c.codename
).outerjoin_from(PERMISSION, CONTENT_TYPE, CONTENT_TYPE.c.id == PERMISSION.c.content_type_id)


@dataclass(frozen=True)
class Permissions:
    """Django's permissions by id.

    :param ours: ShopTrack's names of the permissions that it has
    :param others: Django's names of the others
    """

    ours: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UnmappedPermission:
    """A permission that ShopTrack does not have, and the numbers of users and groups with it."""

    name: str
    users: int
    groups: int


def read_permissions(connection: Connection) -> Permissions:
    """Return all permissions."""
    ours, others = {}, {}
    for id, app, model, codename in connection.execute(_named):
        name = PERMISSION_MAP.get((f"{app}_{model}", codename))
        if name:
            ours[id] = name
        else:
            others[id] = f"{app or '?'}.{codename}"
    return Permissions(ours, others)


def find_unmapped_permissions(
    connection: Connection, permissions: Permissions
) -> list[UnmappedPermission]:
    """Return the granted permissions that are not imported, by name."""
    users = _holders(connection, "auth_user_user_permissions")
    groups = _holders(connection, "auth_group_permissions")
    return [
        UnmappedPermission(name, users.get(id, 0), groups.get(id, 0))
        for id, name in sorted(permissions.others.items(), key=lambda pair: pair[1])
        if id in users or id in groups
    ]


def _holders(connection: Connection, name: str) -> dict[int, int]:
    """Return the number of grants of each permission."""
    grants = table(name, column("permission_id"))
    counts = select(grants.c.permission_id, func.count()).group_by(grants.c.permission_id)
    return dict(connection.execute(counts).all())
