"""What every page has around its content, and the headers that every answer has."""

from functools import cached_property
from typing import Any

from pyramid.interfaces import ISecurityPolicy
from pyramid.tweens import EXCVIEW

from shoptrack.settings import Settings
from shoptrack.web.assets import IMMUTABLE_CACHE
from shoptrack_admin.assets import Assets
from shoptrack_admin.languages import NAMES
from shoptrack_admin.menu import Entry, Menu
from shoptrack_auth import browser_sessions

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class Frame:
    """What the layout asks for: ``request.frame`` in templates.

    ``alone`` leaves menu and user out, as on a page about what may have broken just those.
    """

    languages = NAMES
    alone = False

    def __init__(self, request):
        self._request = request

    @property
    def user(self) -> Any | None:
        """Return the member of the staff who is signed in, as far as the request has asked already."""
        if self.alone:
            return None
        policy = self._request.registry.getUtility(ISecurityPolicy)
        identity = policy.get_cached_identity(self._request)
        return identity if identity and identity.is_staff else None

    @property
    def language(self) -> str:
        """Return the page's language."""
        return self._request.locale_name

    @property
    def time_zone(self) -> str:
        """Return the name of the time zone of whatever instants the page shows."""
        return Settings.of(self._request.registry).time_zone.key

    @cached_property
    def menu(self) -> dict[str, list[Entry]]:
        """Return the entries of the menu by section."""
        return Menu.of(self._request.registry).sections(self._request)

    def is_current(self, entry: Entry) -> bool:
        """Tell whether the page is an entry's, or lies below it."""
        path = self._request.route_path(entry.route)
        if entry.route == "admin:index":
            return self._request.path == path
        return self._request.path.startswith(path)

    def asset(self, name: str) -> str:
        """Return the address of a file."""
        return Assets.of(self._request.registry).path(self._request, name)


def headers_tween_factory(handler, registry):
    """Make the tween that completes the headers of the administration's answers."""

    def headers_tween(request):
        response = handler(request)
        # Assets alone are the same for everybody.
        if (
            browser_sessions.is_admin_request(request)
            and response.headers.get("Cache-Control") != IMMUTABLE_CACHE
        ):
            response.headers.update(HEADERS)
            response.headers["Content-Language"] = request.locale_name
            response.vary = (*(response.vary or ()), "Accept-Language", "Cookie")
        return response

    return headers_tween


def includeme(config):
    """Give requests ``request.frame``, and complete the headers of answers, those to errors too."""
    config.add_request_method(Frame, "frame", reify=True)
    config.add_tween("shoptrack_admin.frame.headers_tween_factory", over=EXCVIEW)
