"""Directives about who sends a request: identities, pages for browsers, and further ways to sign in.

Without a plugin that asks them, authenticators have no effect.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shoptrack.permissions import Authenticator, BrowserPages, Permissions, Principal
from shoptrack.plugins.actions import add_action, get_current_package
from shoptrack.rest.description import SecurityScheme, SecuritySchemes
from shoptrack.settings import ConfigurationError
from shoptrack.web.proxies import FORWARDED, ProxyHeaders

HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")  # servers drop names with underscores
# Removing one of these would switch off what depends on it, such as the check of the origin.
RESERVED = re.compile(
    "Accept.*|Access-Control-.*|Authorization|Connection|Content-.*|Cookie|Expect|Host|If-.*|Keep-Alive|Origin|"
    "Proxy-.*|Range|Referer|Sec-.*|TE|Trailer|Transfer-Encoding|Upgrade|User-Agent|X-Request-ID",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SignInLink:
    """A link of the administration's sign-in page to another way to sign in.

    :param label: translatable by ``shoptrack.i18n.translation``
    :param route_name: the route to which it leads
    """

    label: str
    route_name: str


class SignInLinks(dict[str, SignInLink]):
    """The links of an application, by the name of their route."""

    @classmethod
    def of(cls, registry: Any) -> "SignInLinks":
        """Return the links of an application."""
        return registry.setdefault(cls, cls())


def set_identify(
    config,
    identify: Callable[[Any], Any],
    scheme: SecurityScheme | None = None,
    *,
    shares_views: bool = False,
    with_authenticators: bool = False,
) -> None:
    """Set how users are identified: ``identify(request)`` returns a `shoptrack.permissions.Identity` or ``None``.

    ::

        config.set_identify(identify, SecurityScheme("header", {"type": "apiKey", "in": "header", "name": "X-Who"}))

    ``identify`` is called at most once per request. It may raise ``NotAuthenticated`` for invalid credentials, or
    another error of ``shoptrack.errors``. This error becomes the response only of views that require a permission. A
    second call is a configuration conflict. Without ``identify``, all views that require a permission deny access.

    :param scheme: the authentication scheme, for responses with 401 and for the OpenAPI document
    :param shares_views: whether every user signed in to the API may view every resource; if so, the OpenAPI
        document does not describe IDs in place of hidden rows
    :param with_authenticators: whether ``identify`` asks the authenticators of ``add_authenticator``
    """

    def register():
        permissions = Permissions.of(config.registry)
        permissions.identify, permissions.shares_views = identify, shares_views
        permissions.with_authenticators = with_authenticators
        if scheme is not None:
            permissions.challenge = scheme.challenge
            config.registry[SecurityScheme] = scheme

    add_action(config, "identify", "identify", register, identify)
    if scheme is not None:
        config.action(("shoptrack security schemes", scheme.name))


def set_browser_pages(config, path: str, *, cookie_name: str) -> None:
    """Set the path below which pages for browsers are.

    ::

        config.set_browser_pages("/desk/", cookie_name="wishlist-desk")

    There, users are identified by the session cookie and not by a header. The history records a page as the source of
    their changes. An application has one such path: a second call is a configuration conflict.

    :param path: relative to the application's URL, with a slash at both ends
    :param cookie_name: of the session cookie
    :raises ConfigurationError: the path has no slash at both ends, or nothing between them
    """
    if not (path.startswith("/") and path.strip("/") and path.endswith("/")):
        raise ConfigurationError(
            f"set_browser_pages({path!r}, …) needs a path with a slash at both ends, such as '/desk/'."
        )
    pages = BrowserPages(path, cookie_name)

    def register():
        Permissions.of(config.registry).browser_pages = pages

    add_action(config, "browser pages", path, register, pages, key="browser pages")


def add_authenticator(
    config,
    name: str,
    authenticate: Callable[[Any], Principal | None],
    *,
    scheme: SecurityScheme | None = None,
    with_pages: bool = False,
    sign_out_url: str | None = None,
    order: int = 0,
) -> None:
    """Add a way to identify users, beside that of the plugin that has users.

    ::

        def authenticate(request):
            card = request.headers.get("X-Card")
            return None if card is None else Principal(username=find_owner(card))

        config.add_authenticator("card", authenticate)

    It is asked where the request has neither a token nor a session, and for each request at most once. ``None`` means
    that the request has no credentials of this kind: the next authenticator is asked. ``NotAuthenticated`` refuses the
    credentials, and the next one is not asked. Any other exception is an error (500). A principal without an active
    user is refused (401). So are requests that change something and come from a page of another origin (403). Two
    authenticators with the same name are a configuration conflict. Without a plugin that has users and asks the
    authenticators, the directive has no effect.

    :param scheme: how clients authenticate, for responses with 401 and for the OpenAPI document
    :param with_pages: whether it counts on the administration's pages, too
    :param sign_out_url: where its users sign out; the administration links to it
    :param order: authenticators are asked in this order, ascending, then by name
    """
    challenge = scheme.challenge if scheme else None
    authenticator = Authenticator(name, authenticate, with_pages, sign_out_url, challenge, order)

    def register():
        Permissions.of(config.registry).authenticators[name] = authenticator
        if scheme is not None:
            SecuritySchemes.of(config.registry)[name] = scheme

    add_action(config, "authenticators", name, register, authenticator)
    if scheme is not None:
        config.action(("shoptrack security schemes", scheme.name))


def add_proxy_header(config, name: str) -> None:
    """Accept a header from the proxies of ``SHOPTRACK_TRUSTED_PROXIES`` only.

    ::

        config.add_proxy_header("Remote-User")

    It is removed from all other requests, as ``X-Forwarded-*`` are, before anything reads them. So
    ``request.headers["Remote-User"]`` is the proxy's word. Several plugins may add the same header.

    :param name: letters, digits and hyphens
    :raises ConfigurationError: the name is invalid, or the header already has a meaning
    """
    if not HEADER.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is not a header's name. Use letters, digits and hyphens, such as Remote-User."
        )
    key = f"HTTP_{name.upper().replace('-', '_')}"
    if RESERVED.fullmatch(name) or key in FORWARDED:
        raise ConfigurationError(
            f"The header {name!r} has a meaning of its own. Use one that only your proxy sets, such as Remote-User."
        )

    def register():
        ProxyHeaders.of(config.registry)[key] = name

    add_action(
        config, "proxy headers", name, register, name, key=(key, get_current_package(config))
    )


def add_sign_in_link(config, label: str, route_name: str) -> None:
    """Add a link to the administration's sign-in page, below the form. No effect without the administration.

    ::

        config.add_sign_in_link(_("Sign in with your household account"), "openid:start")

    Two links to the same route are a configuration conflict.

    :param label: translatable by ``shoptrack.i18n.translation``
    :param route_name: a route without parameters, with which the other sign-in begins
    """
    link = SignInLink(label, route_name)

    def register():
        SignInLinks.of(config.registry)[route_name] = link

    add_action(config, "sign-in links", route_name, register, link)
