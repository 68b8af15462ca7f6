"""What the rest of the application asks: who is it, and may they?"""

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import URL

from shoptrack.permissions import SIGNED_IN
from shoptrack.rest.service import Service
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app

pytestmark = pytest.mark.database("sqlite")

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")


def who(request):
    """Answer what a view gets to know."""
    identity = request.identity
    return {
        "id": identity and identity.id,
        "userid": request.authenticated_userid,
        "again": request.identity is identity,
        "may": [
            name for name in ("products:add", "house:burn", "") if request.has_permission(name)
        ],
        "signed in": bool(request.has_permission(SIGNED_IN)),
    }


def includeme(config):
    """Serve one address to everybody, one to who is signed in, and two that are nobody's."""
    for path, permission in (
        ("open", {"permission": NO_PERMISSION_REQUIRED}),
        ("mine", {"permission": SIGNED_IN}),
        ("forgotten", {}),
        ("undeclared", {"permission": "house:burn"}),
    ):
        service = Service(path, f"/api/house/{path}/")
        service.add_view("GET", who, **permission)
        config.add_service(service)


@pytest.fixture
def client(build_app, plugin) -> Client:
    return Client(build_app(("shoptrack_auth", plugin("house", includeme))))


def test_a_view_knows_who_is_asking(client, user, signed_in):
    answer = client.get("/api/house/open/", headers=signed_in.auth_headers).json
    assert answer["id"] == user.id
    assert answer["userid"] == user.id
    assert answer["again"]
    assert answer["signed in"]
    assert answer["may"] == ["products:add"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer"}])
def test_an_open_view_learns_that_it_is_nobody(client, header):
    answer = client.get("/api/house/open/", headers=header).json
    assert answer == {"id": None, "userid": None, "again": True, "may": [], "signed in": False}


def test_some_addresses_are_for_everybody_who_is_signed_in(client, signed_in):
    client.get("/api/house/mine/", headers=signed_in.auth_headers, status=200)
    answer = client.get("/api/house/mine/", status=401)
    assert answer.json == {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize("path", ["forgotten", "undeclared"])
@pytest.mark.parametrize("superuser", [True, False])
def test_what_names_no_declared_permission_is_refused_to_superusers_too(
    client, user, signed_in, change_user, path, superuser
):
    change_user(is_superuser=superuser, is_staff=superuser)
    answer = client.get(f"/api/house/{path}/", headers=signed_in.auth_headers, status=403)
    assert answer.json == {"detail": "You do not have permission to perform this action."}
    client.get(f"/api/house/{path}/", status=401)


def test_the_core_alone_is_shut(signed_in, build_app):
    client = Client(build_app(()))
    for path in client.get("/api/").json:
        answer = client.get(f"/api/{path}/", headers=signed_in.auth_headers, status=401)
        assert answer.json == {"detail": "Authentication credentials were not provided."}
        assert "WWW-Authenticate" not in answer.headers  # nobody knows a scheme to sign in by
    client.get("/healthz", status=200)
    client.post_json("/api/auth/token/", {}, status=404)


def test_an_application_with_sign_in_and_one_without_stay_strangers(build_app, signed_in):
    without, having, another = (
        Client(build_app(plugins)) for plugins in ((), ("shoptrack_auth",), ())
    )
    having.get("/api/products/", headers=signed_in.auth_headers, status=200)
    for client in (without, another):
        client.get("/api/products/", headers=signed_in.auth_headers, status=401)
        client.get("/api/auth/user/", headers=signed_in.auth_headers, status=404)


def test_applications_with_other_keys_do_not_take_each_others_tokens(build_app, signed_in):
    client = Client(build_app(shoptrack__secret_key="another-key-that-is-long-enough-to-sign-with"))
    client.get("/api/products/", headers=signed_in.auth_headers, status=401)


def test_only_one_plugin_says_who_is_asking(plugin):
    another = plugin("another_auth", lambda config: config.set_identify(lambda request: None))
    with pytest.raises(ConfigurationError, match="the way in which callers are identified") as stop:
        make_test_app(NOWHERE, ("shoptrack_auth", another))
    assert "shoptrack_auth/__init__.py" in str(stop.value)
    assert "test_policy.py" in str(stop.value)


def test_a_plugin_that_says_it_twice_clashes_with_itself(plugin):
    def twice(config):
        config.set_identify(lambda request: None)
        config.set_identify(lambda request: None)

    with pytest.raises(ConfigurationError, match="the way in which callers are identified") as stop:
        make_test_app(NOWHERE, (plugin("twice_auth", twice),))
    assert str(stop.value).count("test_policy.py") == 2
