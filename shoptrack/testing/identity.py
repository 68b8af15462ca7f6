"""Identifies users in tests of an application without an authentication plugin.

The header ``Authorization: Test 1 budgets:view categories:view`` identifies a user with ID 1 and two permissions.
Only tests include this module. It has no effect if a plugin identifies users.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shoptrack.permissions import Permissions
from shoptrack.rest.description import SecurityScheme

NAME = "Test"
SCHEME = SecurityScheme(NAME, {"type": "apiKey", "in": "header", "name": "Authorization"})
AFTER_PLUGINS = 1  # the order of a configuration action; directives have 0 or less


@dataclass(frozen=True)
class TestIdentity:
    """A user with only these permissions."""

    __test__ = False  # pytest would collect a class of this name

    id: int
    permissions: frozenset[str]

    def has_permission(self, permission: str) -> bool:
        """Return whether the permission is granted."""
        return permission in self.permissions


def make_headers(id: int, permissions: Iterable[str]) -> dict[str, str]:
    """Return the headers that identify a user."""
    return {"Authorization": " ".join((NAME, str(id), *permissions))}


def identify(request) -> TestIdentity | None:
    """Return the user of the header, ``None`` without the header."""
    scheme, *parts = request.headers.get("Authorization", "").split() or [""]
    if scheme != NAME:
        return None
    return TestIdentity(int(parts[0]), frozenset(parts[1:]))


def includeme(config):
    """Identify users by the test header, unless a plugin identifies them."""

    def register():
        permissions = Permissions.of(config.registry)
        if permissions.identify is None:
            permissions.identify, permissions.challenge = identify, SCHEME.challenge
            config.registry[SecurityScheme] = SCHEME

    config.action(None, register, order=AFTER_PLUGINS)
