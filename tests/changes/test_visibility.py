"""Only what a user may view, where permissions are asked for."""

import pytest

from shoptrack.testing import Client
from shoptrack_auth import users
from shoptrack_auth.user_management import OPERATOR

URL = "/api/changes/"


@pytest.fixture(scope="session")
def settings():
    return {"shoptrack.api_permissions": "model"}


@pytest.fixture
def api(app, make_user, auth_headers):
    """Return a client of a superuser, whose own sign-in is no change."""
    return Client(app, auth_headers(make_user("root", is_superuser=True)))


@pytest.fixture
def mia(make_user):
    return make_user("mia")


@pytest.fixture
def client(app, mia, auth_headers):
    """Return a client of a user with the permissions that a test grants."""
    return Client(app, auth_headers(mia))


def resources(body):
    return [change["resource"] for change in body["changes"]]


def test_changes_of_other_resources_are_left_out(api, client, mia, grant, settle):
    grant(mia, "units:view")
    start = client.get(URL).json["cursor"]
    etag = client.get(URL, {"since": start}).headers["ETag"]
    api.post_json("/api/categories/", {"name": "Meat"}, status=201)
    client.get(URL, {"since": start}, headers={"If-None-Match": etag}, status=304)
    api.post_json("/api/units/", {"name": "g"}, status=201)
    settle()
    assert resources(client.get(URL, {"since": start}).json) == ["units"]
    body = client.get(URL, {"resource": "units,categories"}, status=403).json
    assert "resource (categories:view)" in body["detail"]


def test_documents_hide_what_they_nest(api, client, mia, grant, make, settle):
    category = make.category(name="Meat").id
    grant(mia, "products:view", "units:view")
    start = client.get(URL).json["cursor"]
    body = {"name": "Beef", "category_id": category, "unit_id": make.unit(name="g").id}
    api.post_json("/api/products/", body, status=201)
    settle()
    (change,) = client.get(URL, {"since": start, "include": "document"}).json["changes"]
    assert change["document"]["category"] == {"id": category}
    assert change["document"]["unit"]["name"] == "g"
    assert "Meat" not in str(change)


def test_a_user_who_may_view_nothing_gets_403_and_a_stranger_401(app, client):
    client.get(URL, status=403)
    Client(app).get(URL, status=401)


@pytest.mark.parametrize("permission", ["products:view", "stores:view"])
def test_other_permissions_need_another_beginning(client, mia, grant, permission):
    """A row that the client could not view is no change by now, and neither are the copies that nest it."""
    grant(mia, "shopping-records:view")
    params = {"resource": "shopping-records"}
    start = client.get(URL, params).json["cursor"]
    client.get(URL, params | {"since": start})
    grant(mia, permission)
    body = client.get(URL, params | {"since": start}, status=410).json
    assert body["detail"].startswith("You may now view other resources")


def test_users_and_groups_are_for_the_history_alone(api, database, hasher, settle):
    start = api.get(URL).json["cursor"]
    with database.session() as db, db.begin():
        users.create(db, hasher, "ann", None, by=OPERATOR)
    settle()
    assert api.get(URL, {"since": start}).json["changes"] == []
    assert "users" in api.get(URL, {"resource": "users"}, status=400).json["resource"][0]
