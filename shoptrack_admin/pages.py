"""The path of the administration's pages, and adding pages to it."""

from collections.abc import Callable
from typing import Any

from pyramid.config.actions import ActionInfo, action_method

from shoptrack.errors import MethodNotAllowed
from shoptrack.permissions import SIGNED_IN
from shoptrack.plugins import Contributions
from shoptrack.settings import ConfigurationError
from shoptrack_admin.access import PageAccess, PageAccesses

PATH = "/admin/"  # below the path of the application
COOKIE_NAME = "shoptrack-admin"

View = Callable[[Any], Any]


class FilePages(set[str]):
    """The names of the routes whose forms have files."""

    @classmethod
    def of(cls, registry: Any) -> "FilePages":
        """Return the application's."""
        return registry.setdefault(cls, cls())


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
    max_file_size: int | None = None,
    staff_only: bool = True,
    _info: ActionInfo | None = None,
) -> None:
    """Serve a page at ``/admin/<path>`` to users with a permission.

    A view returns the template's values or a response such as a redirect. For an invalid form it sets
    ``request.response.status_int = 400`` and returns the values again; the transaction is then rolled back.

    :param name: of the route, after ``admin:``
    :param template: such as ``shoptrack_admin:templates/index.jinja2``
    :param post_permission: the permission to post, if it differs
    :param max_file_size: the maximum size of a form with files, in bytes; ``None`` for a form without them
    :param staff_only: whether only staff may open it, to whom the permission was granted; otherwise all users who have
        the permission in the API
    :param _info: the caller, as in Pyramid's directives
    """
    # The caller defines the page, unless _info names another.
    brought = {"_info": _info} if _info else {"_backframes": 1}
    require_administration(config, "add_page", **brought)
    route = f"admin:{name}"
    config.add_route(route, PATH + path, **brought)
    access = PageAccess(permission, staff_only)
    config.action(None, lambda: PageAccesses.of(config.registry).update({route: access}))
    if max_file_size is not None:
        config.set_max_body_size(PATH + path, max_file_size, is_file=True)
        config.action(None, lambda: FilePages.of(config.registry).add(route))
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


@action_method
def require_administration(config, function: str) -> None:
    """Check at the end of startup that the administration is enabled, for a caller that adds to it."""

    def check():
        if __package__ not in Contributions.of(config.registry).plugins:
            raise ConfigurationError(
                f"{function} adds to the administration, which is not enabled. Use config.add_admin_page, "
                f"or declare it: config.require_plugin({__package__!r}, …)."
            )

    config.action(None, check)


def includeme(config):
    """Announce the pages, on which a session's cookie counts."""
    config.set_browser_pages(PATH, cookie_name=COOKIE_NAME)
