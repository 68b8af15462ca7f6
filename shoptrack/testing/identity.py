"""Who is asking, in tests of an application that has no plugin to tell.

The header says it: ``Authorization: Test 1 budgets:view categories:view`` is somebody with the id 1 who
holds two permissions. Nobody but tests includes this. Where a plugin identifies, this does nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shoptrack.permissions import Permissions
from shoptrack.rest.description import SecurityScheme

NAME = "Test"
SCHEME = SecurityScheme(NAME, {"type": "apiKey", "in": "header", "name": "Authorization"})
AFTER_PLUGINS = 1  # the order of an action; directives have 0 or less


@dataclass(frozen=True)
class TestIdentity:
    """Somebody who holds just these permissions."""

    __test__ = False  # for pytest, which takes classes of such names for tests

    id: int
    permissions: frozenset[str]

    def has_permission(self, permission: str) -> bool:
        """Return whether the permission was given."""
        return permission in self.permissions


def make_headers(id: int, permissions: Iterable[str]) -> dict[str, str]:
    """Return the headers that say who is asking."""
    return {"Authorization": " ".join((NAME, str(id), *permissions))}


def identify(request) -> TestIdentity | None:
    """Return whom the header names."""
    scheme, *parts = request.headers.get("Authorization", "").split() or [""]
    if scheme != NAME:
        return None
    return TestIdentity(int(parts[0]), frozenset(parts[1:]))


def includeme(config):
    """Let tests say who is asking, unless a plugin does."""

    def register():
        permissions = Permissions.of(config.registry)
        if permissions.identify is None:
            permissions.identify, permissions.challenge = identify, SCHEME.challenge
            config.registry[SecurityScheme] = SCHEME

    config.action(None, register, order=AFTER_PLUGINS)
