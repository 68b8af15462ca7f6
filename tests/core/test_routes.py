"""The more specific route answers, in whichever order the plugins are named."""

import re
from itertools import permutations

import pytest
from pyramid.interfaces import IRoutesMapper
from pyramid.urldispatch import Route
from sqlalchemy import URL

from shoptrack.plugins.routes import sort_routes
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app
from shoptrack.web.body_limit import BodyLimits

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")

RESOURCE = """
    from shoptrack.catalog.models import Category
    from shoptrack.resources.fields import Text
    from shoptrack.resources.resource import Resource

    class Wishes(Resource):
        '''Wishes.'''
        model = Category
        path = "wishes"
        fields = (Text("name", max_length=50),)

    def includeme(config):
        config.add_resource(Wishes)
"""
SERVICES = """
    from pyramid.security import NO_PERMISSION_REQUIRED
    from shoptrack.rest.service import Service

    def includeme(config):
        for path in {paths}:
            service = Service(path, path)
            service.add_view(
                "GET", lambda request, path=path: {{"by": path}}, permission=NO_PERMISSION_REQUIRED
            )
            config.add_service(service)
        config.set_max_body_size("/api/wishes/next/", 77)
"""
ROUTES = """
    from pyramid.security import NO_PERMISSION_REQUIRED

    def includeme(config):
        for path, options in {paths}.items():
            config.add_route(path, path, **options)
            config.add_view(
                lambda request, path=path: {{"by": path}},
                route_name=path, renderer="json", permission=NO_PERMISSION_REQUIRED,
            )
"""
FILES = """
    def includeme(config):
        config.add_static_view("api/files", "{name}:files")
"""


def routes(*paths: str, **options) -> str:
    return ROUTES.format(paths=dict.fromkeys(paths, options))


SERVED = {"/api/stores/special/", "/api/wishes/next/", "/api/files/{name}/", "/api/files/list/"}
BY = {
    "/api/stores/special/": "/api/stores/special/",
    "/api/wishes/next/": "/api/wishes/next/",
    "/api/wishes/2026-11/": r"/api/wishes/{day:\d{4}-\d\d}/",
    "/api/wishes/all.csv": "/api/wishes/{name}.csv",
    "/api/wishes/1/2/3/": "/api/wishes/*rest",
    "/api/files/list/": "/api/files/list/",
    "/api/files/other/": "/api/files/{name}/",
}


@pytest.fixture
def four_plugins(plugin):
    return (
        plugin("wishing", RESOURCE),
        plugin("serving", SERVICES.format(paths=sorted(SERVED))),
        plugin("routing", routes(*sorted(set(BY.values()) - SERVED))),
        plugin("filing", FILES.format(name="filing"), **{"files/hello": "x = 1"}),
    )


def turned(names):
    """Yield names in orders of which each has another one first, and their reverse: each comes before each other."""
    for place in range(len(names)):
        yield (*names[place:], *names[:place])
    yield tuple(reversed(names))


def test_the_more_specific_route_answers_in_every_order(four_plugins):
    for order in turned(four_plugins):
        client = Client(make_test_app(NOWHERE, order))
        assert {path: client.get(path).json["by"] for path in BY} == BY, order
        for path in ("/api/stores/7/", "/api/wishes/7/", "/api/wishes/"):  # those of resources
            client.get(path, status=401)
        limit = BodyLimits.of(client.app.registry).find("/api/wishes/next/", "GET")
        assert limit.size == 77
        assert client.get("/api/files/hello.py").text == "x = 1"


def refused(*plugins: str) -> str:
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, plugins)
    return str(stop.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a/{x}/c/", "/a/b/{y}/"),
        ("/a/{x}/", "/a/{y}/"),
        ("/a/:x/", "/a/{y}/"),
        (r"/a/{x:\d+}/", "/a/{y:[0-9]+}/"),
        ("/a/{x}.csv", "/a/b{y}"),
        ("/a/{x}/{y:.*}/", "/a/b/*rest"),
        ("/a/*rest", "/a/*more"),
    ],
)
def test_routes_of_which_none_is_more_specific_stop_the_start(plugin, one, other):
    names = plugin("one_side", routes(one)), plugin("other_side", routes(other))
    sentence = refused(*names)
    assert sentence == refused(*names[::-1])
    assert re.search(r"- the paths? /a/.*: .*/one_side/__init__\.py, line \d+ and ", sentence)
    assert re.search(r" and .*/other_side/__init__\.py, line \d+\n", sentence)


def test_a_route_that_cuts_across_the_cores_is_named(plugin):
    sentence = refused(plugin("stealing", routes("/api/{anything}/1/")))
    for path in ("products", "stores", "shopping-records"):
        assert re.search(
            rf"- the paths (/api/{{anything}}/1/|/api/{path}/{{id}}/) and "
            rf"(/api/{{anything}}/1/|/api/{path}/{{id}}/), which can match the same request: ",
            sentence,
        )
    assert "/stealing/__init__.py, line 6" in sentence
    assert "/shoptrack/" in sentence


@pytest.mark.parametrize(
    "bodies",
    [
        (routes("/a/{x}/c/"), routes("/a/b/{y}/"), routes("/a/b/c/")),
        (routes("/a/", request_method="GET"), routes("/a", "/b/"), routes("/a/{x}/")),
        (routes(r"/a/{x:\d+}/"), routes("/a/{y:[a-z]+}/")),
        (routes(r"/a/{x:\d+}/c/"), routes("/a/b/{y}/")),
        (routes("/a/{x}.csv"), routes("/a/{x}.json"), routes("/a/{x}")),
        (routes("/a/{x:.*}/b/"), routes("/a/{x:.*}/c/"), routes("/a/*rest")),
        (routes("/a/", header="X-Version:1"), routes("/b/"), routes("/a/{x}/")),
    ],
)
def test_routes_that_can_be_compared_do_not(plugin, bodies):
    names = [plugin(f"side_{number}", body) for number, body in enumerate(bodies)]
    for order in (names, names[::-1]):
        make_test_app(NOWHERE, order)


def test_methods_and_other_conditions_set_routes_of_one_path_apart(plugin):
    bodies = (
        ROUTES.format(paths={"/a/": {"request_method": "GET"}}),
        ROUTES.format(paths={"/a/": {"request_method": "POST"}}).replace(
            "path, path", "'post', path"
        ),
    )
    post = bodies[1].replace("route_name=path", "route_name='post'")
    for order in permutations((plugin("getting", bodies[0]), plugin("posting", post))):
        client = Client(make_test_app(NOWHERE, order))
        client.get("/a/", status=200)
        client.post("/a/", status=200)
    both = plugin("both", post.replace("POST", "GET").replace("'post'", "'get'"))
    assert "- the path /a/: " in refused("getting", both)


def test_a_condition_makes_a_route_of_one_path_more_specific(plugin):
    plain = plugin("plain", routes("/a/"))
    body = routes("/a/", xhr=True).replace("path, path", "'xhr', path")
    xhr = plugin("xhr", body.replace("route_name=path", "route_name='xhr'"))
    for order in permutations((plain, xhr)):
        mapper = make_test_app(NOWHERE, order).registry.getUtility(IRoutesMapper)
        assert [route.name for route in mapper.get_routes() if route.pattern == "/a/"] == [
            "xhr",
            "/a/",
        ]


def test_what_need_not_move_stays():
    """The core's routes come first, so that the order costs their requests nothing."""
    patterns = ["/b/", "/b/{x}/", "/a/", "/a/{x}/", "/b/c/", r"/y/{x:\d+}/", "/y/b/", "/z/*rest"]
    ordered = sort_routes([Route(path, path) for path in patterns])
    assert [route.pattern for route in ordered] == [
        "/b/",
        "/b/c/",
        "/b/{x}/",
        "/a/",
        "/a/{x}/",
        r"/y/{x:\d+}/",
        "/y/b/",
        "/z/*rest",
    ]
