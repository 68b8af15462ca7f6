"""Ending a user's sessions."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_admin.users import reading
from shoptrack_auth import sessions
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.sign_in import publish_ended
from shoptrack_auth.user_management import get_managed_user, lock_and_get_actor


def end(request) -> HTTPSeeOther:
    """End one of a user's sessions, or all of them but the one in which this is asked.

    :raises Forbidden: the user is not this one's to change
    """
    row = reading.user(request, request.reader).row
    actor = lock_and_get_actor(request.db, request.identity.id, AuthPermission.CHANGE_USERS)
    get_managed_user(request.db, actor, row.id)
    try:
        chosen = parse_id(request.form.get("session") or "0")
    except InvalidValue:
        chosen = 0
    if "all" in request.form:
        ended = sessions.end_all_sessions(request.db, row.id, request.identity.session_id)
    else:
        ended = sessions.end_sessions(request.db, [chosen], user_id=row.id)
    publish_ended(request, ended)
    request.messages.add(_("Sessions that were ended: ${count}.", count=len(ended)))
    return HTTPSeeOther(request.route_path("admin:user", id=row.id))


def includeme(config):
    """Serve the address."""
    add_page(
        config,
        "user-sessions",
        "users/{id}/sessions/",
        post=end,
        permission=AuthPermission.CHANGE_USERS,
    )
