"""Who may do what by the API, in either mode, and what it costs to know."""

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import delete

from shoptrack.db import Database
from shoptrack.permissions import Permissions
from shoptrack.rest.service import Service
from shoptrack.testing import Client, capture_statements
from shoptrack_auth import permissions
from shoptrack_auth.models import UserGroup, UserPermission
from shoptrack_auth.permissions import AuthPermission, EffectivePermission

pytestmark = pytest.mark.database("sqlite")

FORBIDDEN = {"detail": "You do not have permission to perform this action."}
VERBS = {"view": "GET", "add": "POST", "change": "PATCH", "delete": "DELETE"}


@pytest.fixture(params=["authenticated", "model"])
def client_of_mode(request, build_app):
    """Return a client of an application in either mode."""
    return Client(build_app(shoptrack__api_permissions=request.param))


@pytest.fixture
def strict(build_app) -> Client:
    """Return a client of an application where permissions must have been given."""
    return Client(build_app(shoptrack__api_permissions="model"))


def ask(client, method, path, headers):
    answer = client.request(
        path,
        method=method,
        headers=headers,
        body=b"{}",
        content_type="application/json",
        status="*",
    )
    return answer.status_int


def test_by_default_whoever_is_signed_in_may_do_everything(client, credentials):
    for path in client.get("/api/").json:
        assert ask(client, "GET", f"/api/{path}/", credentials) == 200
        assert ask(client, "POST", f"/api/{path}/", credentials) == 400
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert ask(client, method, f"/api/{path}/9/", credentials) == 404


def test_in_the_other_mode_nothing_is_allowed_unasked(strict, credentials):
    for path in strict.get("/api/").json:
        for method in ("GET", "POST"):
            assert ask(strict, method, f"/api/{path}/", credentials) == 403
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert ask(strict, method, f"/api/{path}/9/", credentials) == 403


def test_the_refusal_is_a_sentence(strict, credentials):
    assert strict.get("/api/products/", headers=credentials, status=403).json == FORBIDDEN


def test_who_is_not_signed_in_is_told_so_first(strict):
    strict.get("/api/products/", status=401)


@pytest.mark.parametrize("verb", VERBS)
def test_each_permission_opens_its_verbs_of_its_resource(strict, user, grant, credentials, verb):
    grant(user, f"stores:{verb}")
    opened = {
        (method, path)
        for path in ("/api/stores/", "/api/stores/9/", "/api/units/", "/api/units/9/")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if ask(strict, method, path, credentials) not in (403, 405)
    }
    assert (
        opened
        == {
            "view": {("GET", "/api/stores/"), ("GET", "/api/stores/9/")},
            "add": {("POST", "/api/stores/")},
            "change": {("PUT", "/api/stores/9/"), ("PATCH", "/api/stores/9/")},
            "delete": {("DELETE", "/api/stores/9/")},
        }[verb]
    )


@pytest.mark.database("sqlite", "postgresql")
def test_a_group_gives_its_permissions_to_its_members_alone(
    strict, make_user, make_group, auth_headers
):
    ken, mia = make_user("ken"), make_user("mia")
    make_group("Parents", "stores:view", members=[ken])
    make_group("Children", "units:view", members=[mia])
    may = {
        (user.username, path): ask(strict, "GET", f"/api/{path}/", auth_headers(user)) == 200
        for user in (ken, mia)
        for path in ("stores", "units")
    }
    assert may == {
        ("ken", "stores"): True,
        ("ken", "units"): False,
        ("mia", "stores"): False,
        ("mia", "units"): True,
    }


def test_superusers_hold_all(strict, make_user, auth_headers):
    root = auth_headers(make_user("root", is_superuser=True))
    for path in strict.get("/api/").json:
        assert ask(strict, "GET", f"/api/{path}/", root) == 200


def test_a_change_of_role_counts_at_the_next_request(strict, user, database, grant, credentials):
    for _ in range(2):
        assert ask(strict, "GET", "/api/stores/", credentials) == 403
        grant(user, "stores:view")
        assert ask(strict, "GET", "/api/stores/", credentials) == 200
        with database.engine.begin() as connection:
            connection.execute(delete(UserPermission))


@pytest.mark.database("sqlite", "postgresql")
def test_so_does_leaving_a_group(strict, user, database, make_group, credentials):
    make_group("Parents", "stores:view", members=[user])
    assert ask(strict, "GET", "/api/stores/", credentials) == 200
    with database.engine.begin() as connection:
        connection.execute(delete(UserGroup))
    assert ask(strict, "GET", "/api/stores/", credentials) == 403


def test_so_does_becoming_a_superuser(strict, change_user, credentials):
    assert ask(strict, "GET", "/api/stores/", credentials) == 403
    change_user(is_superuser=True)
    assert ask(strict, "GET", "/api/stores/", credentials) == 200
    change_user(is_superuser=False)
    assert ask(strict, "GET", "/api/stores/", credentials) == 403


def test_a_user_may_always_ask_who_it_is_and_sign_out(strict, credentials):
    strict.get("/api/auth/user/", headers=credentials, status=200)
    strict.post("/api/auth/logout/", headers=credentials, status=200)


@pytest.mark.database("sqlite", "postgresql")
def test_reading_takes_as_many_statements_in_either_mode(
    client_of_mode, user, grant, make, make_group, credentials
):
    database = Database.of(client_of_mode.app.registry)
    store = make.store()
    grant(user, "stores:view", "units:view")
    make_group("Parents", "stores:view", "stores:add", members=[user])
    client_of_mode.get("/api/stores/", headers=credentials)  # warms up
    with capture_statements(database) as item:
        client_of_mode.get(f"/api/stores/{store.id}/", headers=credentials)
    with capture_statements(database) as whole:
        client_of_mode.get("/api/stores/", headers=credentials)
    assert (len(item), len(whole)) == (2, 3)


@pytest.fixture
def house(build_app, plugin):
    """Return a function that returns a client of an application with an address of its own."""

    def house(mode: str) -> Client:
        def view(request):
            return {name: bool(request.has_permission(name)) for name in request.GET}

        def includeme(config):
            config.add_permissions({"house:burn": "burn the house down"}, restricted=True)
            config.add_permissions({"house:clean": "clean the house"})
            service = Service("house", "/api/house/")
            service.add_view("GET", view, permission=NO_PERMISSION_REQUIRED)
            config.add_service(service)

        names = ("shoptrack_auth", plugin("house", includeme))
        return Client(build_app(names, shoptrack__api_permissions=mode))

    return house


@pytest.mark.database("sqlite", "postgresql")
def test_what_is_restricted_must_have_been_given_in_both_modes(house, user, grant, credentials):
    ask = "/api/house/?house:burn&house:clean&users:view"
    answer = house("authenticated").get(ask, headers=credentials).json
    assert answer == {"house:burn": False, "house:clean": True, "users:view": False}
    grant(user, "house:burn", "users:view")
    answer = house("authenticated").get(ask, headers=credentials).json
    assert answer == {"house:burn": True, "house:clean": True, "users:view": True}
    answer = house("model").get(ask, headers=credentials).json
    assert answer == {"house:burn": True, "house:clean": False, "users:view": True}


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(("mode", "statements"), [("authenticated", 2), ("model", 1)])
def test_however_many_permissions_are_asked_they_are_read_once(
    house, credentials, mode, statements
):
    client = house(mode)
    with capture_statements(Database.of(client.app.registry)) as executed:
        client.get("/api/house/?house:burn&users:view&groups:view", headers=credentials)
    assert len(executed) == statements


def test_what_was_given_but_is_declared_no_more_allows_nothing(house, user, grant, credentials):
    grant(user, "garden:dig")
    assert house("model").get("/api/house/?garden:dig", headers=credentials).json == {
        "garden:dig": False
    }


def test_users_and_groups_are_restricted(app):
    assert set(AuthPermission) <= Permissions.of(app.registry).restricted
    assert not Permissions.of(app.registry).shared & set(AuthPermission)
    assert Permissions.of(app.registry).declared["users:change"] == "change users"
    assert "products:view" in Permissions.of(app.registry).shared


@pytest.mark.database("sqlite", "postgresql")
def test_where_a_permission_comes_from_is_told(app, user, database, grant, make_group):
    grant(user, "stores:view", "units:view")
    make_group("Parents", "stores:view", "stores:add", members=[user])
    make_group("Adults", "stores:view", members=[user])
    make_group("Children", "stores:delete")
    with database.read_engine.connect() as connection:
        held = permissions.get_effective_permissions(
            connection, user.id, Permissions.of(app.registry).declared
        )
    assert held == [
        EffectivePermission("stores:add", superuser=False, own=False, groups=("Parents",)),
        EffectivePermission("stores:view", superuser=False, own=True, groups=("Adults", "Parents")),
        EffectivePermission("units:view", superuser=False, own=True, groups=()),
    ]


def test_a_superuser_holds_all_that_is_declared(app, make_user, database, grant):
    root = make_user("root", is_superuser=True)
    grant(root, "stores:view")
    declared = Permissions.of(app.registry).declared
    with database.read_engine.connect() as connection:
        held = {
            one.permission: one
            for one in permissions.get_effective_permissions(connection, root.id, declared)
        }
    assert held.keys() == declared.keys()
    assert held["stores:view"] == EffectivePermission(
        "stores:view", superuser=True, own=True, groups=()
    )
    assert held["users:add"] == EffectivePermission(
        "users:add", superuser=True, own=False, groups=()
    )
