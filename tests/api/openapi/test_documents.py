"""What the documents say of the API."""

from collections import Counter

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from shoptrack.openapi.spec import ApiSpec

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def documents(app) -> ApiSpec:
    return app.registry[ApiSpec]


@pytest.fixture
def operations(documents):
    """Return all operations, by their ids."""
    return {
        operation["operationId"]: operation
        for path in documents.openapi["paths"].values()
        for operation in path.values()
    }


def test_both_are_valid(documents):
    OpenAPIV2SpecValidator(documents.swagger).validate()
    OpenAPIV31SpecValidator(documents.openapi).validate()


def test_operation_ids_are_unique(documents):
    counts = Counter(
        operation["operationId"]
        for path in documents.swagger["paths"].values()
        for operation in path.values()
    )
    assert set(counts.values()) == {1}


VERBS = ("list", "create", "retrieve", "update", "partial_update", "destroy")


def test_operations_are_called_as_clients_know_them(operations, path):
    assert {f"{path.replace('-', '_')}_{verb}" for verb in VERBS} < operations.keys()


def test_signing_in_is_called_as_clients_know_it(operations, documents):
    assert {
        "auth_token_create",
        "auth_token_refresh_create",
        "auth_token_verify_create",
        "auth_user_retrieve",
        "auth_logout_create",
    } < operations.keys()
    components = documents.openapi["components"]
    assert {"TokenObtainPair", "TokenRefresh", "TokenVerify"} < components["schemas"].keys()
    assert components["securitySchemes"] == {
        "jwtAuth": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": components["securitySchemes"]["jwtAuth"]["description"],
            "x-sign-in": {
                "token": "/api/auth/token/",
                "refresh": "/api/auth/token/refresh/",
                "logout": "/api/auth/logout/",
            },
        }
    }
    assert operations["auth_token_create"]["security"] == []
    assert operations["auth_user_retrieve"]["security"] == [{"jwtAuth": []}]
