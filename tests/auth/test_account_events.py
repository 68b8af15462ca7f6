"""What happens to users and groups is told as what happens to rows, and nothing secret with it."""

import pytest
from pyramid.request import Request

from shoptrack.db import Database
from shoptrack.db.sessions import set_request
from shoptrack.events import RowAdded, RowChanged, RowDeleted
from shoptrack_auth import groups, users
from shoptrack_auth.user_management import OPERATOR

NEW = "a passphrase of five words"


@pytest.fixture
def told(build_app, plugin):
    """Return what subscribers were told, and a function that calls a service of their application."""
    told = []

    def includeme(config):
        for kind in (RowAdded, RowChanged, RowDeleted):
            config.add_subscriber(told.append, kind)

    app = build_app(("shoptrack_auth", plugin("listener", includeme)))
    request = Request.blank("/api/")
    request.registry = app.registry

    def act(service, *arguments, **options):
        told.clear()
        with Database.of(app.registry).session() as db, db.begin():
            set_request(db, request)
            result = service(db, *arguments, by=OPERATOR, **options)
        return result, [
            (type(event), event.resource.path, event.label, event.before, event.after)
            for event in told
            if event.request is request and event.id and event.db is db
        ]

    return act


def test_a_new_user_is_told_whole(told, hasher, make_group):
    parents = make_group("Parents")
    given = {"is_staff": True, "groups": [parents.id], "permissions": ["stores:view"]}
    ken, events = told(users.create, hasher, "ken", NEW, email="ken@example.com", **given)
    document = {
        "id": ken.id,
        "username": "ken",
        "first_name": "",
        "last_name": "",
        "email": "ken@example.com",
        "is_active": True,
        "is_staff": True,
        "is_superuser": False,
        "groups": ["Parents"],
        "permissions": ["stores:view"],
    }
    assert events == [(RowAdded, "users", "ken", {}, document)]


def test_of_a_changed_user_the_difference_is_told(told, user, grant, make_group):
    grant(user, "stores:view")
    parents = make_group("Parents")
    changes = {"username": "kenji", "is_staff": True, "email": user.email}
    _, events = told(users.change, user.id, groups=[parents.id], permissions=[], **changes)
    before = {"username": "ken", "is_staff": False, "groups": [], "permissions": ["stores:view"]}
    after = {"username": "kenji", "is_staff": True, "groups": ["Parents"], "permissions": []}
    assert events == [(RowChanged, "users", "kenji", before, after)]


def test_where_nothing_differs_nothing_is_told(told, user, make_group):
    group = make_group("Parents", "stores:view", members=[user])
    assert told(users.change, user.id, email=user.email, groups=[group.id])[1] == []
    assert told(groups.change, group.id, name="Parents", permissions=["stores:view"])[1] == []


def test_a_user_who_is_gone_is_told_as_it_was(told, user):
    _, [(kind, path, label, before, after)] = told(users.delete, user.id)
    assert (kind, path, label, after) == (RowDeleted, "users", "ken", {})
    assert before["email"] == "ken@example.com"
    assert not {"password", "password_version", "username_key"} & before.keys()


def test_groups_are_told_alike(told):
    group, events = told(groups.create, "Parents", permissions=["stores:view"])
    new = {"id": group.id, "name": "Parents", "permissions": ["stores:view"]}
    assert events == [(RowAdded, "groups", "Parents", {}, new)]
    _, events = told(groups.change, group.id, permissions=["stores:add"])
    before, after = {"permissions": ["stores:view"]}, {"permissions": ["stores:add"]}
    assert events == [(RowChanged, "groups", "Parents", before, after)]
    _, events = told(groups.delete, group.id)
    gone = {**new, "permissions": ["stores:add"]}
    assert events == [(RowDeleted, "groups", "Parents", gone, {})]
