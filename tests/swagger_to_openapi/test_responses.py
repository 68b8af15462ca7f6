"""Responses: bodies, examples and headers."""

import pytest

from shoptrack.openapi.swagger_to_openapi import convert


@pytest.fixture
def response(operation):
    """Return a function that converts the response of an operation."""

    def response(response, **members):
        responses = {"200": {"description": "Good.", **response}}
        return operation({"responses": responses, **members})["responses"]["200"]

    return response


def test_a_body_is_described_for_each_media_type(response):
    converted = response({"schema": {"type": "string"}}, produces=["text/plain", "text/html"])
    content = {"schema": {"type": "string"}}
    assert converted == {
        "description": "Good.",
        "content": {"text/plain": content, "text/html": content},
    }


def test_without_a_media_type_any_is_possible(response):
    assert list(response({"schema": {"type": "string"}})["content"]) == ["*/*"]


def test_without_a_schema_there_is_no_body(response):
    assert "content" not in response({}, produces=["application/json"])


def test_a_response_may_have_media_types_of_its_own(response):
    own = {"schema": {"type": "string"}, "x-produces": ["text/yaml"]}
    converted = response(own, produces=["application/json"])
    assert converted == {
        "description": "Good.",
        "content": {"text/yaml": {"schema": {"type": "string"}}},
    }


def test_other_media_types_may_have_other_bodies(response):
    csv = {"schema": {"type": "string"}, "examples": {"text/csv": "Tama"}}
    converted = response(
        {"schema": {"type": "object"}, "x-content": {"text/csv": csv}},
        produces=["application/json"],
    )
    assert converted == {
        "description": "Good.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/csv": {"schema": {"type": "string"}, "example": "Tama"},
        },
    }


def test_examples_stand_below_their_media_types(response):
    examples = {"application/json": "Tama", "text/plain": "Tama!"}
    converted = response(
        {"schema": {"type": "string"}, "examples": examples}, produces=["application/json"]
    )
    assert converted["content"] == {
        "application/json": {"schema": {"type": "string"}, "example": "Tama"},
        "text/plain": {"schema": {"type": "string"}, "example": "Tama!"},
    }


def test_several_examples_travel_as_an_extension(response):
    examples = {"cat": {"value": "Tama"}, "dog": {"value": "Pochi"}}
    converted = response(
        {"schema": {"type": "string"}, "x-examples": examples}, produces=["text/plain"]
    )
    assert converted["content"]["text/plain"]["examples"] == examples
    assert "x-examples" not in converted


def test_a_file_is_binary():
    # The validator does not know this type, which Swagger 2.0 allows here.
    get = {"responses": {200: {"description": "Good.", "schema": {"type": "file"}}}}
    document = {"swagger": "2.0", "produces": ["image/png"], "paths": {"/pets": {"get": get}}}
    response = convert(document)["paths"]["/pets"]["get"]["responses"]["200"]
    assert response["content"] == {"image/png": {"schema": {"type": "string", "format": "binary"}}}


def test_headers_have_schemas(response):
    headers = {
        "X-Rows": {"description": "Rows.", "type": "integer", "x-required": True},
        "X-Tags": {"type": "array", "items": {"type": "string"}, "x-required": False},
    }
    assert response({"headers": headers})["headers"] == {
        "X-Rows": {"description": "Rows.", "required": True, "schema": {"type": "integer"}},
        "X-Tags": {"schema": {"type": "array", "items": {"type": "string"}}},
    }


def test_shared_responses_become_components(converted):
    openapi = converted(
        produces=["application/json"],
        responses={"Missing": {"description": "None.", "schema": {"type": "object"}}},
        paths={"/pets": {"get": {"responses": {"404": {"$ref": "#/responses/Missing"}}}}},
    )
    assert openapi["paths"]["/pets"]["get"]["responses"] == {
        "404": {"$ref": "#/components/responses/Missing"}
    }
    assert openapi["components"]["responses"]["Missing"] == {
        "description": "None.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def test_an_operation_keeps_what_is_the_same(operation):
    same = {
        "operationId": "add",
        "tags": ["pets"],
        "summary": "Add a pet",
        "description": "To the others.",
        "deprecated": True,
        "security": [],
        "externalDocs": {"url": "https://pets.example"},
        "x-order": 1,
    }
    converted = operation({**same, "schemes": ["https"], "produces": ["text/plain"]})
    converted.pop("responses")
    assert converted == same
