"""The endpoints for one's own account: where one is signed in, and another password."""

import re
from datetime import datetime
from typing import Any

import colander
from sqlalchemy import Row

from shoptrack.errors import NotFound, TooManyRequests, ValidationError
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources.fields import Text, is_bigint
from shoptrack.resources.schema import Schema
from shoptrack.rest.body import read_body
from shoptrack.rest.description import Answer, Parameter, described
from shoptrack.rest.service import Service
from shoptrack_auth import own_password, sign_ins
from shoptrack_auth.models import SignInKind
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.signing_in import tell_ended

PASSWORDS = Schema(
    "PasswordChange",
    (
        Text("old_password", trim=False, example="correct horse battery staple"),
        Text("new_password", trim=False, example="another horse, another battery"),
    ),
)
MEMBERS = {"current": "old_password", "password": "new_password"}
KINDS = [kind.value for kind in SignInKind]
ID = Parameter("id", {"type": "integer"}, "The session's id.", required=True)
SAVED = {"detail": "New password has been saved."}
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


class Session(colander.MappingSchema):
    """Where somebody is signed in."""

    id = colander.SchemaNode(colander.Integer())
    kind = colander.SchemaNode(
        colander.String(),
        validator=colander.OneOf(KINDS),
        description="`token` for the API, `browser` for the administration's pages.",
    )
    device = colander.SchemaNode(
        colander.String(), description="What the program called itself (`User-Agent`)."
    )
    address = colander.SchemaNode(colander.String(), description="Where it signed in from.")
    created_at = colander.SchemaNode(colander.DateTime(), description="When it signed in.")
    last_used_at = colander.SchemaNode(
        colander.DateTime(), description="When it signed in or last refreshed, or opened a page."
    )
    expires_at = colander.SchemaNode(
        colander.DateTime(), description="When it ends, unless somebody ends it before."
    )
    current = colander.SchemaNode(
        colander.Boolean(), description="Whether it is the one that asks."
    )


class Saved(colander.MappingSchema):
    """A sentence about what was done."""

    detail = colander.SchemaNode(colander.String())


@described(answers=[Answer(200, "Every session that goes on.", [Session], example=[SESSION])])
def list_sessions(request) -> list[dict[str, Any]]:
    """Answer where one is signed in, what was used last first."""
    identity = request.identity
    idle = AuthSettings.of(request.registry).browser_idle_seconds
    rows = sign_ins.ongoing(request.reader, idle, identity.id)
    return [_document(row) | {"current": row.id == identity.sign_in_id} for row in rows]


@described(
    operation_id="auth_sessions_others_destroy",
    answers=[Answer(204, "All sessions but this one have ended.")],
)
def end_other_sessions(request):
    """Sign out everywhere else."""
    identity = request.identity
    return _ended(request, sign_ins.end_all(request.db, identity.id, but=identity.sign_in_id))


@described(path=[ID], answers=[Answer(204, "The session has ended."), NotFound])
def end_session(request):
    """Sign out in one place."""
    text = request.matchdict["id"]
    if not re.fullmatch(r"-?[0-9]+", text):
        raise NotFound
    named = [int(text)] if len(text) < 20 and is_bigint(int(text)) else []
    ended = sign_ins.end(request.db, named, request.identity.id)
    if not ended:
        raise NotFound("No Session matches the given query.")
    return _ended(request, ended)


@described(
    body=PASSWORDS,
    answers=[
        Answer(200, "The new password holds.", Saved, example=SAVED),
        TooManyRequests,
    ],
)
def change_password(request) -> dict[str, str]:
    """Take the old password and a new one. This session goes on, and all others end."""
    values = PASSWORDS.validate(read_body(request))
    try:
        own_password.change(request, values["old_password"], values["new_password"])
    except ValidationError as invalid:
        raise ValidationError(
            {MEMBERS[name]: said for name, said in invalid.errors.items()}
        ) from None
    return SAVED


def _document(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "device": row.device,
        "address": row.address,
        "created_at": _instant(row.created_at),
        "last_used_at": _instant(row.last_used_at),
        "expires_at": _instant(row.expires_at),
    }


def _instant(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _ended(request, ended):
    """Tell what ended, and answer nothing."""
    tell_ended(request, ended)
    request.response.status_int = 204
    request.response.content_type = None
    return request.response


def includeme(config):
    """Serve the endpoints to everybody who is signed in."""
    many = Service("auth:sessions", "/api/auth/sessions/", description=__doc__)
    many.add_view("GET", list_sessions, permission=SIGNED_IN)
    many.add_view("DELETE", end_other_sessions, permission=SIGNED_IN)
    one = Service("auth:session", "/api/auth/sessions/{id}/", description=end_session.__doc__)
    one.add_view("DELETE", end_session, permission=SIGNED_IN)
    password = Service("auth:password", "/api/auth/password/", description=change_password.__doc__)
    password.add_view("POST", change_password, permission=SIGNED_IN)
    for service in (many, one, password):
        config.add_service(service)
