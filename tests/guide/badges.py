"""A plugin that replaces the packages for users and administration: a proxy names the user in a header."""

from dataclasses import dataclass

from shoptrack.permissions import SIGNED_IN, Permissions
from shoptrack.rest import (
    ResponseDescription,
    SecurityScheme,
    Service,
    describe_view,
    object_schema,
)

HEADER = "X-Badge"
SCHEME = SecurityScheme(
    "badge", {"type": "apiKey", "in": "header", "name": HEADER}, challenge="Badge"
)
PEOPLE = {"ken": 1, "mia": 2}


@dataclass(frozen=True)
class Person:
    """Somebody of the household, who may do whatever needs no grant."""

    id: int
    username: str
    shared: frozenset[str]

    def has_permission(self, permission: str) -> bool:
        """Return whether the household shares the permission."""
        return permission in self.shared


def identify(request):
    """Return who sends a request."""
    name = request.headers.get(HEADER)
    if name not in PEOPLE:
        return None
    shared = frozenset(Permissions.of(request.registry).shared)
    return Person(PEOPLE[name], name, shared)


@describe_view(responses=[ResponseDescription(200, "You.", object_schema(name={"type": "string"}))])
def show_me(request):
    """Return who is signed in."""
    return {"name": request.identity.username}


def includeme(config):
    """Identify people, and serve who they are."""
    config.set_identify(identify, SCHEME, shares_views=True)
    config.set_browser_pages("/desk/", cookie_name="badge-desk")
    service = Service("me", "/api/me/", description="Who you are.")
    service.add_view("GET", show_me, permission=SIGNED_IN)
    config.add_service(service)
