import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from shoptrack.openapi.swagger_to_openapi import convert


@pytest.fixture
def converted():
    """Return a function that makes a document around some members, and converts it; both are valid."""

    def converted(**members):
        document = {"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "paths": {}}
        document |= members
        OpenAPIV2SpecValidator(document).validate()
        openapi = convert(document)
        OpenAPIV31SpecValidator(openapi).validate()
        return openapi

    return converted


@pytest.fixture
def schema(converted):
    """Return a function that converts one schema."""
    others = {"Pet": {"type": "object"}}
    return lambda schema: converted(definitions={"One": schema, **others})["components"]["schemas"][
        "One"
    ]


@pytest.fixture
def operation(converted):
    """Return a function that converts one operation, in a document with more members."""

    def operation(operation, path_parameters=(), **members):
        operation = {"responses": {"200": {"description": "Good."}}, **operation}
        item = {"post": operation}
        if path_parameters:
            item["parameters"] = list(path_parameters)
        return converted(paths={"/pets": item}, **members)["paths"]["/pets"]["post"]

    return operation
