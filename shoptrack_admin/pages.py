"""How a page joins the administration."""

from collections.abc import Callable
from typing import Any

from pyramid.config.actions import ActionInfo

from shoptrack.errors import MethodNotAllowed
from shoptrack.permissions import SIGNED_IN
from shoptrack_auth import browser_sessions

View = Callable[[Any], Any]


def add_page(
    config,
    name: str,
    path: str,
    *,
    get: View | None = None,
    post: View | None = None,
    template: str | None = None,
    permission: str = SIGNED_IN,
    post_permission: str | None = None,
    _info: ActionInfo | None = None,
) -> None:
    """Serve a page at ``/admin/<path>``, to members of the staff who hold a permission.

    A view returns the template's values, or an answer of its own, such as a redirection. A form that cannot be accepted
    is shown again with ``request.response.status_int = 400``, which also takes back whatever was changed.

    :param name: of the route, behind ``admin:``
    :param template: as in ``shoptrack_admin:templates/index.jinja2``
    :param post_permission: where changing takes another permission than looking
    :param _info: where the page was brought, as Pyramid's directives take it
    """
    # Who brought the page is who called this, unless that is told.
    brought = {"_info": _info} if _info else {"_backframes": 1}
    route = f"admin:{name}"
    config.add_route(route, browser_sessions.COOKIE_PATH + path, **brought)
    views = {"GET": (get, permission), "POST": (post, post_permission or permission)}
    for method, (view, needed) in views.items():
        if view:
            config.add_view(
                view,
                route_name=route,
                request_method=method,
                renderer=template,
                permission=needed,
                **brought,
            )
    allowed = [method for method, (view, _) in views.items() if view]

    def refuse(request):
        raise MethodNotAllowed(request.method, allowed)

    config.add_view(refuse, route_name=route, permission=permission, **brought)
