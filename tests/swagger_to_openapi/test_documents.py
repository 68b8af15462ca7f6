"""Whole documents."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from shoptrack.openapi import swagger_to_openapi
from shoptrack.openapi.swagger_to_openapi import NotConvertible, convert

PETS = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "host": "pets.example",
    "basePath": "/v1",
    "schemes": ["https", "http"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "tags": [{"name": "pets"}],
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer"}],
            "get": {
                "operationId": "pet",
                "responses": {
                    "200": {"description": "A pet.", "schema": {"$ref": "#/definitions/Pet"}},
                    "404": {"$ref": "#/responses/Missing"},
                },
            },
        },
    },
    "definitions": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}},
    "responses": {"Missing": {"description": "There is none."}},
    "x-pets": True,
}


def test_a_document_is_valid_before_and_after():
    OpenAPIV2SpecValidator(PETS).validate()
    OpenAPIV31SpecValidator(convert(PETS)).validate()


def test_a_document_keeps_its_frame():
    converted = convert(PETS)
    assert converted["openapi"].startswith("3.1.")
    assert converted["info"] == PETS["info"]
    assert converted["tags"] == PETS["tags"]
    assert converted["x-pets"] is True
    assert [server["url"] for server in converted["servers"]] == [
        "https://pets.example/v1",
        "http://pets.example/v1",
    ]


def test_a_document_is_not_changed():
    before = repr(PETS)
    convert(PETS)
    assert repr(PETS) == before


@pytest.mark.parametrize(("base", "servers"), [("/", None), ("", None), ("/v1/", [{"url": "/v1"}])])
def test_without_a_host_only_the_path_counts(base, servers):
    document = {key: value for key, value in PETS.items() if key != "host"}
    assert convert({**document, "basePath": base}).get("servers") == servers


@pytest.mark.parametrize("version", ["1.2", 2.0, None])
def test_another_version_is_refused(version):
    with pytest.raises(NotConvertible, match="#/swagger: Only Swagger '2.0'"):
        convert({**PETS, "swagger": version})


def test_it_stands_alone(tmp_path):
    """It works wherever its folder is copied to, with the standard library and nothing else."""
    shutil.copytree(Path(swagger_to_openapi.__file__).parent, tmp_path / "elsewhere")
    code = "from elsewhere import convert; print(convert({'swagger': '2.0'})['openapi'])"
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.append({str(tmp_path)!r}); {code}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3.1.")
