"""Groups that commands create for new members, once."""

from enum import StrEnum

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from shoptrack.cli import Environment
from shoptrack.cli.commands import migrate
from shoptrack.events import DatabasePrepared
from shoptrack.permissions import Permissions
from shoptrack_auth import groups
from shoptrack_auth.commands import createsuperuser
from shoptrack_auth.models import Group, GroupPermission
from shoptrack_auth.user_management import OPERATOR

NAMES = ["Viewers", "Household members", "Managers"]


class WishPermission(StrEnum):
    """Permissions of a plugin that is enabled later."""

    VIEW_WISHES = "presetwishes:view"
    ADD_WISHES = "presetwishes:add"
    SEE_SECRETS = "presetsecrets:view"


@pytest.fixture
def run(app):
    """Return a function that runs ``shoptrack migrate``, and returns the lines behind its first one."""

    def run(*arguments, app=app):
        environment = Environment(None)
        environment.registry = app.registry
        result = CliRunner().invoke(migrate, arguments, obj=environment)
        assert result.exit_code == 0, result.output
        return result.output.splitlines()[1:]

    return run


@pytest.fixture
def stored(database):
    """Return a function that returns the groups' permissions, by name."""

    def stored() -> dict[str, set[str]]:
        with database.read_engine.connect() as connection:
            names = dict(connection.execute(select(Group.id, Group.name).order_by(Group.id)).all())
            granted = {name: set() for name in names.values()}
            columns = select(GroupPermission.group_id, GroupPermission.permission)
            for id, permission in connection.execute(columns):
                granted[names[id]].add(permission)
        return granted

    return stored


@pytest.fixture
def later_app(app, build_app):
    """An application with further permissions, as of a plugin that was enabled later."""

    def build():
        later = build_app(shoptrack__max_streams="3")
        permissions = Permissions.of(later.registry)
        for name in WishPermission:
            permissions.declared[name] = "Wishes."
        permissions.restricted.add(WishPermission.SEE_SECRETS)
        return later

    later = build()
    yield later
    permissions = Permissions.of(later.registry)
    for name in WishPermission:
        permissions.declared.pop(name)
    permissions.restricted.discard(WishPermission.SEE_SECRETS)


def test_they_are_created_once_and_printed(app, run, stored, superuser, entries):
    lines = run()
    assert lines == [
        "Created the group 'Viewers': view the household's data. It has no members yet.",
        "Created the group 'Household members': view, add, change and delete the household's data. "
        "It has no members yet.",
        "Created the group 'Managers': the same, and with staff status also users, groups and the history. "
        "It has no members yet.",
    ]
    permissions = Permissions.of(app.registry)
    viewers, members, managers = stored().values()
    assert list(stored()) == NAMES
    assert {"stores:view", "reports:view"} < viewers < members == permissions.shared
    assert {name.partition(":")[2] for name in viewers} == {"view"}
    assert not {name for name in members if name.startswith(("users:", "groups:", "history:"))}
    assert managers == permissions.declared.keys()
    assert [(entry.label, entry.way) for entry in entries(path="groups")] == [
        (name, "command") for name in NAMES
    ]
    assert run() == []


def test_an_empty_database_stays_empty(run, stored):
    assert run() == []
    assert stored() == {}


def test_groups_of_ones_own_are_enough(run, stored, superuser, make_group):
    make_group("Parents", "stores:view")
    assert run() == []
    assert list(stored()) == ["Parents"]


def test_what_was_deleted_does_not_come_back(run, stored, superuser, database):
    run()
    with database.session() as db, db.begin():
        for group in db.scalars(select(Group)).all():
            groups.delete(db, group.id, by=OPERATOR)
    assert run() == []
    assert stored() == {}


def test_new_permissions_of_plugins_are_granted_by_the_same_rules(
    run, stored, superuser, later_app
):
    run()
    before = stored()
    lines = run(app=later_app)
    assert lines == [
        "The group 'Viewers' has new permissions: presetwishes:view.",
        "The group 'Household members' has new permissions: presetwishes:add, presetwishes:view.",
        "The group 'Managers' has new permissions: presetsecrets:view, presetwishes:add, presetwishes:view.",
    ]
    assert stored()["Viewers"] - before["Viewers"] == {"presetwishes:view"}
    assert run(app=later_app) == []
    assert run() == []  # without the plugin, its permissions are kept
    assert "presetwishes:view" in stored()["Viewers"]


def test_a_group_that_was_changed_is_left_alone_and_a_renamed_one_is_not(
    run, stored, superuser, database, later_app
):
    run()
    with database.session() as db, db.begin():
        viewers, members, managers = db.scalars(select(Group).order_by(Group.id)).all()
        groups.change(db, viewers.id, by=OPERATOR, permissions={"stores:view"})
        groups.change(db, members.id, by=OPERATOR, name="\u5bb6\u65cf")
        groups.delete(db, managers.id, by=OPERATOR)
    [line] = run(app=later_app)
    assert line.startswith("The group '\u5bb6\u65cf' has new permissions: ")
    assert stored()["Viewers"] == {"stores:view"}
    assert "Managers" not in stored()


@pytest.mark.database("sqlite")
def test_the_command_for_the_first_user_creates_them_too(app, hasher, stored):
    environment = Environment(None)
    environment.registry = app.registry
    arguments = ["--username", "mia", "--password-stdin"]
    typed = "a password of five words\n"
    result = CliRunner().invoke(createsuperuser, arguments, typed, obj=environment)
    assert result.output.count("Created the group ") == 3, result.output
    assert list(stored()) == NAMES


@pytest.mark.database("sqlite")
def test_one_plugin_s_migration_and_only_the_default_file_leave_groups_alone(
    run, stored, superuser
):
    run("--plugin", "auth")
    run("--only-default")
    assert stored() == {}


@pytest.mark.database("postgresql")
def test_of_two_processes_at_once_one_creates_them(app, stored, superuser, database):
    """The second one waits for the lock, and finds that nothing is left to do."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    barrier = Barrier(2)

    def prepare():
        environment = Environment(None)
        environment.registry = app.registry
        barrier.wait(60)
        app.registry.notify(DatabasePrepared(environment))

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(prepare) for _ in range(2)]:
            done.result()
    assert list(stored()) == NAMES
