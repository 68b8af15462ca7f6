"""Endpoints for the user's own API tokens."""

import re
from typing import Any

from sqlalchemy import Row

from shoptrack.errors import Forbidden, NotFound, TooManyRequests
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources import (
    Choice,
    DateTime,
    Field,
    InvalidValue,
    JSONSchema,
    Schema,
    Text,
    is_bigint,
)
from shoptrack.rest import (
    Component,
    Parameter,
    ResponseDescription,
    Service,
    allow_null,
    describe_view,
    object_schema,
    read_body,
)
from shoptrack_auth import api_tokens
from shoptrack_auth.api_tokens import DEFAULT_TOKEN_DAYS, NewToken, TooManyTokens
from shoptrack_auth.models import MAX_TOKEN_NAME_LENGTH, ApiToken, TokenScope
from shoptrack_auth.password_confirmation import confirm_password
from shoptrack_auth.token_pairs import forbid_caching
from shoptrack_auth.translation import _

MAX_PERMISSIONS = 1000  # in a body


class PermissionNames(Field):
    """A list of permissions' names."""

    def make_example(self) -> list[str]:
        """Return the permissions of a script that reads products and adds records."""
        return ["products:view", "shopping-records:view", "shopping-records:add"]

    def get_response_schema(self) -> JSONSchema:
        """Return a list of texts."""
        return {"type": "array", "items": {"type": "string"}, "minItems": 1}

    def parse(self, value: Any) -> list[str]:
        """Accept a list of texts."""
        is_list = isinstance(value, list) and len(value) <= MAX_PERMISSIONS
        if not is_list or not all(isinstance(name, str) for name in value):
            raise InvalidValue(_("Not a valid list of permissions."))
        return value


NAME = Text(
    "name",
    max_length=MAX_TOKEN_NAME_LENGTH,
    description="What the token is for. Two tokens may have the same name.",
    example="Kitchen tablet",
)
SCOPE = Choice(
    "scope",
    {scope.value: scope.value for scope in TokenScope},
    default=TokenScope.READ.value,
    description="With `read`, only `GET` is allowed.",
)
PERMISSIONS = PermissionNames(
    "permissions",
    required=False,
    description="Null, or left out, for all permissions of the user.",
)
EXPIRES_AT = DateTime(
    "expires_at",
    required=False,
    description=f"Null for never. Left out, the token expires after {DEFAULT_TOKEN_DAYS} days.",
    example="2027-01-01T00:00:00Z",
)
CURRENT_PASSWORD = Text(
    "password",
    trim=False,
    required=False,
    description="The user's current password. Users without a password have to sign in "
    "again instead, at most 15 minutes before.",
    example="correct horse battery staple",
)
NEW_TOKEN = Schema("ApiTokenCreation", (NAME, SCOPE, PERMISSIONS, EXPIRES_AT, CURRENT_PASSWORD))
INSTANT: JSONSchema = {"type": "string", "format": "date-time"}
TOKEN_SCHEMA = object_schema(
    id={"type": "integer"},
    name={"type": "string"},
    scope={"type": "string", "enum": [scope.value for scope in TokenScope]},
    permissions={
        **allow_null({"type": "array", "items": {"type": "string"}}),
        "description": "Null for all permissions of the user.",
    },
    created_at=INSTANT,
    expires_at={**allow_null(INSTANT), "description": "Null for never."},
    last_used_at={
        **allow_null(INSTANT),
        "description": "Null for never used. It is stored at most once a minute.",
    },
)
TOKEN_BODY = Component(
    "ApiToken", {**TOKEN_SCHEMA, "description": "An API token, without its text."}
)
CREATED_SCHEMA = object_schema(
    **TOKEN_SCHEMA["properties"],
    token={"type": "string", "description": "The token. It is shown only now."},
)
CREATED_BODY = Component("CreatedApiToken", {**CREATED_SCHEMA, "description": "A new API token."})
DOCUMENT = {
    "id": 3,
    "name": "Kitchen tablet",
    "scope": "read",
    "permissions": None,
    "created_at": "2026-01-01T08:15:00Z",
    "expires_at": "2027-01-01T00:00:00Z",
    "last_used_at": None,
}
# Not of the right length: a well-formed one would alarm scanners of secrets.
CREATED_DOCUMENT = DOCUMENT | {"token": "shoptrack_…"}
ID = Parameter("id", {"type": "integer"}, "The token's id.", required=True)


@describe_view(
    responses=[
        ResponseDescription(200, "The user's API tokens.", [TOKEN_BODY], example=[DOCUMENT]),
        Forbidden,
    ]
)
def list_tokens(request) -> list[dict[str, Any]]:
    """List the user's API tokens, the newest first. An expired one stays in the list for 30 days."""
    rows = api_tokens.get_tokens(request.reader, request.identity.id)
    return [_make_document(row) for row in rows]


@describe_view(
    body=NEW_TOKEN,
    responses=[
        ResponseDescription(201, "The new token.", CREATED_BODY, example=CREATED_DOCUMENT),
        Forbidden,
        TooManyTokens,
        TooManyRequests,
    ],
)
def create_token(request) -> dict[str, Any]:
    """Create an API token, with which a script uses the API as this user. The token is shown only now.

    It may do no more than the user may at the time of a request.
    """
    values = NEW_TOKEN.validate(read_body(request))
    new = NewToken(
        values["name"],
        TokenScope(values.get("scope") or TokenScope.READ),
        values["expires_at"] if "expires_at" in values else api_tokens.get_default_expiry(),
        values.get("permissions"),
    )
    version = confirm_password(request, values.get("password"))
    token, secret = api_tokens.create_token(
        request.db,
        request.identity.id,
        new,
        password_version=version,
        address=request.client_addr or "",
    )
    forbid_caching(request)
    request.response.status_int = 201
    return _make_document(token) | {"token": secret}


@describe_view(
    operation_id="auth_tokens_all_destroy",
    responses=[ResponseDescription(204, "All tokens are revoked."), Forbidden],
)
def revoke_all_tokens(request):
    """Revoke all API tokens of the user."""
    api_tokens.revoke_tokens(request.db, request.identity.id, address=request.client_addr or "")
    return _respond_without_content(request)


@describe_view(
    path=[ID], responses=[ResponseDescription(204, "The token is revoked."), NotFound, Forbidden]
)
def revoke_token(request):
    """Revoke one of the user's API tokens. Requests with it are refused from now on."""
    text = request.matchdict["id"]
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotFound
    ids = [int(text)] if len(text) < 20 and is_bigint(int(text)) else []
    address = request.client_addr or ""
    if not api_tokens.revoke_tokens(request.db, request.identity.id, ids, address=address):
        raise NotFound("No ApiToken matches the given query.")
    return _respond_without_content(request)


def _make_document(token: Row | ApiToken) -> dict[str, Any]:
    instants = {name: getattr(token, name) for name in ("created_at", "expires_at", "last_used_at")}
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope,
        "permissions": token.permissions,
        **{name: value and f"{value:%Y-%m-%dT%H:%M:%SZ}" for name, value in instants.items()},
    }


def _respond_without_content(request):
    request.response.status_int = 204
    request.response.content_type = None
    return request.response


def includeme(config):
    """Serve the endpoints to every signed-in user, and not to tokens."""
    many = Service("auth:tokens", "/api/auth/tokens/", description=__doc__)
    many.add_view("GET", list_tokens, permission=SIGNED_IN)
    many.add_view("POST", create_token, permission=SIGNED_IN)
    many.add_view("DELETE", revoke_all_tokens, permission=SIGNED_IN)
    one = Service("auth:token", "/api/auth/tokens/{id}/", description=revoke_token.__doc__)
    one.add_view("DELETE", revoke_token, permission=SIGNED_IN)
    config.add_service(many)
    config.add_service(one)
