"""What a stranger's plugin finds of itself in the documents, and what stops the start."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shoptrack.openapi.spec import ApiSpec
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app

pytestmark = pytest.mark.database("sqlite")

HEAD = """
import colander
from cornice.validators import colander_body_validator
from cornice.service import Service as PlainService
from pyramid.security import NO_PERMISSION_REQUIRED
from shoptrack.rest.description import (
    Component, Header, Parameter, ResponseDescription, describe_view, object_schema
)
from shoptrack.resources.fields import Integer, Text
from shoptrack.resources.schema import Schema
from shoptrack.rest.service import Service
from shoptrack.errors import Conflict

ARGUMENTS = {}

def add(config, path, view, method="GET", permission=NO_PERMISSION_REQUIRED, **arguments):
    service = Service(path, path)
    service.add_view(method, view, permission=permission, **arguments)
    config.add_service(service)
"""


@pytest.fixture
def started(new_database, tmp_path, monkeypatch):
    """Return a function that starts an application with a plugin of this code."""
    numbers = iter(range(100))

    def started(code: str):
        name = f"stranger_{next(numbers)}_{tmp_path.name.strip('_')}"
        (tmp_path / f"{name}.py").write_text(f'"""Strangers say hello."""\n{HEAD}\n{code}')
        monkeypatch.syspath_prepend(tmp_path)
        return make_test_app(new_database(), (name,))

    return started


@pytest.fixture
def paths(started):
    """Return a function that starts an application with a plugin, and returns the paths of its document."""

    def paths(code: str):
        document = started(code).registry[ApiSpec].openapi
        OpenAPIV31SpecValidator(document).validate()
        return document["paths"]

    return paths


def test_a_plugin_that_says_nothing_is_in_the_document(started):
    app = started(
        """
def hello(request):
    '''Say hello. In a friendly
    way.

    Loudly.

    :raises NotFound: nobody is there
    '''
    return ["hello"]

def includeme(config):
    add(config, "/api/strangers/{name:[a-z]+}/", hello)
    add(config, "/api/strangers/", hello, "POST", "strangers:add")
"""
    )
    document = app.registry[ApiSpec].openapi
    OpenAPIV31SpecValidator(document).validate()
    assert {"name": "strangers", "description": "Strangers say hello."} in document["tags"]
    hello = document["paths"]["/api/strangers/{name}/"]["get"]
    assert hello["tags"] == ["strangers"]
    assert hello["operationId"] == "strangers_retrieve"
    assert hello["summary"] == "Say hello"
    assert hello["description"] == "In a friendly\nway.\n\nLoudly."
    assert hello["parameters"] == [
        {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    assert {"default", "404", "405", "406"} < hello["responses"].keys()
    assert "401" not in hello["responses"]
    add = document["paths"]["/api/strangers/"]["post"]
    assert add["description"].endswith("Needs the permission `strangers:add`.")
    assert {"401", "403", "413", "415"} < add["responses"].keys()
    assert len(add["requestBody"]["content"]) == 3
    assert Client(app).get("/api/strangers/ken/").json == ["hello"]


def test_two_applications_have_documents_of_their_own(started):
    code = "def includeme(config): add(config, '/api/%s/', lambda request: {})"
    one, two = (started(code % name).registry[ApiSpec].openapi for name in ("one", "two"))
    assert "/api/one/" in one["paths"]
    assert "/api/one/" not in two["paths"]


def test_a_plugin_says_what_it_takes_and_answers(paths):
    share = paths(
        """
class Shared(Conflict):
    '''It is shared already.'''
    code = "shared"
    detail = "It is shared already."

LINK = Component("Link", object_schema(address={"type": "string"}, until={"type": "string"}))
TAGS = {"type": "array", "items": {"type": "string"}}

@describe_view(
    summary="Share a list",
    body=Schema("Share", (Text("with", max_length=9, example="ken"), Text("note", required=False))),
    path=[Parameter("id", {"type": "integer"}, required=True)],
    query=[
        Integer("days", minimum=1, maximum=9, required=False, description="How long."),
        Parameter("among", TAGS, "By commas."),
        Parameter("tag", TAGS, "Repeated.", explode=True),
    ],
    cookies=[Parameter("seen", {"type": "string"}, "Whom.")],
    responses=[
        ResponseDescription(201, "A link.", LINK, [Header("Location", "Where.")], {"address": "x", "until": "y"}),
        Shared,
    ],
    operation_id="share",
)
def share(request): ...

def includeme(config):
    add(config, "/api/lists/{id}/share/", share, "POST")
"""
    )["/api/lists/{id}/share/"]["post"]
    assert share["operationId"] == "share"
    assert share["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {
            "name": "days",
            "in": "query",
            "required": False,
            "description": "How long.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 9},
        },
        {
            "name": "among",
            "in": "query",
            "description": "By commas.",
            "required": False,
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "string"}},
        },
        {
            "name": "tag",
            "in": "query",
            "description": "Repeated.",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": {"type": "string"}},
        },
        {
            "name": "seen",
            "in": "cookie",
            "description": "Whom.",
            "required": False,
            "schema": {"type": "string"},
        },
    ]
    body = share["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/ShareRequest"}
    assert body["example"] == {"with": "ken", "note": "text"}
    created = share["responses"]["201"]
    assert created["headers"]["Location"]["required"] is True
    assert created["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Link"}
    assert share["responses"]["409"] == {"$ref": "#/components/responses/Shared"}


def test_what_is_answered_in_other_media_types_stands_beside(paths):
    content = paths(
        """
@describe_view(responses=[
    ResponseDescription(200, "A report.", {"type": "object"}),
    ResponseDescription(200, "A file of it.", {"type": "string"}, media_types=("text/csv",), example="a,b"),
])
def report(request): ...

def includeme(config):
    add(config, "/api/report/", report, answers=("application/json", "text/csv"))
"""
    )["/api/report/"]["get"]["responses"]["200"]["content"]
    assert content == {
        "application/json": {"schema": {"type": "object"}},
        "text/csv": {"schema": {"type": "string"}, "example": "a,b"},
    }


def test_colander_schemas_of_plain_cornice_services_are_read(paths):
    hello = paths(
        """
class Hello(colander.MappingSchema):
    name = colander.SchemaNode(colander.String(), validator=colander.Length(max=9))

def includeme(config):
    service = PlainService("hello", "/api/hello/", cors_enabled=False)
    service.add_view(
        "POST", lambda request: {}, schema=Hello(), validators=(colander_body_validator,),
        permission=NO_PERMISSION_REQUIRED,
    )
    config.add_cornice_service(service)
"""
    )["/api/hello/"]["post"]
    schema = hello["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"] == {"name": {"type": "string", "maxLength": 9}}


def test_operations_of_one_path_and_verb_get_ids_of_their_own(paths):
    found = paths(
        """
def includeme(config):
    add(config, "/api/hello/", lambda request: {})
    add(config, "/api/hello/{name}/", lambda request: {})
"""
    )
    assert found["/api/hello/"]["get"]["operationId"] == "hello_retrieve"
    assert found["/api/hello/{name}/"]["get"]["operationId"] == "hello_retrieve_2"


BROKEN = {
    "a colander type that nobody knows": (
        """
class Magic(colander.SchemaType): ...
class Hello(colander.MappingSchema):
    name = colander.SchemaNode(Magic())
ARGUMENTS = {"schema": Hello(), "validators": (colander_body_validator,)}
def broken(request): ...
""",
        "Nobody knows how to describe 'name', of the colander type stranger_.*Magic",
    ),
    "a field that says nothing": (
        """
from shoptrack.resources.fields import Field
class Magic(Field): ...
@describe_view(body=Schema("Hello", [Magic("name")]))
def broken(request): ...
""",
        "Magic.get_response_schema must return the schema",
    ),
    "a document that is none": (
        """
@describe_view(responses=[ResponseDescription(200, "Hello.", 42)])
def broken(request): ...
""",
        "A response's body cannot be 42",
    ),
    "a name that is another schema's": (
        """
@describe_view(responses=[ResponseDescription(200, "Hello.", Schema("Category", [Text("name")]))])
def broken(request): ...
""",
        "Two different schemas are called 'Category'",
    ),
    "a reference that leads to nothing": (
        """
@describe_view(query=[Parameter("line", {"$ref": "#/definitions/Category"})])
def broken(request): ...
""",
        "'#/definitions/Category' leads to nothing",
    ),
    "a component that refers to nothing": (
        """
HELLO = Component("Hello", object_schema(who={"$ref": "#/components/schemas/Nobody"}))
@describe_view(responses=[ResponseDescription(200, "Hello.", HELLO)])
def broken(request): ...
""",
        "'#/components/schemas/Nobody' leads to nothing",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_described_stops_the_start_and_says_where(started, name):
    code, reason = BROKEN[name]
    code += """
def includeme(config):
    add(config, "/api/broken/", broken, "POST", **ARGUMENTS)
"""
    with pytest.raises(ConfigurationError) as stop:
        started(code)
    said = str(stop.value)
    assert re.search(reason, said)
    where = re.search(r"POST /api/broken/ of (stranger_\w+) \(.*/(stranger_\w+)\.py:(\d+)\)", said)
    assert where, said
    lines = f'"""Strangers say hello."""\n{HEAD}\n{code}'.splitlines()
    assert lines[int(where[3]) - 1].startswith(("@describe_view", "def broken"))


CLASHES = {
    "one id": """
    add(config, "/api/one/", hello)
    add(config, "/api/two/", hello)
""",
    "one path and method": """
    service = Service("hello", "/api/hello/")
    service.add_view("GET", hello, request_param="loud")
    service.add_view("GET", hello, request_param="silent")
    config.add_service(service)
""",
}


@pytest.mark.parametrize("name", CLASHES)
def test_two_that_the_document_cannot_tell_apart_stop_the_start(started, name):
    code = f"""
@describe_view(operation_id="hello")
def hello(request): ...

def includeme(config):
    {CLASHES[name].strip()}
"""
    with pytest.raises(ConfigurationError, match="can tell only one") as stop:
        started(code)
    assert str(stop.value).count("GET /api/") >= 2


def test_the_core_alone_is_described(new_database):
    document = make_test_app(new_database()).registry[ApiSpec].openapi
    OpenAPIV31SpecValidator(document).validate()
    assert list(document["components"]["securitySchemes"]) == ["signIn"]
    assert document["paths"]["/api/categories/"]["get"]["security"] == [{"signIn": []}]
    assert "/api/auth/token/" not in document["paths"]
