"""Endpoints for the user's own account: sessions and password."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from shoptrack.errors import Forbidden, NotFound, TooManyRequests, ValidationError
from shoptrack.openapi import DETAIL
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources import Boolean, JSONSchema, Schema, Text, is_bigint
from shoptrack.rest import (
    Component,
    Parameter,
    ResponseDescription,
    Service,
    describe_view,
    object_schema,
    read_body,
)
from shoptrack_auth import password_change, sessions
from shoptrack_auth.models import SessionKind
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import publish_ended

PASSWORD_CHANGE = Schema(
    "PasswordChange",
    (
        Text("old_password", trim=False, example="correct horse battery staple"),
        Text("new_password", trim=False, example="another horse, another battery"),
        Boolean(
            "revoke_tokens",
            default=False,
            description="Whether to revoke the user's API tokens, too.",
            example=False,
        ),
    ),
)
FIELD_NAMES = {"current": "old_password", "password": "new_password"}
KINDS = [kind.value for kind in SessionKind]
ID = Parameter("id", {"type": "integer"}, "The session's id.", required=True)
SAVED = Schema("Saved", DETAIL.fields)  # generated clients know the name
SAVED_BODY = {"detail": "New password has been saved."}
SESSION = {
    "id": 12,
    "kind": "token",
    "device": "Mozilla/5.0 (Android 16; Mobile; rv:140.0)",
    "address": "192.0.2.7",
    "created_at": "2025-04-01T08:15:00Z",
    "last_used_at": "2025-04-01T17:40:02Z",
    "expires_at": "2025-04-02T08:15:00Z",
    "current": True,
}


INSTANT: JSONSchema = {"type": "string", "format": "date-time"}
SESSION_BODY = Component(
    "Session",
    {
        **object_schema(
            id={"type": "integer"},
            kind={
                "type": "string",
                "enum": KINDS,
                "description": "`token` for the API, `browser` for the administration's pages.",
            },
            device={"type": "string", "description": "The client's User-Agent header."},
            address={"type": "string", "description": "The IP address of the sign-in."},
            created_at={**INSTANT, "description": "Time of the sign-in."},
            last_used_at={**INSTANT, "description": "Time of the last refresh or page view."},
            expires_at={**INSTANT, "description": "Time when the session expires."},
            current={
                "type": "boolean",
                "description": "Whether this request belongs to the session.",
            },
        ),
        "description": "A user's active session on one device.",
    },
)


@describe_view(
    responses=[
        ResponseDescription(200, "The user's active sessions.", [SESSION_BODY], example=[SESSION]),
        Forbidden,
    ]
)
def list_sessions(request) -> list[dict[str, Any]]:
    """List the user's active sessions, last used first."""
    identity = request.identity
    idle = AuthSettings.of(request.registry).browser_idle_seconds
    rows = sessions.get_active_sessions(request.reader, idle, identity.id)
    return [_make_document(row) | {"current": row.id == identity.session_id} for row in rows]


@describe_view(
    operation_id="auth_sessions_others_destroy",
    responses=[ResponseDescription(204, "All other sessions have ended."), Forbidden],
)
def end_other_sessions(request):
    """End all other sessions of the user."""
    identity = request.identity
    return _publish_and_respond(
        request, sessions.end_all_sessions(request.db, identity.id, except_id=identity.session_id)
    )


@describe_view(
    path=[ID], responses=[ResponseDescription(204, "The session has ended."), NotFound, Forbidden]
)
def end_session(request):
    """End one of the user's sessions."""
    text = request.matchdict["id"]
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotFound
    ids = [int(text)] if len(text) < 20 and is_bigint(int(text)) else []
    ended = sessions.end_sessions(request.db, ids, request.identity.id)
    if not ended:
        raise NotFound("No Session matches the given query.")
    return _publish_and_respond(request, ended)


@describe_view(
    body=PASSWORD_CHANGE,
    responses=[
        ResponseDescription(200, "The password was changed.", SAVED, example=SAVED_BODY),
        Forbidden,
        TooManyRequests,
    ],
)
def change_password(request) -> dict[str, str]:
    """Change the user's password, and end all other sessions. API tokens stay valid unless `revoke_tokens` is true."""
    values = PASSWORD_CHANGE.validate(read_body(request))
    try:
        password_change.change_own_password(
            request,
            values["old_password"],
            values["new_password"],
            with_tokens=values.get("revoke_tokens", False),
        )
    except ValidationError as error:
        raise ValidationError(
            {FIELD_NAMES[name]: messages for name, messages in error.errors.items()}
        ) from None
    return SAVED_BODY


def _make_document(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "device": row.device,
        "address": row.address,
        "created_at": _format_datetime(row.created_at),
        "last_used_at": _format_datetime(row.last_used_at),
        "expires_at": _format_datetime(row.expires_at),
    }


def _format_datetime(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _publish_and_respond(request, ended):
    """Publish that sessions have ended, and respond with 204."""
    publish_ended(request, ended)
    request.response.status_int = 204
    request.response.content_type = None
    return request.response


def includeme(config):
    """Serve the endpoints to every signed-in user."""
    many = Service("auth:sessions", "/api/auth/sessions/", description=__doc__)
    many.add_view("GET", list_sessions, permission=SIGNED_IN)
    many.add_view("DELETE", end_other_sessions, permission=SIGNED_IN)
    one = Service("auth:session", "/api/auth/sessions/{id}/", description=end_session.__doc__)
    one.add_view("DELETE", end_session, permission=SIGNED_IN)
    password = Service("auth:password", "/api/auth/password/", description=change_password.__doc__)
    password.add_view("POST", change_password, permission=SIGNED_IN)
    for service in (many, one, password):
        config.add_service(service)
