"""A document that YAML reads has numbers as keys."""

from shoptrack.openapi.swagger_to_openapi import convert


def test_statuses_become_text():
    responses = {200: {"description": "Good."}, "default": {"description": "Bad."}, "x-order": 1}
    document = {"swagger": "2.0", "paths": {"/pets": {"get": {"responses": responses}}}}
    converted = convert(document)["paths"]["/pets"]["get"]["responses"]
    assert converted == {
        "200": {"description": "Good."},
        "default": {"description": "Bad."},
        "x-order": 1,
    }
