"""Further ways to identify users, which plugins add: when they are asked, and what they can't open."""

from functools import cache

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import URL

from shoptrack.errors import NotAuthenticated, TooManyRequests
from shoptrack.permissions import Permissions, Principal
from shoptrack.rest import SecurityScheme, Service
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app
from shoptrack_auth.tokens import Tokens

pytestmark = pytest.mark.database("sqlite")

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")
NO_USER = {
    "detail": "No active user matches your sign-in. Ask a user administrator for an account.",
    "code": "user_not_found",
}
NOT_GIVEN = {"detail": "Authentication credentials were not provided."}
USER, OPEN = "/api/auth/user/", "/api/house/open/"


class Card:
    """An authenticator by a header, which notes how often it is asked."""

    def __init__(self, read=lambda value: Principal(username=value), header="X-Card"):
        self.read = read
        self.header = header
        self.asked = 0

    def __call__(self, request):
        self.asked += 1
        value = request.headers.get(self.header)
        return None if value is None else self.read(value)


def refuse(value):
    """Refuse a card."""
    raise NotAuthenticated({"detail": "This card is blocked."})


def fail(value):
    """Fail as a mistake in an authenticator does."""
    raise LookupError("the inside")


CARDS: list[Card] = []  # of the test that runs


def who(request):
    return {"who": request.identity and request.identity.username}


@cache
def make_includeme(number):
    """Return what adds the endpoint, and authenticators that ask the cards of the test."""

    def includeme(config):
        service = Service("open", OPEN)
        service.add_view("GET", who, permission=NO_PERMISSION_REQUIRED)
        config.add_service(service)
        for place in range(number):
            config.add_authenticator(f"card{place}", lambda request, n=place: CARDS[n](request))

    return includeme


@pytest.fixture
def serve(build_app, plugin):
    """Return a function that serves an application with authenticators, and an endpoint that is open to everybody."""

    def serve(*cards) -> Client:
        CARDS[:] = cards
        house = plugin("house", make_includeme(len(cards)))
        # Named before the plugin that asks them: the order of plugins does not matter.
        return Client(build_app((house, "shoptrack_auth")))

    return serve


@pytest.mark.parametrize(
    "principal",
    [
        Principal(username="ken"),
        Principal(username=" ＫＥＮ "),
        Principal(email="ken@example.com"),
        Principal(email="KEN@Example.COM"),
        lambda user: Principal(id=user.id),
    ],
)
@pytest.mark.database("sqlite", "postgresql")
def test_a_principal_is_the_user_with_this_name(serve, user, principal):
    named = principal(user) if callable(principal) else principal
    client = serve(Card(lambda value: named))
    assert client.get(USER, headers={"X-Card": "1"}).json["username"] == "ken"
    assert client.get(OPEN, headers={"X-Card": "1"}).json == {"who": "ken"}


@pytest.mark.parametrize(
    "principal",
    [
        Principal(username="nobody"),
        Principal(username=""),
        Principal(username="ken\0"),
        Principal(username="ken\udc80"),
        Principal(username="ken" * 10_000),
        Principal(username="ken, mia"),
        Principal(username="%"),
        Principal(username="gone"),
        Principal(email=""),
        Principal(email="nobody@example.com"),
        Principal(email="\u212aen@example.com"),  # the Kelvin sign, whose lower case is a k
        Principal(email="ken@example.com\0"),
        Principal(email="%@example.com"),
        Principal(email="shared@example.com"),
        Principal(id=0),
        Principal(id=-1),
        Principal(id=2**70),
    ],
)
@pytest.mark.database("sqlite", "postgresql")
def test_without_one_active_user_it_is_refused(serve, user, make_user, principal):
    make_user("gone", is_active=False)
    make_user("mia", email="shared@example.com")
    make_user("leo", email="Shared@example.com")
    client = serve(Card(lambda value: principal))
    assert client.get(USER, headers={"X-Card": "1"}, status=401).json == NO_USER
    assert client.get(OPEN, headers={"X-Card": "1"}).json == {"who": None}


@pytest.mark.database("sqlite", "postgresql")
def test_an_email_address_of_other_letters_is_not_compared_by_the_database(serve, user, make_user):
    make_user("twin", email="\u212aen@example.com")
    client = serve(Card(lambda value: Principal(email=value)))
    assert client.get(USER, headers={"X-Card": "ken@example.com"}).json["username"] == "ken"


def test_a_principal_has_one_name():
    for names in ({}, {"id": 1, "username": "ken"}, {"username": "ken", "email": "a@b"}):
        with pytest.raises(ValueError, match="one of id, username and email"):
            Principal(**names)


def test_without_its_credentials_nobody_is_signed_in(serve, user):
    client = serve(Card())
    answer = client.get(USER, status=401)
    assert answer.json == NOT_GIVEN
    assert client.get(OPEN).json == {"who": None}


def test_a_token_comes_first_and_is_read_once(serve, user, make_user, signed_in, monkeypatch):
    make_user("mia")
    card, decoded = Card(), []
    client = serve(card)
    decode = Tokens.decode
    monkeypatch.setattr(
        Tokens, "decode", lambda *args, **kw: decoded.append(1) or decode(*args, **kw)
    )
    headers = {"X-Card": "mia", **signed_in.auth_headers}
    assert client.get(USER, headers=headers).json["username"] == "ken"
    assert (decoded, card.asked) == ([1], 0)


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a b"])
def test_a_bad_token_is_refused_whatever_else_the_request_has(serve, user, header):
    card = Card()
    client = serve(card)
    headers = {"X-Card": "ken", "Authorization": header}
    client.get(USER, headers=headers, status=401)
    assert client.get(OPEN, headers=headers).json == {"who": None}
    assert card.asked == 0


def test_another_scheme_is_left_to_the_authenticators(serve, user):
    client = serve(Card(header="Authorization", read=lambda value: Principal(username="ken")))
    assert client.get(USER, headers={"Authorization": "Basic eA=="}).json["username"] == "ken"


def test_each_is_asked_once_and_the_first_that_names_somebody_decides(serve, user, make_user):
    make_user("mia")
    silent, first, second = Card(header="X-None"), Card(), Card()
    client = serve(silent, first, second)
    assert client.get(USER, headers={"X-Card": "mia"}).json["username"] == "mia"
    assert [silent.asked, first.asked, second.asked] == [1, 1, 0]


def test_one_that_refuses_ends_the_search(serve, user):
    second = Card()
    client = serve(Card(refuse), second)
    answer = client.get(USER, headers={"X-Card": "ken"}, status=401)
    assert answer.json == {"detail": "This card is blocked."}
    assert second.asked == 0


def test_nobody_known_to_the_first_is_not_somebody_for_the_second(serve, user):
    second = Card()
    client = serve(Card(lambda value: Principal(username="nobody")), second)
    assert client.get(USER, headers={"X-Card": "ken"}, status=401).json == NO_USER
    assert second.asked == 0


def test_their_order_is_given_and_then_by_name(build_app, plugin, user, make_user):
    make_user("mia")

    def includeme(config):
        for name, username, order in (("b", "ken", 0), ("a", "mia", 0), ("c", "ken", order_of_c)):
            config.add_authenticator(
                name, lambda request, u=username: Principal(username=u), order=order
            )

    for order_of_c, username in ((1, "mia"), (-1, "ken")):
        client = Client(build_app(("shoptrack_auth", plugin(f"house{order_of_c + 1}", includeme))))
        assert client.get(USER).json["username"] == username


@pytest.mark.parametrize("broken", [fail, lambda value: "ken", lambda value: True, lambda value: 1])
def test_an_authenticator_that_fails_opens_nothing(serve, user, signed_in, broken, caplog):
    second = Card()
    client = serve(Card(broken), second)
    for path in (USER, OPEN, "/api/products/"):
        answer = client.get(path, headers={"X-Card": "ken"}, status=500)
        assert "the inside" not in answer.text
    assert second.asked == 0
    assert "LookupError" in caplog.text or "Return a Principal or None" in caplog.text
    # Tokens, and signing in by a password, do not depend on it.
    client.get(USER, headers={"X-Card": "ken", **signed_in.auth_headers})
    body = {"username": "ken", "password": "correct horse battery staple"}
    client.post_json("/api/auth/token/", body, headers={"X-Card": "ken"})


def test_another_error_of_the_domain_is_the_answer(serve, user):
    def wait(value):
        raise TooManyRequests(7)

    client = serve(Card(wait))
    assert client.get(USER, headers={"X-Card": "1"}, status=429).headers["Retry-After"] == "7"
    assert client.get(OPEN, headers={"X-Card": "1"}).json == {"who": None}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:81", "http://localhost.evil"]
)
def test_a_page_of_another_origin_changes_nothing(serve, user, origin):
    client = serve(Card())
    headers = {"X-Card": "ken", "Origin": origin}
    for send in (client.post_json, client.put_json, client.patch_json):
        answer = send("/api/categories/", {"name": "Meat"}, headers=headers, expect_errors=True)
        assert answer.status_int in (403, 405)
    answer = client.post_json("/api/categories/", {"name": "Meat"}, headers=headers, status=403)
    assert "SHOPTRACK_CORS_ALLOWED_ORIGINS" in answer.json["detail"]
    client.delete("/api/auth/sessions/", headers=headers, status=403)
    assert client.get("/api/categories/", headers=headers).json == []


@pytest.mark.parametrize("origin", ["http://localhost", "http://app.example", None])
def test_its_own_pages_allowed_ones_and_programs_change_something(serve, user, origin):
    headers = {"X-Card": "ken", **({"Origin": origin} if origin else {})}
    serve(Card()).post_json("/api/categories/", {"name": "Meat"}, headers=headers, status=201)


@pytest.mark.parametrize(("mode", "status"), [("authenticated", 201), ("model", 403)])
def test_permissions_are_the_users(build_app, plugin, user, grant, mode, status):
    house = plugin("house", lambda config: config.add_authenticator("card", Card()))
    client = Client(build_app(("shoptrack_auth", house), shoptrack__api_permissions=mode))
    headers = {"X-Card": "ken"}
    client.post_json("/api/categories/", {"name": "Meat"}, headers=headers, status=status)
    client.get("/api/plugins/", headers=headers, status=403)
    grant(user, "categories:add", "plugins:view")
    client.post_json("/api/categories/", {"name": "Fish"}, headers=headers, status=201)
    client.get("/api/plugins/", headers=headers, status=200)


def test_its_users_have_no_session_here(serve, user, signed_in, sign_ins):
    client = serve(Card())
    [session] = client.get("/api/auth/sessions/", headers={"X-Card": "ken"}).json
    assert not session["current"]
    client.delete("/api/auth/sessions/", headers={"X-Card": "ken"}, status=204)
    assert sign_ins() == 0


def test_their_schemes_are_described_and_challenge(build_app, plugin, user):
    scheme = SecurityScheme(
        "card", {"type": "apiKey", "in": "header", "name": "X-Card"}, challenge='Card realm="house"'
    )
    house = plugin("house", lambda config: config.add_authenticator("card", Card(), scheme=scheme))
    client = Client(build_app((house, "shoptrack_auth")))
    answer = client.get(USER, status=401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", Card realm="house"'
    document = client.get("/api/schema/?format=json").json
    assert list(document["components"]["securitySchemes"]) == ["jwtAuth", "card"]
    assert document["paths"][USER]["get"]["security"] == [{"jwtAuth": []}, {"card": []}]
    assert "403" in document["paths"]["/api/auth/sessions/"]["delete"]["responses"]
    assert document["paths"]["/api/auth/token/"]["post"]["security"] == []


def test_without_a_plugin_that_asks_they_have_no_effect(build_app, plugin, user):
    card = Card()
    scheme = SecurityScheme("card", {"type": "apiKey", "in": "header", "name": "X-Card"})

    def includeme(config):
        config.add_authenticator("card", card, scheme=scheme)

    client = Client(build_app((plugin("house", includeme),)))
    assert client.get("/api/products/", headers={"X-Card": "ken"}, status=401).json == NOT_GIVEN
    assert card.asked == 0
    assert (
        "card" not in client.get("/api/schema/?format=json").json["components"]["securitySchemes"]
    )


def test_a_plugin_can_say_that_it_needs_one(plugin):
    def includeme(config):
        config.require_plugin("shoptrack_auth", "which knows the users")
        config.add_authenticator("card", Card())

    with pytest.raises(
        ConfigurationError, match="house needs shoptrack_auth, which knows the users"
    ):
        make_test_app(NOWHERE, (plugin("house", includeme),))


def test_two_of_one_name_or_one_scheme_are_a_conflict(plugin):
    scheme = SecurityScheme("jwtAuth", {"type": "http", "scheme": "basic"})

    house = plugin("house", lambda config: config.add_authenticator("card", Card()))
    yard = plugin("yard", lambda config: config.add_authenticator("card", Card()))
    with pytest.raises(ConfigurationError, match="the authenticator 'card'") as stop:
        make_test_app(NOWHERE, (house, yard))
    assert str(stop.value).count("test_authenticators.py") == 2

    def add_scheme(config):
        config.add_authenticator("card", Card(), scheme=scheme)

    with pytest.raises(ConfigurationError, match="the security scheme 'jwtAuth'"):
        make_test_app(NOWHERE, ("shoptrack_auth", plugin("barn", add_scheme)))


def test_two_plugins_may_accept_one_header_and_one_may_not_twice(build_app, plugin):
    def accept(config):
        config.add_proxy_header("Remote-User")

    def accept_twice(config):
        config.add_proxy_header("Remote-User")
        config.add_proxy_header("REMOTE-USER")

    build_app(("shoptrack_auth", plugin("house", accept), plugin("yard", accept)))
    with pytest.raises(ConfigurationError, match="the proxy header HTTP_REMOTE_USER"):
        make_test_app(NOWHERE, (plugin("barn", accept_twice),))


def test_they_are_listed_with_their_plugin(build_app, plugin):
    house = plugin("house", lambda config: config.add_authenticator("card", Card()))
    registry = build_app(("shoptrack_auth", house)).registry
    assert list(Permissions.of(registry).authenticators) == ["card"]
    [entry] = registry.introspector.get_category("shoptrack authenticators")
    assert entry["introspectable"]["plugin"] == "house"
