"""History entries of accounts: signing in, failed attempts, ended sessions, changed passwords and API tokens."""

from pyramid.threadlocal import get_current_request

from shoptrack.db import Database
from shoptrack.history import record
from shoptrack_auth.accounts import UserResource
from shoptrack_auth.events import (
    AuthenticationFailed,
    AuthEvent,
    PasswordChanged,
    SessionEnded,
    SignedIn,
    SignedOut,
    TokenCreated,
    TokenEvent,
    TokenRevoked,
)

AUTH_ACTIONS: dict[type[AuthEvent], str] = {
    SignedIn: "signed in",
    SignedOut: "signed out",
    SessionEnded: "session ended",
    PasswordChanged: "password changed",
    TokenCreated: "token created",
    TokenRevoked: "token revoked",
    # Throttled attempts are only in the log: otherwise, an attacker could fill the database
    # with them.
    AuthenticationFailed: "failed to sign in",
}


def record_auth_event(event: AuthEvent) -> None:
    """Add an entry, in a transaction of its own if the request is rejected."""
    entry = {
        "path": UserResource.path,
        "row_id": event.user_id,
        "label": event.username,
        "request": get_current_request(),
    }
    if isinstance(event, TokenEvent):
        entry["label"] = f"{event.username}: {event.name}"
    if isinstance(event, SignedIn | SignedOut):
        entry["actor"] = {"user_id": event.user_id, "username": event.username}
    action = next(action for kind, action in AUTH_ACTIONS.items() if isinstance(event, kind))
    if event.db is not None:
        record(event.db, action, **entry)
        return
    with Database.of(event.registry).engine.begin() as connection:
        record(connection, action, **entry)


def includeme(config):
    """Subscribe to the events of accounts."""
    for event in AUTH_ACTIONS:
        config.add_subscriber(record_auth_event, event)
