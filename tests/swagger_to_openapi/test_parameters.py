"""Parameters of paths, queries, headers and cookies."""

import pytest

from shoptrack.openapi.swagger_to_openapi import NotConvertible, convert


def test_what_describes_a_value_moves_into_its_schema(operation):
    (limit,) = operation(
        {
            "parameters": [
                {
                    "name": "limit",
                    "in": "query",
                    "description": "Rows.",
                    "required": True,
                    "allowEmptyValue": True,
                    "type": "integer",
                    "format": "int32",
                    "minimum": 1,
                    "maximum": 10,
                    "exclusiveMaximum": True,
                    "default": 5,
                    "x-nullable": True,
                    "x-example": 3,
                    "x-unit": "rows",
                }
            ]
        }
    )["parameters"]
    assert limit == {
        "name": "limit",
        "in": "query",
        "description": "Rows.",
        "required": True,
        "allowEmptyValue": True,
        "schema": {
            "type": ["integer", "null"],
            "format": "int32",
            "minimum": 1,
            "exclusiveMaximum": 10,
            "default": 5,
        },
        "example": 3,
        "x-unit": "rows",
    }


@pytest.mark.parametrize(
    ("place", "form", "style"),
    [
        ("query", None, {"style": "form", "explode": False}),
        ("query", "csv", {"style": "form", "explode": False}),
        ("query", "multi", {"style": "form", "explode": True}),
        ("query", "ssv", {"style": "spaceDelimited", "explode": False}),
        ("query", "pipes", {"style": "pipeDelimited", "explode": False}),
        ("header", "csv", {"style": "simple"}),
    ],
)
def test_arrays_are_put_into_one_text_the_same_way(operation, place, form, style):
    items = {"type": "string", "enum": ["a", "b"]}
    parameter = {"name": "X-Tags", "in": place, "type": "array", "items": items, "minItems": 1}
    if form:
        parameter["collectionFormat"] = form
    (converted,) = operation({"parameters": [parameter]})["parameters"]
    assert converted == {
        "name": "X-Tags",
        "in": place,
        **style,
        "schema": {"type": "array", "items": items, "minItems": 1},
    }


@pytest.mark.parametrize(
    "array",
    [
        {"in": "query", "collectionFormat": "tsv", "items": {"type": "string"}},
        {"in": "header", "collectionFormat": "pipes", "items": {"type": "string"}},
        {
            "in": "query",
            "items": {"type": "array", "collectionFormat": "ssv", "items": {"type": "string"}},
        },
    ],
)
def test_ways_that_openapi_does_not_know_are_refused(array):
    operation = {"parameters": [{"name": "tags", "type": "array", **array}]}
    with pytest.raises(NotConvertible, match="No collectionFormat '...") as stop:
        convert({"swagger": "2.0", "paths": {"/pets": {"get": operation}}})
    assert stop.value.pointer == "#/paths/~1pets/get/parameters/0"


def test_arrays_of_arrays_are_separated_by_commas(operation):
    row = {"type": "array", "collectionFormat": "csv", "items": {"type": "integer"}}
    parameter = {"name": "rows", "in": "query", "type": "array", "items": row}
    (rows,) = operation({"parameters": [parameter]})["parameters"]
    assert rows["schema"]["items"] == {"type": "array", "items": {"type": "integer"}}


def test_cookies_travel_as_an_extension(operation):
    cookie = {"name": "session", "description": "Who.", "type": "string", "maxLength": 64}
    converted = operation({"x-cookies": [cookie]})
    assert converted["parameters"] == [
        {
            "name": "session",
            "in": "cookie",
            "description": "Who.",
            "schema": {"type": "string", "maxLength": 64},
        }
    ]
    assert "x-cookies" not in converted


def test_shared_parameters_become_components(converted):
    limit = {"name": "limit", "in": "query", "type": "integer"}
    reference = {"$ref": "#/parameters/Limit"}
    get = {"parameters": [reference], "responses": {"200": {"description": "Good."}}}
    openapi = converted(
        parameters={"Limit": limit}, paths={"/pets": {"parameters": [reference], "get": get}}
    )
    new = [{"$ref": "#/components/parameters/Limit"}]
    assert openapi["paths"]["/pets"]["parameters"] == new
    assert openapi["paths"]["/pets"]["get"]["parameters"] == new
    assert openapi["components"]["parameters"]["Limit"] == {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer"},
    }


def test_references_in_a_circle_are_refused():
    shared = {"A": {"$ref": "#/parameters/B"}, "B": {"$ref": "#/parameters/A"}}
    with pytest.raises(NotConvertible, match="refers to itself"):
        convert({"swagger": "2.0", "parameters": shared})
