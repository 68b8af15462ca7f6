"""How callers prove who they are."""

import pytest

from shoptrack.openapi.swagger_to_openapi import NotConvertible, convert

SCOPES = {"read": "Read pets."}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "basic"}, {"type": "http", "scheme": "basic"}),
        (
            {"type": "apiKey", "name": "X-Key", "in": "header", "description": "A key."},
            {"type": "apiKey", "name": "X-Key", "in": "header", "description": "A key."},
        ),
        (
            {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-scheme": "bearer",
                "x-bearer-format": "JWT",
            },
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        ),
        (
            {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://pets.example/a",
                "tokenUrl": "https://pets.example/t",
                "scopes": SCOPES,
            },
            {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": "https://pets.example/a",
                        "tokenUrl": "https://pets.example/t",
                        "scopes": SCOPES,
                    }
                },
            },
        ),
        (
            {
                "type": "oauth2",
                "flow": "application",
                "tokenUrl": "https://pets.example/t",
                "scopes": SCOPES,
                "x-realm": "pets",
            },
            {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {"tokenUrl": "https://pets.example/t", "scopes": SCOPES}
                },
                "x-realm": "pets",
            },
        ),
    ],
)
def test_a_definition_becomes_a_scheme(converted, before, after):
    openapi = converted(securityDefinitions={"who": before}, security=[{"who": []}])
    assert openapi["components"]["securitySchemes"]["who"] == after
    assert openapi["security"] == [{"who": []}]


@pytest.mark.parametrize("definition", [{"type": "magic"}, {"type": "oauth2", "flow": "magic"}])
def test_an_unknown_definition_is_refused(definition):
    with pytest.raises(NotConvertible, match="#/securityDefinitions/who: .*'magic'"):
        convert({"swagger": "2.0", "securityDefinitions": {"who": definition}})
