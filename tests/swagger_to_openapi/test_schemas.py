"""Schemas: what Swagger 2.0 says in its own way becomes JSON Schema."""

import pytest

from shoptrack.openapi.swagger_to_openapi import NotConvertible, convert

PET = {"$ref": "#/definitions/Pet"}
NEW_PET = {"$ref": "#/components/schemas/Pet"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 5}),
        (PET, NEW_PET),
        ({"type": "array", "items": PET}, {"type": "array", "items": NEW_PET}),
        (
            {"type": "object", "properties": {"pet": PET}, "required": ["pet"]},
            {"type": "object", "properties": {"pet": NEW_PET}, "required": ["pet"]},
        ),
        (
            {"type": "object", "additionalProperties": PET},
            {"type": "object", "additionalProperties": NEW_PET},
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
        ({"allOf": [PET, {"type": "object"}]}, {"allOf": [NEW_PET, {"type": "object"}]}),
        ({"type": "string", "example": "Tama"}, {"type": "string", "examples": ["Tama"]}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
        ({"type": "string", "x-color": "red"}, {"type": "string", "x-color": "red"}),
        ({"type": "string", "readOnly": True}, {"type": "string", "readOnly": True}),
        (
            {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 0},
        ),
        (
            {"type": "number", "maximum": 9, "exclusiveMaximum": False},
            {"type": "number", "maximum": 9},
        ),
    ],
)
def test_a_schema_says_the_same(schema, before, after):
    assert schema(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"type": "string", "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({}, {}),
        (PET, {"anyOf": [NEW_PET, {"type": "null"}]}),
        (
            {**PET, "description": "Whose."},
            {"anyOf": [NEW_PET, {"type": "null"}], "description": "Whose."},
        ),
        (
            {"x-oneOf": [PET, {"type": "string"}]},
            {"anyOf": [{"oneOf": [NEW_PET, {"type": "string"}]}, {"type": "null"}]},
        ),
    ],
)
def test_null_is_one_of_the_types(schema, before, after):
    assert schema({**before, "x-nullable": True}) == after
    assert "null" not in str(schema({**before, "x-nullable": False}))


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_alternatives_travel_as_extensions(schema, keyword):
    assert schema({f"x-{keyword}": [PET, {"type": "string", "x-nullable": True}]}) == {
        keyword: [NEW_PET, {"type": ["string", "null"]}]
    }


def test_a_discriminator_names_a_property(schema):
    before = {
        "type": "object",
        "discriminator": "kind",
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
    }
    assert schema(before)["discriminator"] == {"propertyName": "kind"}


def test_a_property_may_be_called_like_a_keyword(schema):
    before = {"type": "object", "properties": {"example": {"type": "string"}, "$ref": {}}}
    after = convert({"swagger": "2.0", "definitions": {"One": before}})
    assert after["components"]["schemas"]["One"] == before


def test_names_lose_what_components_cannot_be_called(converted):
    definitions = {
        "Page«Pet»": {"type": "object", "properties": {"a/b": {"$ref": "#/definitions/a~1b"}}},
        "Page_Pet_": {"type": "string"},
        "a/b": {"type": "integer"},
    }
    assert converted(definitions=definitions)["components"]["schemas"] == {
        "Page_Pet_": {"type": "string"},
        "Page_Pet__2": {
            "type": "object",
            "properties": {"a/b": {"$ref": "#/components/schemas/a_b"}},
        },
        "a_b": {"type": "integer"},
    }


@pytest.mark.parametrize(
    ("schema", "place", "reason"),
    [
        ({"$ref": "#/definitions/None"}, "#/definitions/One", "leads to nothing"),
        ({"$ref": "pets.json#/Pet"}, "#/definitions/One", "of the document"),
        (
            {"properties": {"a/b": {"items": "string"}}},
            "#/definitions/One/properties/a~1b/items",
            "A schema is an object",
        ),
    ],
)
def test_what_cannot_be_converted_is_named(schema, place, reason):
    with pytest.raises(NotConvertible, match=reason) as stop:
        convert({"swagger": "2.0", "definitions": {"One": schema}})
    assert stop.value.pointer == place
