"""Writing the history: what is told of rows and of signing in becomes entries.

An entry is written in the transaction of what it tells, so that neither is there without the other.
"""

from typing import Any

from pyramid.threadlocal import get_current_request
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shoptrack.db import Database
from shoptrack.events import RowAdded, RowChanged, RowDeleted, RowEvent
from shoptrack.permissions import get_cached_identity
from shoptrack_admin.history.models import MAX_LABEL, Action, Entry, Way
from shoptrack_admin.history.values import changes
from shoptrack_auth import browser_sessions, events

ROWS = {RowAdded: Action.ADDED, RowChanged: Action.CHANGED, RowDeleted: Action.DELETED}
ACCOUNTS: dict[type[events.AuthEvent], Action] = {
    events.SignedIn: Action.SIGNED_IN,
    events.SignedOut: Action.SIGNED_OUT,
    events.SessionEnded: Action.SESSION_ENDED,
    events.PasswordChanged: Action.PASSWORD_CHANGED,
    # Attempts that are refused for having failed too often are left to the log: who attacks could
    # fill the database with them.
    events.AuthenticationFailed: Action.FAILED,
}
ENTER = insert(Entry)
USERS = "users"  # the path of what the entries about signing in are about
GROUPS = "groups"


def note_row(event: RowEvent) -> None:
    """Keep what was done to a row."""
    entry = {
        **_doer(event.request),
        "action": ROWS[type(event)],
        "path": event.resource.path,
        "row_id": event.id,
        "label": str(event.label)[:MAX_LABEL],
        "changes": changes(event.resource, event.before, event.after),
    }
    if event.is_bulk:
        event.db.add(Entry(**entry))  # the session sends all of them together
    else:
        _write(event.db, entry)


def note_account(event: events.AuthEvent) -> None:
    """Keep who signed in or failed to, and whose password or session became another."""
    entry = {
        **_doer(get_current_request()),
        "action": ACCOUNTS[type(event)],
        "path": USERS,
        "row_id": event.user_id,
        "label": event.username,
    }
    if isinstance(event, events.SignedIn | events.SignedOut):
        entry |= {"user_id": event.user_id, "username": event.username}
    if event.db is not None:
        _write(event.db, entry)
        return
    with Database.of(event.registry).engine.begin() as connection:
        connection.execute(ENTER, entry)


def _write(db: Session, entry: dict[str, Any]) -> None:
    """Write an entry at once: as an object of the session it would cost each change a second flush."""
    db.connection().execute(ENTER, entry)


def _doer(request: Any) -> dict[str, Any]:
    """Return who is doing something, and from where."""
    if request is None:
        return {"way": Way.COMMAND}
    way = Way.ADMINISTRATION if browser_sessions.is_admin_request(request) else Way.API
    doer = {"way": way, "address": request.client_addr or ""}
    identity: Any = get_cached_identity(request)
    if identity is not None:
        doer |= {"user_id": identity.id, "username": getattr(identity, "username", "")}
    return doer


def includeme(config):
    """Listen to what is told of rows and of signing in."""
    for row_event in ROWS:
        config.add_subscriber(note_row, row_event)
    for account_event in ACCOUNTS:
        config.add_subscriber(note_account, account_event)
