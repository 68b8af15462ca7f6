"""Nobody gives, or gets at, what they do not hold; and somebody who may do everything is left."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select

from shoptrack.errors import Forbidden, NotFound, ValidationError
from shoptrack_auth import groups, password_change, password_links, users
from shoptrack_auth.models import GroupPermission, User, UserGroup, UserPermission
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.user_management import (
    LAST_SUPERUSER,
    OPERATOR,
    STAFF_REQUIRED,
    SUPERUSER_REQUIRED,
    LastSuperuser,
    OwnAccountDeletion,
)

pytestmark = pytest.mark.database("sqlite")

NEW = "a passphrase of five words"
REFUSED = "You do not have permission to perform this action."


@pytest.fixture
def root(make_user):
    return make_user("root", is_superuser=True, is_staff=True)


@pytest.fixture
def staff(make_user, grant):
    """Make a member of the staff who looks after users and groups, and may see stores."""
    staff = make_user("staff", is_staff=True)
    grant(staff, *AuthPermission, "stores:view")
    return staff


@pytest.fixture
def plain(make_user):
    return make_user("plain")


@pytest.fixture
def stored(database):
    """Return a function that returns everything that was given, and to whom; of users the switches too."""

    def stored():
        with database.read_engine.connect() as connection:
            switches = (User.id, User.password, User.is_active, User.is_staff, User.is_superuser)
            tables = (UserPermission, GroupPermission, UserGroup)
            return [
                sorted(map(tuple, connection.execute(statement)))
                for statement in (select(*switches), *(select(table.__table__) for table in tables))
            ]

    return stored


def everything_with(hasher, id):
    """Return all that can be done with a user."""
    return [
        partial(users.change, id=id, email="x@example.com"),
        partial(users.change, id=id, is_active=False),
        partial(users.change, id=id, is_superuser=False),
        partial(users.change, id=id, groups=[], permissions=[]),
        partial(users.delete, id=id),
        partial(password_change.set_password, hasher=hasher, id=id, password=NEW),
        partial(password_links.create_link, user_id=id),
    ]


def test_staff_look_after_users_who_hold_no_more(act, hasher, staff, plain, grant):
    grant(plain, "stores:view")
    assert act(users.change, plain.id, by=staff.id, email="p@example.com").email
    assert act(users.change, plain.id, by=staff.id, is_staff=True).is_staff
    assert act(password_change.set_password, hasher, plain.id, NEW, by=staff.id)
    assert act(password_links.create_link, plain.id, by=staff.id)
    act(users.delete, plain.id, by=staff.id)
    assert act(users.create, hasher, "mia", NEW, by=staff.id).id


def test_superusers_look_after_everybody(act, hasher, root, make_user, grant):
    for number in range(len(everything_with(hasher, 0))):
        another = make_user(f"another{number}", is_superuser=True)
        grant(another, "stores:delete")
        act(everything_with(hasher, another.id)[number], by=root.id)


@pytest.mark.parametrize("active", [True, False])
def test_staff_do_not_touch_superusers(act, hasher, root, staff, make_user, stored, active):
    another = make_user("another", is_superuser=True, is_active=active)
    before = stored()
    for service in everything_with(hasher, another.id):
        with pytest.raises(Forbidden, match="Only superusers can change superusers"):
            act(service, by=staff.id)
    assert stored() == before


def test_staff_do_not_get_at_permissions_that_they_lack(
    act, hasher, staff, plain, grant, make_group, stored
):
    # Who could set the password of such a user could sign in as one.
    make_group("Keepers", "stores:delete", members=[plain])
    before = stored()
    for service in everything_with(hasher, plain.id):
        with pytest.raises(
            Forbidden, match=r"You cannot change plain\. Missing permissions: stores:delete"
        ):
            act(service, by=staff.id)
    assert stored() == before
    grant(staff, "stores:delete")
    act(users.change, plain.id, by=staff.id, email="p@example.com")


def test_staff_make_no_superusers(act, hasher, staff, plain, stored):
    before = stored()
    attempts = [
        partial(users.create, hasher=hasher, username="x", is_superuser=True),
        partial(users.change, id=plain.id, is_superuser=True),
        partial(users.change, id=staff.id, is_superuser=True),
    ]
    for service in attempts:
        with pytest.raises(ValidationError) as refused:
            act(service, by=staff.id)
        assert refused.value.errors == {"is_superuser": [SUPERUSER_REQUIRED]}
    assert stored() == before


def test_who_is_not_of_the_staff_lets_nobody_in(act, hasher, make_user, grant, plain, stored):
    keeper = make_user("keeper")
    grant(keeper, *AuthPermission)
    before = stored()
    attempts = [
        partial(users.create, hasher=hasher, username="x", is_staff=True),
        partial(users.change, id=plain.id, is_staff=True),
        partial(users.change, id=keeper.id, is_staff=True),
    ]
    for service in attempts:
        with pytest.raises(ValidationError) as refused:
            act(service, by=keeper.id)
        assert refused.value.errors == {"is_staff": [STAFF_REQUIRED]}
    assert stored() == before


def test_staff_give_only_permissions_that_they_hold(act, hasher, staff, plain, make_group, stored):
    members = make_group("Members", "stores:view")
    before = stored()
    given = ["stores:view", "units:delete", "stores:delete"]
    attempts = [
        partial(users.create, hasher=hasher, username="x", permissions=given),
        partial(users.change, id=plain.id, permissions=given),
        partial(users.change, id=staff.id, permissions=[*AuthPermission, *given]),
        partial(groups.create, name="x", permissions=given),
        partial(groups.change, id=members.id, permissions=given),
    ]
    for service in attempts:
        with pytest.raises(ValidationError) as refused:
            act(service, by=staff.id)
        said = "You can only grant permissions that you have. Missing: stores:delete, units:delete."
        assert refused.value.errors == {"permissions": [said]}
    assert stored() == before
    act(users.change, plain.id, by=staff.id, permissions=["stores:view", "users:view"])
    act(groups.create, "x", by=staff.id, permissions=["users:view"])


def test_staff_put_nobody_into_a_stronger_group(act, hasher, staff, plain, make_group, stored):
    equal = make_group("Equal", "stores:view")
    stronger = make_group("Stronger", "stores:view", "stores:delete")
    before = stored()
    given = [equal.id, stronger.id]
    attempts = [
        partial(users.create, hasher=hasher, username="x", groups=given),
        partial(users.change, id=plain.id, groups=given),
        partial(users.change, id=staff.id, groups=given),
    ]
    for service in attempts:
        with pytest.raises(ValidationError) as refused:
            act(service, by=staff.id)
        said = "You can only grant permissions that you have. Missing: stores:delete."
        assert refused.value.errors == {"groups": [said]}
    assert stored() == before
    act(users.change, plain.id, by=staff.id, groups=[equal.id])


def test_staff_do_not_raise_a_group_that_they_are_in(act, staff, make_group, stored):
    own = make_group("Own", "stores:view", members=[staff])
    before = stored()
    with pytest.raises(ValidationError, match="Missing: units:view"):
        act(groups.change, own.id, by=staff.id, permissions=["stores:view", "units:view"])
    assert stored() == before


def test_staff_do_not_change_or_delete_a_stronger_group(act, staff, make_group, stored):
    stronger = make_group("Stronger", "stores:delete")
    before = stored()
    for service in (
        partial(groups.change, name="Weak"),
        partial(groups.change, permissions=[]),
        groups.delete,
    ):
        with pytest.raises(
            Forbidden, match=r"You cannot change Stronger\. Missing permissions: stores:delete"
        ):
            act(service, id=stronger.id, by=staff.id)
    assert stored() == before


def test_a_groups_permissions_count_as_held(act, make_user, make_group, plain):
    keeper = make_user("keeper")
    make_group("Keepers", "users:change", "units:add", members=[keeper])
    act(users.change, plain.id, by=keeper.id, permissions=["units:add"])


@pytest.mark.parametrize(
    ("needed", "service"),
    [
        (AuthPermission.ADD_USERS, lambda db, ids, by: users.create(db, None, "x", by=by)),
        (
            AuthPermission.CHANGE_USERS,
            lambda db, ids, by: users.change(db, ids[0], by=by, email=""),
        ),
        (
            AuthPermission.CHANGE_USERS,
            lambda db, ids, by: password_links.create_link(db, ids[0], by=by),
        ),
        (AuthPermission.DELETE_USERS, lambda db, ids, by: users.delete(db, ids[0], by=by)),
        (AuthPermission.ADD_GROUPS, lambda db, ids, by: groups.create(db, "x", by=by)),
        (
            AuthPermission.CHANGE_GROUPS,
            lambda db, ids, by: groups.change(db, ids[1], by=by, name="x"),
        ),
        (AuthPermission.DELETE_GROUPS, lambda db, ids, by: groups.delete(db, ids[1], by=by)),
    ],
)
def test_each_act_needs_its_permission(act, make_user, grant, plain, make_group, needed, service):
    ids = (plain.id, make_group("Empty").id)
    actor = make_user("actor", is_staff=True)
    grant(actor, *(set(AuthPermission) - {needed}))
    with pytest.raises(Forbidden, match=REFUSED):
        act(service, ids, actor.id)
    grant(actor, needed)
    act(service, ids, actor.id)


def test_who_was_deactivated_or_deleted_acts_no_more(act, root, make_user, plain):
    gone = make_user("gone", is_superuser=True, is_active=False)
    for by in (gone.id, 987_654):
        with pytest.raises(Forbidden, match=REFUSED):
            act(users.change, plain.id, by=by, email="")


def test_what_is_not_there_is_not_found(act, root, hasher):
    for id in (987_654, 2**62, -1):
        for service in everything_with(hasher, id):
            with pytest.raises(NotFound, match="No User matches the given query"):
                act(service, by=root.id)
        with pytest.raises(NotFound, match="No Group matches the given query"):
            act(groups.delete, id, by=root.id)
        with pytest.raises(ValidationError) as refused:
            act(users.change, root.id, by=root.id, groups=[id])
        assert refused.value.errors == {"groups": [f"Unknown groups: {id}."]}


def test_only_declared_permissions_are_given(act, root, plain, grant):
    with pytest.raises(ValidationError) as refused:
        act(users.change, plain.id, by=root.id, permissions=["stores:view", "moon:walk"])
    assert refused.value.errors == {"permissions": ["Unknown permissions: moon:walk."]}
    # One that a plugin declared that is gone may stay.
    grant(plain, "moon:walk")
    act(users.change, plain.id, by=root.id, permissions=["stores:view", "moon:walk"])


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("by", ["root", "operator"])
def test_the_last_active_superuser_stays(act, hasher, root, make_user, stored, by):
    make_user("gone", is_superuser=True, is_active=False)
    before = stored()
    by = root.id if by == "root" else OPERATOR
    for name in ("is_active", "is_superuser", "is_staff"):
        with pytest.raises(ValidationError) as refused:
            act(users.change, root.id, by=by, **{name: False})
        assert refused.value.errors == {name: [LAST_SUPERUSER]}
    with pytest.raises(ValidationError) as refused:
        act(password_change.set_password, hasher, root.id, None, by=by)
    assert refused.value.errors == {"password": [LAST_SUPERUSER]}
    with pytest.raises(OwnAccountDeletion if by == root.id else LastSuperuser):
        act(users.delete, root.id, by=by)
    assert stored() == before


def test_where_there_is_another_one_may_go(act, root, make_user):
    another = make_user("another", is_superuser=True)
    act(users.change, another.id, by=root.id, is_superuser=False)
    act(users.change, another.id, by=root.id, is_superuser=True)
    act(users.change, root.id, by=root.id, is_active=False)
    with pytest.raises(ValidationError):
        act(users.change, another.id, by=another.id, is_active=False)


def test_nobody_deletes_the_own_account(act, root, make_user, staff, stored):
    make_user("another", is_superuser=True)
    before = stored()
    for user in (root, staff):
        with pytest.raises(OwnAccountDeletion, match="You cannot delete your own account"):
            act(users.delete, user.id, by=user.id)
    assert stored() == before


@pytest.mark.database("sqlite", "postgresql")
def test_of_several_in_one_transaction_none_goes_where_one_must_stay(act, root, plain, stored):
    def delete_both(db):
        users.delete(db, plain.id, by=root.id)
        users.delete(db, root.id, by=root.id)

    before = stored()
    with pytest.raises(OwnAccountDeletion):
        act(delete_both)
    assert stored() == before


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("lost", ["is_active", "is_superuser", "deleted"])
def test_two_superusers_who_remove_each_other_at_once_do_not_both_go(
    act, make_user, database, lost
):
    one, other = (make_user(name, is_superuser=True) for name in ("one", "other"))
    together = Barrier(2)

    def attempt(by, id):
        together.wait()
        try:
            if lost == "deleted":
                act(users.delete, id, by=by)
            else:
                act(users.change, id, by=by, **{lost: False})
        except (ValidationError, Forbidden, LastSuperuser):
            return "refused"
        return "gone"

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(attempt, (one.id, other.id), (other.id, one.id)))
    assert sorted(outcomes) == ["gone", "refused"]
    with database.read_engine.connect() as connection:
        left = select(User.id).where(User.is_active, User.is_superuser)
        assert len(connection.execute(left).all()) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_who_loses_a_permission_does_not_give_it_meanwhile(database, act, root, staff, plain):
    with ThreadPoolExecutor(1) as threads:
        with database.session() as db, db.begin():
            users.change(db, staff.id, by=root.id, permissions=[*AuthPermission])
            giving = threads.submit(
                act, users.change, plain.id, by=staff.id, permissions=["stores:view"]
            )
        with pytest.raises(ValidationError, match="Missing: stores:view"):
            giving.result()


def test_what_was_refused_is_in_the_log(act, staff, plain, caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(ValidationError):
        act(users.change, plain.id, by=staff.id, is_superuser=True)
    assert f"Denied to user {staff.id}: is_superuser: {SUPERUSER_REQUIRED}" in caplog.text
