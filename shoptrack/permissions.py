"""Identity and permissions: the security policy, for which a plugin identifies users.

The core cannot identify users. A plugin does so by ``config.set_identify``; without such a plugin, every view that
requires a permission denies access. So does a view without a permission, which Pyramid would make public. That plugin
may ask the authenticators of others (``config.add_authenticator``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pyramid.interfaces import ISecurityPolicy
from pyramid.request import RequestLocalCache
from pyramid.security import Allowed, Denied

from shoptrack.errors import DomainError, Forbidden, NotAuthenticated

__all__ = [
    "NOBODY",
    "SIGNED_IN",
    "Authenticator",
    "BrowserPages",
    "Identity",
    "Permissions",
    "Principal",
    "SecurityPolicy",
    "get_cached_identity",
    "get_refusal",
    "is_page_request",
]

NOBODY = "shoptrack:nobody"  # the permission of a view that declares none; it is never granted
SIGNED_IN = "shoptrack:signed-in"  # the permission that every signed-in user has


class Identity(Protocol):
    """A signed-in user."""

    @property
    def id(self) -> int:
        """Return the unique ID of the user."""

    def has_permission(self, permission: str) -> bool:
        """Return whether this permission is granted."""


@dataclass(frozen=True)
class Principal:
    """The user that an authenticator names, by one of these. The user need not exist.

    ::

        Principal(username="ken")
    """

    id: int | None = None
    username: str | None = None
    email: str | None = None

    def __post_init__(self):
        """Check that one of the names is given.

        :raises ValueError: none is, or several are
        """
        if sum(name is not None for name in (self.id, self.username, self.email)) != 1:
            raise ValueError("A Principal has one of id, username and email.")


@dataclass(frozen=True)
class Authenticator:
    """A further way to identify users.

    :param authenticate: returns the principal of a request, ``None`` if the request has no credentials of this kind
    :param with_pages: whether it counts on the pages of ``set_browser_pages``, too
    :param sign_out_url: where its users sign out, such as ``https://auth.example.com/logout``; ``None`` for nowhere
    :param challenge: its part of the ``WWW-Authenticate`` header
    :param order: authenticators are asked in this order, ascending, then by name
    """

    name: str
    authenticate: Callable[[Any], Principal | None]
    with_pages: bool = False
    sign_out_url: str | None = None
    challenge: str | None = None
    order: int = 0


@dataclass(frozen=True)
class BrowserPages:
    """The pages on which a cookie, and no header, identifies the user.

    :param path: relative to the application's URL
    :param cookie_name: of the session cookie
    """

    path: str
    cookie_name: str


@dataclass
class Permissions:
    """The permissions and the authentication settings that an application's packages register.

    :ivar declared: a description of each permission, by name
    :ivar restricted: the permissions that always require a grant, even if a household shares all others
    :ivar identify: returns the user of a request
    :ivar challenge: the ``WWW-Authenticate`` header of responses to unauthenticated requests
    :ivar shares_views: whether every user signed in to the API may view every resource
    :ivar browser_pages: the pages on which a cookie identifies the user
    :ivar authenticators: further ways to identify users, by name
    :ivar with_authenticators: whether ``identify`` asks the authenticators
    """

    declared: dict[str, str] = field(default_factory=dict)
    restricted: set[str] = field(default_factory=set)
    identify: Callable[[Any], Identity | None] | None = None
    challenge: str | None = None
    shares_views: bool = False
    browser_pages: BrowserPages | None = None
    authenticators: dict[str, Authenticator] = field(default_factory=dict)
    with_authenticators: bool = False

    @classmethod
    def of(cls, registry: Any) -> "Permissions":
        """Return the permissions of an application."""
        return registry.setdefault(cls, cls())

    @property
    def shared(self) -> set[str]:
        """Return the permissions that a household may share, so that they require no grant."""
        return self.declared.keys() - self.restricted

    def get_authenticators(self) -> list[Authenticator]:
        """Return the authenticators in their order; none if ``identify`` does not ask them."""
        if not self.with_authenticators:
            return []
        return sorted(self.authenticators.values(), key=lambda one: (one.order, one.name))

    def get_challenges(self) -> list[str]:
        """Return the challenges for the ``WWW-Authenticate`` header, that of ``identify`` first."""
        challenges = [self.challenge, *(one.challenge for one in self.get_authenticators())]
        return [challenge for challenge in challenges if challenge]

    @property
    def may_hide(self) -> bool:
        """Return whether the API may respond with a row's ID in place of its document."""
        return self.identify is not None and not self.shares_views


class SecurityPolicy:
    """Pyramid's security policy. It calls the plugin's ``identify`` at most once per request."""

    def __init__(self):
        self._known = RequestLocalCache(self._identify)

    @staticmethod
    def _identify(request) -> tuple[Identity | None, DomainError | None]:
        identify = Permissions.of(request.registry).identify
        if identify is None:
            return None, None
        try:
            return identify(request), None
        except DomainError as refusal:
            # Without its frames, which reference the request that it is cached for.
            refusal.__context__ = refusal.__cause__ = None
            return None, refusal.with_traceback(None)

    def identity(self, request) -> Identity | None:
        """Return the user, ``None`` if the request is unauthenticated."""
        return self._known.get_or_create(request)[0]

    def get_cached_identity(self, request) -> Identity | None:
        """Return the user if this request has already been identified."""
        return self._known.get(request, (None, None))[0]

    def get_refusal(self, request) -> DomainError | None:
        """Return the error that ``identify`` raised, if any."""
        return self._known.get_or_create(request)[1]

    def make_denial(self, request) -> DomainError:
        """Return the error that gives the reason for a denied permission."""
        identity, refusal = self._known.get_or_create(request)
        return Forbidden() if identity else refusal or NotAuthenticated()

    def authenticated_userid(self, request) -> int | None:
        """Return the ID of the user, ``None`` if the request is unauthenticated."""
        identity = self.identity(request)
        return identity.id if identity else None

    def permits(self, request, context, permission: str) -> Allowed | Denied:
        """Return whether the user has a permission; an undeclared one is always denied."""
        identity = self.identity(request)
        if identity is None:
            return Denied("nobody is signed in")
        if permission == SIGNED_IN:
            return Allowed("somebody is signed in")
        if permission not in Permissions.of(request.registry).declared:
            return Denied("no package declares the permission %s", permission)
        if identity.has_permission(permission):
            return Allowed("%s is granted", permission)
        return Denied("%s is not granted", permission)

    def remember(self, request, userid, **kw) -> list:
        # A plugin signs users in.
        return []

    def forget(self, request, **kw) -> list:
        # A plugin signs users out.
        return []


def get_cached_identity(request) -> Identity | None:
    """Return the user if this request has already been identified, and never identify it."""
    policy = request.registry.queryUtility(ISecurityPolicy)
    return policy.get_cached_identity(request) if isinstance(policy, SecurityPolicy) else None


def get_refusal(request) -> DomainError | None:
    """Return the reason why the request's credentials were refused, ``None`` if they were not."""
    policy = request.registry.queryUtility(ISecurityPolicy)
    return policy.get_refusal(request) if isinstance(policy, SecurityPolicy) else None


def is_page_request(request) -> bool:
    """Return whether a request is for one of the pages below the path of ``set_browser_pages``."""
    pages = Permissions.of(request.registry).browser_pages
    return pages is not None and request.environ.get("PATH_INFO", "").startswith(pages.path)


def includeme(config):
    """Install the security policy, and deny access to every view without a permission."""
    config.set_security_policy(SecurityPolicy())
    config.set_default_permission(NOBODY)
