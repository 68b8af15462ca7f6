"""Warnings about unreachable views, whose permission is missing or mistyped."""

import logging
from collections.abc import Collection, Iterator

from pyramid.config.views import isexception
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.packages import locate_action
from shoptrack.permissions import SIGNED_IN

log = logging.getLogger(__name__)


def warn_about_unreachable_views(introspector, declared: Collection[str]) -> None:
    """Log the views with a missing or undeclared permission, with route, file and line.

    :param declared: the permissions that packages declare
    """
    # The views of a service, one for each method, may have the same problem.
    for route, reason, where in dict.fromkeys(_find_unreachable_views(introspector, set(declared))):
        log.warning(
            "A view of the route %r %s, so it is refused to everybody (%s).", route, reason, where
        )


def _find_unreachable_views(introspector, declared: set[str]) -> Iterator[tuple[str, str, str]]:
    granted = {*declared, SIGNED_IN, NO_PERMISSION_REQUIRED}
    for entry in introspector.get_category("views") or ():
        view = entry["introspectable"]
        if isexception(view["context"]):  # an exception view, which requires no permission
            continue
        related = (one for one in entry["related"] if one.category_name == "permissions")
        named = {permission["value"] for permission in related}
        if named & granted:
            continue
        reason = "names no permission"
        if named:
            reason = f"asks for the permission {min(named)!r}, which no package declares"
        yield view["route_name"] or view["name"], reason, locate_action(view.action_info)
