"""What the documents say of values: examples, decimals, null, limits."""

import jsonschema_rs
import pytest

from shoptrack.openapi.response_checks import forbid_extra_members
from shoptrack.openapi.spec import ApiSpec
from shoptrack.rest import FILE

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def openapi(app):
    return app.registry[ApiSpec].openapi


@pytest.fixture
def schemas(openapi):
    return openapi["components"]["schemas"]


@pytest.fixture
def operations(openapi):
    """Return all operations, by their ids."""
    items = openapi["paths"].values()
    return {one["operationId"]: one for item in items for one in item.values()}


def contents(openapi):
    """Yield every description of a body, with where it stands."""
    for name, response in openapi["components"]["responses"].items():
        yield from ((name, content) for content in response.get("content", {}).values())
    for item in openapi["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield f"{name}, body", content
            for status, response in operation["responses"].items():
                for content in response.get("content", {}).values():
                    yield f"{name}, {status}", content


def test_every_body_has_examples_that_are_valid(openapi):
    components = forbid_extra_members(openapi["components"])
    for name, content in contents(openapi):
        if content["schema"] in ({"type": "object"}, FILE):
            continue  # the description of the API itself; a file that is the whole body
        examples = [content["example"]] if "example" in content else []
        examples += [example["value"] for example in content.get("examples", {}).values()]
        assert examples, name
        validator = jsonschema_rs.Draft202012Validator(
            {**forbid_extra_members(content["schema"]), "components": components},
            validate_formats=True,
        )
        for example in examples:
            errors = [error.message for error in validator.iter_errors(example)]
            assert not errors, (name, example)


def test_decimals_are_text(schemas):
    record, body = (schemas[name]["properties"]["quantity"] for name in RECORD)
    assert record["type"] == body["type"] == "string"
    validators = [jsonschema_rs.Draft202012Validator(schema) for schema in (record, body)]
    taken = {"500.000": (True, True), "-1.500": (True, True), "5": (False, True)}
    taken |= {"1.5": (False, True), "1.0000": (False, False), "12345678.000": (False, False)}
    for text, expected in taken.items():
        assert tuple(validator.is_valid(text) for validator in validators) == expected, text


RECORD = ("ShoppingRecord", "ShoppingRecordRequest")


def test_price_is_the_whole_lines(schemas):
    for name in RECORD:
        price = schemas[name]["properties"]["price"]
        assert price["description"].startswith("What the whole line cost")
        assert (price["minimum"], price["maximum"]) == (-(2**31), 2**31 - 1)


def test_what_is_sent_and_what_is_answered_are_apart(schemas):
    answered, sent, changed = (
        schemas[name] for name in ("Product", "ProductRequest", "PatchedProduct")
    )
    assert list(answered["properties"]) == [
        *("id", "name", "category", "unit", "manufacturer", "origin")
    ]
    assert answered["required"] == list(answered["properties"])
    assert list(sent["properties"]) == [
        *("name", "category_id", "unit_id", "manufacturer_id", "origin_id")
    ]
    assert sent["required"] == ["name", "category_id", "unit_id"]
    assert changed["properties"] == sent["properties"]
    assert "required" not in changed


def test_null_is_told_where_it_can_be(schemas):
    product, sent = (schemas[name]["properties"] for name in ("Product", "ProductRequest"))
    assert product["category"] == {"$ref": "#/components/schemas/Category"}
    assert product["origin"] == {
        "anyOf": [{"$ref": "#/components/schemas/Origin"}, {"type": "null"}]
    }
    assert sent["category_id"]["type"] == "integer"
    assert sent["origin_id"]["type"] == ["integer", "null"]


def test_lists_tell_their_parameters(operations):
    parameters = {one["name"]: one for one in operations["shopping_records_list"]["parameters"]}
    assert {"store_id", "store_id__in", "purchase_date__gte", "price__lt"} < parameters.keys()
    assert {"product_name__icontains", "search", "cursor", "offset"} < parameters.keys()
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000}
    assert parameters["count"]["schema"] == {"type": "boolean", "default": True}
    ordering = parameters["ordering"]
    assert (ordering["style"], ordering["explode"]) == ("form", False)
    assert ordering["schema"]["default"] == ["purchase_date", "id"]
    assert "-price" in ordering["schema"]["items"]["enum"]
    assert "store" not in ordering["schema"]["items"]["enum"]
    assert parameters["fields"]["schema"]["items"]["enum"][:2] == ["id", "price"]
    isnull = {one["name"] for one in operations["products_list"]["parameters"]}
    assert "origin_id__isnull" in isnull
    assert "category_id__isnull" not in isnull


def test_operations_tell_all_their_answers(operations):
    everybody = {"400", "405", "406", "414", "500", "503"}
    signed_in = everybody | {"401", "403", "429"}
    body = {"413", "415"}
    expected = {
        "categories_list": signed_in | {"200", "304"},
        "categories_create": signed_in | body | {"201", "409", "422"},
        "categories_retrieve": signed_in | {"200", "304", "404"},
        "categories_update": signed_in | body | {"200", "404", "409", "412"},
        "categories_partial_update": signed_in | body | {"200", "404", "409", "412", "422"},
        "categories_destroy": signed_in | {"204", "404", "409", "412"},
        "auth_token_create": everybody | body | {"200", "401", "403", "429"},
        "auth_user_retrieve": everybody | {"200", "401", "429"},
        "root_retrieve": everybody | {"200"},
    }
    for name, statuses in expected.items():
        assert set(operations[name]["responses"]) == statuses, name


def test_refusals_have_their_three_shapes(openapi):
    refused = openapi["components"]["responses"]["NotAuthenticated"]
    assert refused["headers"]["WWW-Authenticate"]["required"] is True
    content = refused["content"]["application/json"]
    assert [one["$ref"].rpartition("/")[2] for one in content["schema"]["anyOf"]] == [
        "Detail",
        "Refusal",
        "TokenRefusal",
    ]
    codes = openapi["components"]["schemas"]["Refusal"]["properties"]["code"]["enum"]
    assert "user_inactive" in codes


def test_errors_tell_their_headers(openapi):
    responses = openapi["components"]["responses"]
    assert "Allow" in responses["MethodNotAllowed"]["headers"]
    for name in ("TooManyRequests", "Unavailable"):
        assert "Retry-After" in responses[name]["headers"]
    assert all("X-Request-ID" in response["headers"] for response in responses.values())


def test_bodies_come_as_json_and_as_forms(operations):
    for name in ("products_create", "auth_token_create"):
        assert set(operations[name]["requestBody"]["content"]) == {
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        }


def test_secrets_are_not_shown_while_they_are_typed(schemas):
    members = schemas["TokenObtainPairRequest"]["properties"]
    assert members["password"] == {"type": "string", "format": "password", "minLength": 1}
    assert "format" not in members["username"]


def test_every_tag_and_every_operation_says_what_it_is(openapi, operations):
    tags = {tag["name"]: tag["description"] for tag in openapi["tags"]}
    assert tags["categories"] == "Kinds of products, as in meat or dairy."
    assert {tag for one in operations.values() for tag in one["tags"]} == tags.keys()
    assert all(tags.values())
    assert all(one["summary"] for one in operations.values())


def test_every_parameter_says_what_it_is(operations):
    for name, operation in operations.items():
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (name, parameter["name"])


def test_documents_are_told_by_what_their_rows_are(schemas):
    said = "One line of a receipt: a product bought in a store on a day."
    assert schemas["ShoppingRecord"]["description"] == said
    assert (
        schemas["ShoppingRecordRequest"]["properties"]["store_id"]["description"]
        == "The store's id."
    )


def test_lists_say_that_members_may_have_been_left_out(operations):
    assert "With `fields`," in operations["stores_list"]["responses"]["200"]["description"]
