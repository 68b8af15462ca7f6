"""Who may open which page: every active user, or only staff.

Pages for everybody follow ``SHOPTRACK_API_PERMISSIONS``, as the API does. A page for staff also requires that its
permission was granted, even if the household shares it.
"""

from dataclasses import dataclass
from typing import Any

from shoptrack.errors import Forbidden, NotAuthenticated
from shoptrack.permissions import SIGNED_IN
from shoptrack_admin.translation import _


@dataclass(frozen=True)
class PageAccess:
    """What a user needs to open a page.

    :param permission: ``None`` for a view that Pyramid denies to everybody
    """

    permission: str | None
    staff_only: bool


STAFF = PageAccess(SIGNED_IN, staff_only=True)


class PageAccesses(dict[str, PageAccess]):
    """What the pages require, by their routes."""

    @classmethod
    def of(cls, registry: Any) -> "PageAccesses":
        """Return the application's."""
        return registry.setdefault(cls, cls())


class NotStaff(Forbidden):
    """The page is for staff, and the user is not."""

    detail = _(
        "Your account has no access to this page. It is for staff. Ask a user administrator."
    )


def get_access(request, route: str) -> PageAccess:
    """Return what a page requires. What was not added by ``add_page`` is for staff."""
    return PageAccesses.of(request.registry).get(route, STAFF)


def can_open(request, route: str) -> bool:
    """Return whether the request's user may open a page."""
    access = get_access(request, route)
    return access.permission is not None and has_access(
        request, access.permission, staff_only=access.staff_only
    )


def has_access(request, permission: str, *, staff_only: bool) -> bool:
    """Return whether the request's user has a permission and, for something for staff, may see that."""
    if not request.has_permission(permission):
        return False
    return not staff_only or _is_staff_with(request.identity, permission)


def check_access(request, permission: str | None, route: str) -> None:
    """Check that the user is signed in and, on a page for staff, that the user may open it.

    Pyramid checks the permission itself afterwards.

    :param permission: of the view
    :raises NotAuthenticated: not signed in
    :raises NotStaff: a page for staff, and the user is not
    :raises Forbidden: a page for staff, and its permission was not granted
    """
    check_signed_in(request)
    if not get_access(request, route).staff_only:
        return
    if not request.identity.is_staff:
        raise NotStaff
    if permission is not None and not _is_staff_with(request.identity, permission):
        raise Forbidden


def check_signed_in(request) -> None:
    """Check that the user is signed in.

    :raises NotAuthenticated: not signed in
    """
    if request.identity is None:
        raise NotAuthenticated(challenge=False)


def _is_staff_with(identity: Any, permission: str) -> bool:
    """Return whether a user is staff and was granted a permission."""
    return identity.is_staff and (permission == SIGNED_IN or identity.is_granted(permission))
