"""Request bodies: documents and forms."""

import pytest

BODY = {"name": "pet", "in": "body", "description": "A pet.", "required": True}
PET = {"type": "object", "properties": {"name": {"type": "string"}}}


def test_a_body_is_described_for_each_media_type(operation):
    body = {**BODY, "schema": PET, "x-example": {"name": "Tama"}, "x-note": 1}
    converted = operation({"consumes": ["application/json", "text/yaml"], "parameters": [body]})
    content = {"schema": PET, "example": {"name": "Tama"}}
    assert converted["requestBody"] == {
        "description": "A pet.",
        "required": True,
        "content": {"application/json": content, "text/yaml": content},
        "x-note": 1,
    }
    assert "parameters" not in converted


def test_a_body_may_have_several_examples(operation):
    examples = {"cat": {"value": {"name": "Tama"}}, "dog": {"value": {"name": "Pochi"}}}
    converted = operation({"parameters": [{**BODY, "schema": PET, "x-examples": examples}]})
    assert converted["requestBody"]["content"]["application/json"]["examples"] == examples


@pytest.mark.parametrize(
    ("own", "general", "media_types"),
    [
        ({}, {}, ["application/json"]),
        ({}, {"consumes": ["text/yaml"]}, ["text/yaml"]),
        ({"consumes": ["text/csv"]}, {"consumes": ["text/yaml"]}, ["text/csv"]),
    ],
)
def test_media_types_come_from_the_operation_or_the_document(operation, own, general, media_types):
    converted = operation({**own, "parameters": [{**BODY, "schema": PET}]}, **general)
    assert list(converted["requestBody"]["content"]) == media_types


def test_fields_of_a_form_become_one_schema(operation):
    fields = [
        {"name": "name", "in": "formData", "type": "string", "required": True, "maxLength": 9},
        {
            "name": "tags",
            "in": "formData",
            "description": "Its tags.",
            "type": "array",
            "items": {"type": "string"},
            "collectionFormat": "multi",
        },
    ]
    assert operation({"parameters": fields})["requestBody"] == {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "maxLength": 9},
                        "tags": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "Its tags.",
                        },
                    },
                    "required": ["name"],
                },
                "encoding": {"tags": {"style": "form", "explode": True}},
            }
        },
    }


def test_a_file_comes_as_multipart_alone(operation):
    consumes = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"]
    photo = {"name": "photo", "in": "formData", "type": "file"}
    content = operation({"consumes": consumes, "parameters": [photo]})["requestBody"]["content"]
    assert content == {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"photo": {"type": "string", "format": "binary"}},
            }
        }
    }


def test_a_form_without_files_comes_in_both_ways(operation):
    consumes = ["application/json", "multipart/form-data", "application/x-www-form-urlencoded"]
    name = {"name": "name", "in": "formData", "type": "string"}
    content = operation({"consumes": consumes, "parameters": [name]})["requestBody"]["content"]
    assert list(content) == consumes[1:]


def test_a_body_of_a_path_moves_into_its_operations(operation):
    general = {**BODY, "schema": PET}
    assert operation({}, [general])["requestBody"]["description"] == "A pet."
    own = {**BODY, "description": "Another.", "schema": PET}
    assert operation({"parameters": [own]}, [general])["requestBody"]["description"] == "Another."


def test_a_shared_body_moves_into_its_operations(operation):
    shared = {"parameters": {"Pet": {**BODY, "schema": {"$ref": "#/definitions/Pet"}}}}
    converted = operation(
        {"parameters": [{"$ref": "#/parameters/Pet"}]}, **shared, definitions={"Pet": PET}
    )
    content = converted["requestBody"]["content"]["application/json"]
    assert content == {"schema": {"$ref": "#/components/schemas/Pet"}}
