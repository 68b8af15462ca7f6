"""Groups for new members of the household, which commands create once: viewers, household members and managers.

They are created when there is a user and no group. An empty database stays empty, so that a backup can be restored
into it, or Django's data imported. Later, ``shoptrack migrate`` grants them the permissions of new plugins, unless
somebody has changed their permissions. A deleted group does not come back. Every change is printed.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from shoptrack.events import DatabasePrepared
from shoptrack.permissions import Permissions
from shoptrack_auth import groups
from shoptrack_auth.models import Group, GroupPermission, PresetGroup, User
from shoptrack_auth.user_management import OPERATOR, lock_accounts

VIEW = ":view"


class Preset(NamedTuple):
    """A preset group.

    :param name: in the table of preset groups
    :param title: the name of the group, which can be changed
    :param select: returns its permissions
    """

    name: str
    title: str
    select: Callable[[Permissions], set[str]]
    about: str


PRESETS = (
    Preset(
        "viewers",
        "Viewers",
        lambda permissions: {name for name in permissions.shared if name.endswith(VIEW)},
        "view the household's data",
    ),
    Preset(
        "household-members",
        "Household members",
        lambda permissions: set(permissions.shared),
        "view, add, change and delete the household's data",
    ),
    Preset(
        "managers",
        "Managers",
        lambda permissions: set(permissions.declared),
        "the same, and with staff status also users, groups and the history",
    ),
)


class PlannedGroup(NamedTuple):
    """A preset group to create, or to give more permissions.

    :param group_id: ``None`` for a new group
    :param added: the new permissions
    :param permissions: all permissions, these included
    """

    preset: Preset
    group_id: int | None
    added: set[str]
    permissions: set[str]


def prepare_preset_groups(event: DatabasePrepared) -> None:
    """Create the groups, or give them new permissions, and print what was done."""
    environment = event.environment
    with environment.database.read_engine.connect() as connection:
        if not _plan(connection, environment.registry):
            return
    with environment.session() as db:
        # Another process may have done it meanwhile.
        lock_accounts(db)
        for planned in _plan(db.connection(), environment.registry):
            print(_write(db, planned))


def _plan(connection: Connection, registry: Any) -> list[PlannedGroup]:
    return list(_find_planned(connection, Permissions.of(registry)))


def _find_planned(connection: Connection, permissions: Permissions) -> Iterator[PlannedGroup]:
    stored = {row.name: row for row in connection.execute(select(PresetGroup.__table__))}
    if not stored:
        if _has_rows(connection, User.id) and not _has_rows(connection, Group.id):
            for preset in PRESETS:
                wanted = preset.select(permissions)
                yield PlannedGroup(preset, None, wanted, wanted)
        return
    for preset in PRESETS:
        row = stored.get(preset.name)
        if row is None or row.group_id is None:
            continue
        granted = select(GroupPermission.permission).where(GroupPermission.group_id == row.group_id)
        current = set(connection.scalars(granted))
        added = preset.select(permissions) - current
        if added and current == set(row.permissions):
            yield PlannedGroup(preset, row.group_id, added, current | added)


def _has_rows(connection: Connection, column: Any) -> bool:
    return connection.scalar(select(column).limit(1)) is not None


def _write(db, planned: PlannedGroup) -> str:
    """Create or change a group, and return what to print."""
    preset, permissions = planned.preset, sorted(planned.permissions)
    if planned.group_id is None:
        group = groups.create(db, preset.title, by=OPERATOR, permissions=permissions)
        db.add(PresetGroup(name=preset.name, group_id=group.id, permissions=permissions))
        return f"Created the group {group.name!r}: {preset.about}. It has no members yet."
    group = groups.change(db, planned.group_id, by=OPERATOR, permissions=permissions)
    row = db.get(PresetGroup, preset.name)
    row.permissions = permissions
    return f"The group {group.name!r} has new permissions: {', '.join(sorted(planned.added))}."
