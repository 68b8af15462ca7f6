"""The identity of a signed-in user, for Pyramid's security policy."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from sqlalchemy import Row

from shoptrack.permissions import Permissions, is_page_request
from shoptrack_auth.models import User
from shoptrack_auth.permissions import get_granted_permissions, parse_granted_permissions
from shoptrack_auth.settings import AuthSettings

# Of a user whom a request names; each statement adds where it finds the session.
USER_COLUMNS = (
    User.id,
    User.username,
    User.email,
    User.is_active,
    User.is_staff,
    User.is_superuser,
    User.password_version,
    User.language,
)


@dataclass(frozen=True)
class UserIdentity:
    """A signed-in user.

    :param session_id: ``None`` if an authenticator or an API token identified the user, without a session
    :param authenticator: the authenticator's name
    :param load_permissions: returns the permissions of the user and the user's groups; called at most once
    :param shared_permissions: permissions that every signed-in user has
    :param language: of the pages, such as ``ja``; empty for the browser's
    """

    id: int
    username: str
    email: str
    is_staff: bool
    is_superuser: bool
    session_id: int | None
    load_permissions: Callable[[], frozenset[str]]
    shared_permissions: Collection[str] = ()
    authenticator: str | None = None
    language: str = ""

    @classmethod
    def from_row(
        cls,
        row: Row,
        load_permissions: Callable[[], frozenset[str]],
        shared_permissions: Collection[str] = (),
        authenticator: str | None = None,
    ) -> Self:
        """Return the identity for a row with a user's columns and ``session_id``."""
        return cls(
            row.id,
            row.username,
            row.email,
            row.is_staff,
            row.is_superuser,
            row.session_id,
            load_permissions,
            shared_permissions,
            authenticator,
            row.language,
        )

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return the permissions that were granted to the user and to the user's groups."""
        return self.load_permissions()

    def has_permission(self, permission: str) -> bool:
        """Return whether the user has a permission."""
        return permission in self.shared_permissions or self.is_granted(permission)

    def is_granted(self, permission: str) -> bool:
        """Return whether the user has a permission even where the household does not share it."""
        return self.is_superuser or permission in self.permissions

    def limit_to(self, permissions: Collection[str]) -> Self:
        """Return the same user with those of these permissions that the user has."""
        limit = frozenset(permissions)
        # A superuser has all of them. Without the status, code that asks for it does not exceed the limit.
        load = (lambda: limit) if self.is_superuser else (lambda: limit & self.permissions)
        shared = limit.intersection(self.shared_permissions)
        return replace(self, is_superuser=False, load_permissions=load, shared_permissions=shared)


def reads_grants(request) -> bool:
    """Return whether the statement that reads a request's user also reads the granted permissions.

    Pages show what the user may open, and ask for them. Without ``SHOPTRACK_API_PERMISSIONS=model``, few requests to
    the API do.
    """
    return is_page_request(request) or _requires_grants(request)


def make_identity(request, row: Row, authenticator: str | None = None) -> UserIdentity:
    """Return the identity of a request's user.

    :param row: it has `permissions.GRANTED_COLUMNS` if the request `reads_grants`
    """
    is_read = reads_grants(request)

    def load_permissions() -> frozenset[str]:
        if is_read:
            return parse_granted_permissions(row)
        return get_granted_permissions(request.reader, row.id)

    shared = () if _requires_grants(request) else Permissions.of(request.registry).shared
    return UserIdentity.from_row(row, load_permissions, shared, authenticator)


def _requires_grants(request) -> bool:
    return AuthSettings.of(request.registry).api_permissions == "model"
