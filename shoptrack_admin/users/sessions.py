"""Ending a user's sessions."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_admin.users import reading
from shoptrack_auth import sign_ins
from shoptrack_auth.delegation import acting, touched_user
from shoptrack_auth.permissions import Permission
from shoptrack_auth.signing_in import tell_ended


def end(request) -> HTTPSeeOther:
    """End one of a user's sessions, or all of them but the one in which this is asked.

    :raises Forbidden: the user is not this one's to change
    """
    row = reading.user(request, request.reader).row
    touched_user(
        request.db, acting(request.db, request.identity.id, Permission.CHANGE_USERS), row.id
    )
    try:
        chosen = parse_id(request.form.get("session") or "0")
    except InvalidValue:
        chosen = 0
    if "all" in request.form:
        ended = sign_ins.end_all(request.db, row.id, request.identity.sign_in_id)
    else:
        ended = sign_ins.end(request.db, [chosen], user_id=row.id)
    tell_ended(request, ended)
    request.messages.add(_("Sessions that were ended: ${count}.", count=len(ended)))
    return HTTPSeeOther(request.route_path("admin:user", id=row.id))


def includeme(config):
    """Serve the address."""
    add_page(
        config,
        "user-sessions",
        "users/{id}/sessions/",
        post=end,
        permission=Permission.CHANGE_USERS,
    )
