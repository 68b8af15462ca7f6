"""The layout of all pages, and the headers of all responses."""

from functools import cached_property
from typing import Any

from pyramid.tweens import EXCVIEW

from shoptrack.permissions import Permissions, get_cached_identity, is_page_request
from shoptrack.plugins import SignInLink, SignInLinks
from shoptrack.settings import Settings
from shoptrack.web import IMMUTABLE_CACHE
from shoptrack_admin.access import can_open
from shoptrack_admin.assets import AdminAssets
from shoptrack_admin.languages import LANGUAGE_NAMES
from shoptrack_admin.menu import Menu, MenuEntry

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class Layout:
    """Data of the layout template: ``request.layout``.

    ``is_bare`` hides menu and user, for example on a page about an error that may concern them.
    """

    languages = LANGUAGE_NAMES
    is_bare = False

    def __init__(self, request):
        self._request = request

    @property
    def user(self) -> Any | None:
        """Return the signed-in user, if the request has authenticated one already."""
        return None if self.is_bare else get_cached_identity(self._request)

    @property
    def sign_in_links(self) -> list[SignInLink]:
        """Return the links to other ways to sign in, which plugins add."""
        return list(SignInLinks.of(self._request.registry).values())

    @property
    def sign_out_url(self) -> str | None:
        """Return where a user without a session signs out, ``None`` where the authenticator names no place."""
        authenticators = Permissions.of(self._request.registry).authenticators
        return authenticators[self.user.authenticator].sign_out_url if self.user else None

    @property
    def language(self) -> str:
        """Return the page's language."""
        return self._request.locale_name

    @property
    def time_zone(self) -> str:
        """Return the name of the time zone of displayed times."""
        return Settings.of(self._request.registry).time_zone.key

    @cached_property
    def menu(self) -> dict[str, list[MenuEntry]]:
        """Return the menu entries by section."""
        return Menu.of(self._request.registry).sections(self._request)

    def can_open(self, route: str) -> bool:
        """Return whether the user may open a page, so that other pages link to it."""
        return can_open(self._request, route)

    def is_current(self, entry: MenuEntry) -> bool:
        """Return whether the page is that of an entry, or below it."""
        path = self._request.route_path(entry.route)
        if entry.route == "admin:index":
            return self._request.path == path
        return self._request.path.startswith(path)

    def asset(self, name: str) -> str:
        """Return the URL of a static file."""
        return AdminAssets.of(self._request.registry).path(self._request, name)


def headers_tween_factory(handler, registry):
    """Make the tween that adds headers to the administration's responses."""

    def headers_tween(request):
        response = handler(request)
        # Only static files are the same for all users.
        if is_page_request(request) and response.headers.get("Cache-Control") != IMMUTABLE_CACHE:
            response.headers.update(HEADERS)
            response.headers["Content-Language"] = request.locale_name
            response.vary = (*(response.vary or ()), "Accept-Language", "Cookie")
        return response

    return headers_tween


def includeme(config):
    """Add ``request.layout`` and the headers of responses, error pages included."""
    config.add_request_method(Layout, "layout", reify=True)
    config.add_tween("shoptrack_admin.layout.headers_tween_factory", over=EXCVIEW)
