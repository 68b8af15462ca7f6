"""Swagger 2.0 says the same as OpenAPI 3.1, as far as it has words."""

import pytest

from shoptrack.openapi.spec import ApiSpec
from shoptrack.testing import make_test_app

pytestmark = pytest.mark.database("sqlite")

STRICT = {"shoptrack__api_permissions": "model"}


@pytest.fixture(params=["all plugins", "strict", "core"])
def spec(request, new_database, plugins) -> ApiSpec:
    if request.param == "core":
        return make_test_app(new_database()).registry[ApiSpec]
    settings = STRICT if request.param == "strict" else {}
    return make_test_app(new_database(), plugins, **settings).registry[ApiSpec]


def operations(document):
    """Yield all operations with their path and method."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def parameters(operation) -> set[tuple[str, str, bool]]:
    """Return name, place and necessity of parameters, of a body among them."""
    found = {
        (one["name"], one["in"], one["required"])
        for one in operation.get("parameters", ())
        if one["in"] != "cookie"  # Swagger 2.0 knows none
    }
    if "requestBody" in operation:
        found.add(("body", "body", operation["requestBody"]["required"]))
    return found


def test_both_have_the_same_operations_parameters_and_statuses(spec):
    openapi, swagger = dict(operations(spec.openapi)), dict(operations(spec.swagger))
    assert list(openapi) == list(swagger)
    for name, operation in openapi.items():
        other = swagger[name]
        for key in ("operationId", "tags", "summary", "security"):
            assert other[key] == operation[key], (name, key)
        assert other.get("description") == operation.get("description"), name
        assert parameters(other) == parameters(operation), name
        assert other["responses"].keys() == operation["responses"].keys(), name


def test_both_have_the_same_schemas_and_shared_responses(spec):
    components, swagger = spec.openapi["components"], spec.swagger
    assert swagger["definitions"].keys() == components["schemas"].keys()
    assert swagger["responses"].keys() == components["responses"].keys()
    for name, schema in components["schemas"].items():
        members = swagger["definitions"][name].get("properties", {})
        assert members.keys() == schema.get("properties", {}).keys(), name


def extensions(part, path="#"):
    """Yield the places of all ``x-`` members."""
    if isinstance(part, list):
        for number, item in enumerate(part):
            yield from extensions(item, f"{path}/{number}")
    elif isinstance(part, dict):
        yield from (f"{path}/{key}" for key in part if key.startswith("x-"))
        for key, value in part.items():
            yield from extensions(value, f"{path}/{key}")


def test_swagger_is_plain(spec):
    assert not list(extensions(spec.swagger))
    assert "nullable" not in str(spec.swagger)


def test_values_have_their_kinds_and_bounds(app):
    definitions = app.registry[ApiSpec].swagger["definitions"]
    record = definitions["ShoppingRecordRequest"]["properties"]
    assert record["price"]["type"] == "integer"
    assert (record["price"]["minimum"], record["price"]["maximum"]) == (-(2**31), 2**31 - 1)
    assert record["purchase_date"]["format"] == "date"
    assert record["store_id"]["format"] == "int64"
    assert definitions["Product"]["properties"]["category"] == {"$ref": "#/definitions/Category"}


def test_what_may_be_null_is_not_required(app):
    definitions = app.registry[ApiSpec].swagger["definitions"]
    assert set(definitions["Product"]["required"]) == {"id", "name", "category", "unit"}


def test_arrays_in_queries_tell_their_choices(app):
    operation = app.registry[ApiSpec].swagger["paths"]["/api/shopping-records/"]["get"]
    ordering = {one["name"]: one for one in operation["parameters"]}["ordering"]
    assert ordering["type"] == "array"
    assert "-price" in ordering["items"]["enum"]
    assert ordering["default"] == ["purchase_date", "id"]
    assert "collectionFormat" not in ordering  # commas are the default


def test_callers_authenticate_by_a_header(app):
    [definition] = app.registry[ApiSpec].swagger["securityDefinitions"].values()
    assert (definition["type"], definition["in"]) == ("apiKey", "header")
    assert definition["name"] == "Authorization"


def test_files_are_produced_beside_documents(app):
    operation = app.registry[ApiSpec].swagger["paths"]["/api/reports/spending/"]["get"]
    assert operation["produces"] == ["application/json", "text/csv", "image/svg+xml"]
