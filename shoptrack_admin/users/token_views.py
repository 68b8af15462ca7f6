"""Revoking a user's API tokens."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack_admin.pages import add_page
from shoptrack_admin.tokens import revoke_chosen
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.user_management import get_managed_user, lock_and_get_actor


def revoke(request) -> HTTPSeeOther:
    """Revoke one of a user's tokens, or all.

    :raises Forbidden: the acting user may not change this user
    """
    row = queries.get_user(request, request.reader).row
    actor = lock_and_get_actor(request.db, request.identity.id, AuthPermission.CHANGE_USERS)
    get_managed_user(request.db, actor, row.id)
    count = revoke_chosen(request, row.id)
    request.messages.add(_("Revoked API tokens: ${count}.", count=count))
    return HTTPSeeOther(request.route_path("admin:user", id=row.id))


def includeme(config):
    """Serve the endpoint."""
    add_page(
        config,
        "user-tokens",
        "users/{id}/tokens/",
        post=revoke,
        permission=AuthPermission.CHANGE_USERS,
    )
