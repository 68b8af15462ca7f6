"""Files in both documents, and what a service cannot declare."""

import re

import orjson
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from shoptrack.openapi.response_checks import UndocumentedResponse
from shoptrack.openapi.spec import ApiSpec
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app

from .. import pictures

pytestmark = pytest.mark.database("sqlite")

FILE = {"schema": {"type": "string", "format": "binary"}}
PLUGIN = """
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from cornice.service import Service as PlainService
from shoptrack.rest import FILE, ResponseDescription, Service, describe_view

def hello(request):
    return Response(b"hello", content_type="image/png")

@describe_view(responses=[ResponseDescription(200, "A picture.", FILE)])
def picture(request): ...

@describe_view(responses=[ResponseDescription(200, "A table.", FILE, media_types=("text/csv",))])
def table(request): ...

def add(config, *arguments, made=Service, of_service={}, **named):
    service = made("hello", "/api/hello/", **of_service)
    service.add_view(*arguments, permission=NO_PERMISSION_REQUIRED, **named)
    config.add_service(service)

def includeme(config):
"""


@pytest.fixture
def started(new_database, tmp_path, monkeypatch):
    """Return a function that starts an application with a plugin of this call."""
    numbers = iter(range(100))

    def started(call: str):
        name = f"files_{next(numbers)}_{tmp_path.name.strip('_')}"
        (tmp_path / f"{name}.py").write_text(f'"""Says hello."""\n{PLUGIN}    {call}\n')
        monkeypatch.syspath_prepend(tmp_path)
        return make_test_app(new_database(), (name,))

    return started


@pytest.fixture(scope="module")
def spec(new_database) -> ApiSpec:
    return make_test_app(new_database(), (pictures.__name__,)).registry[ApiSpec]


def test_both_documents_are_valid(spec):
    OpenAPIV31SpecValidator(spec.openapi).validate()
    # Swagger 2.0 has this type for files. The validator does not know it.
    swagger = orjson.dumps(spec.swagger).replace(b'{"type":"file"}', b'{"type":"string"}')
    OpenAPIV2SpecValidator(orjson.loads(swagger)).validate()


def test_files_are_described_by_media_type(spec):
    picture = spec.openapi["paths"]["/api/pictures/{name}/"]
    assert picture["put"]["requestBody"] == {
        "required": True,
        "content": {"image/png": FILE, "image/jpeg": FILE},
    }
    assert list(picture["put"]["responses"]["201"]["content"]) == ["application/json"]
    assert picture["get"]["responses"]["200"]["content"] == {"image/png": FILE, "image/jpeg": FILE}
    assert {"406", "413", "415"} < picture["put"]["responses"].keys()
    prices = spec.openapi["paths"]["/api/prices/"]["get"]["responses"]["200"]
    assert list(prices["content"]) == ["application/json", "text/csv"]
    assert prices["content"]["text/csv"] == FILE
    assert prices["description"] == "The prices."


def test_swagger_2_says_the_same(spec):
    picture = spec.swagger["paths"]["/api/pictures/{name}/"]
    assert picture["put"]["consumes"] == ["image/png", "image/jpeg"]
    body = next(one for one in picture["put"]["parameters"] if one["in"] == "body")
    assert body["required"]
    assert body["schema"] == {"type": "string", "format": "binary"}
    assert picture["get"]["produces"] == ["image/png", "image/jpeg"]
    assert picture["get"]["responses"]["200"]["schema"] == {"type": "file"}
    for path, item in spec.openapi["paths"].items():
        for method, operation in item.items():
            other = spec.swagger["paths"][path][method]
            assert other["operationId"] == operation["operationId"]
            assert other["responses"].keys() == operation["responses"].keys()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            "add(config, 'GET', hello, accept='image/png')",
            "Use add_view(…, answers=('image/png',))",
        ),
        (
            "add(config, 'POST', hello, content_type=['text/csv', 'image/png'])",
            "Use add_view(…, accepts=('text/csv', 'image/png'))",
        ),
        ("add(config, 'GET', hello, made=PlainService, accept='image/png')", "Use add_view("),
        ("add(config, 'GET', hello, of_service={'accept': 'image/png'})", "Use add_view("),
        ("add(config, 'GET', hello, of_service={'answers': 'image/png'})", "belongs to a view"),
        ("add(config, 'GET', hello, accepts='image/png')", "GET takes no body"),
        ("add(config, 'GET', hello, max_body_size=7)", "GET takes no body"),
        ("add(config, 'POST', hello, accepts=())", "accepts is empty"),
        ("add(config, 'POST', hello, accepts='image/*')", "accepts has 'image/*'"),
        (
            "add(config, 'GET', hello, answers='text/csv; charset=utf-8')",
            "answers has 'text/csv; ch",
        ),
        ("add(config, 'POST', hello, max_body_size=0)", "max_body_size=0"),
        ("add(config, 'POST', hello, max_body_size='8 MiB')", "max_body_size='8 MiB'"),
    ],
)
def test_what_cannot_be_served_stops_the_start(started, call, sentence):
    with pytest.raises(ConfigurationError, match=re.escape(sentence)) as stopped:
        started(call)
    assert re.search(
        r"(GET|POST) /api/hello/ of files_\w+ \(.*files_\w+\.py:\d+\)", str(stopped.value)
    )
    assert re.search(r"added at .*files_\w+\.py, line \d+: ", str(stopped.value))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            "add(config, 'GET', table)",
            "200 is described as text/csv, which the view does not declare",
        ),
        (
            "add(config, 'GET', picture)",
            "200 is described as a file, and the view answers only JSON",
        ),
        (
            "add(config, 'POST', hello, max_body_size=32 * 1024 * 1024)",
            "POST /api/hello/: max_body_size=33554432: a body of 33554432 bytes is more than",
        ),
    ],
)
def test_a_contradiction_stops_the_start(started, call, sentence):
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        started(call)


def test_a_media_type_that_is_not_declared_fails_the_tests_of_a_plugin(started):
    client = Client(started("add(config, 'GET', hello)"))
    with pytest.raises(
        UndocumentedResponse, match="answered 200 as 'image/png', not application/json"
    ):
        client.get("/api/hello/")
    client = Client(started("add(config, 'GET', hello, answers='image/png')"))
    assert client.get("/api/hello/").body == b"hello"


def test_a_document_may_be_sent_beside_files(started):
    spec = started("add(config, 'POST', hello, accepts=('application/json', 'text/csv'))").registry[
        ApiSpec
    ]
    OpenAPIV31SpecValidator(spec.openapi).validate()
    content = spec.openapi["paths"]["/api/hello/"]["post"]["requestBody"]["content"]
    assert content == {"application/json": {"schema": {"type": "object"}}, "text/csv": FILE}
    assert spec.swagger["paths"]["/api/hello/"]["post"]["consumes"] == [
        "application/json",
        "text/csv",
    ]
