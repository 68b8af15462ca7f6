"""Ending a user's sessions."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.resources import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_auth import sessions
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.sign_in import publish_ended
from shoptrack_auth.user_management import get_managed_user, lock_and_get_actor


def end(request) -> HTTPSeeOther:
    """End one of a user's sessions, or all but the current one.

    :raises Forbidden: the acting user may not change this user
    """
    row = queries.get_user(request, request.reader).row
    get_managed_user(
        request.db,
        lock_and_get_actor(request.db, request.identity.id, AuthPermission.CHANGE_USERS),
        row.id,
    )
    try:
        chosen = parse_id(request.form.get("session") or "0")
    except InvalidValue:
        chosen = 0
    if "all" in request.form:
        ended = sessions.end_all_sessions(request.db, row.id, request.identity.session_id)
    else:
        ended = sessions.end_sessions(request.db, [chosen], user_id=row.id)
    publish_ended(request, ended)
    request.messages.add(_("Ended sessions: ${count}.", count=len(ended)))
    return HTTPSeeOther(request.route_path("admin:user", id=row.id))


def includeme(config):
    """Serve the endpoint."""
    add_page(
        config,
        "user-sessions",
        "users/{id}/sessions/",
        post=end,
        permission=AuthPermission.CHANGE_USERS,
    )
