"""The identity of a signed-in user, for Pyramid's security policy."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from sqlalchemy import Row


@dataclass(frozen=True)
class UserIdentity:
    """A signed-in user.

    :param load_permissions: returns the permissions of the user and the user's groups; called at most once
    :param shared_permissions: permissions that every signed-in user has
    """

    id: int
    username: str
    email: str
    is_staff: bool
    is_superuser: bool
    session_id: int
    load_permissions: Callable[[], frozenset[str]]
    shared_permissions: Collection[str] = ()

    @classmethod
    def from_row(
        cls,
        row: Row,
        load_permissions: Callable[[], frozenset[str]],
        shared_permissions: Collection[str] = (),
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
        )

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return the permissions that were granted to the user and to the user's groups."""
        return self.load_permissions()

    def has_permission(self, permission: str) -> bool:
        """Return whether the user has a permission."""
        return (
            self.is_superuser
            or permission in self.shared_permissions
            or permission in self.permissions
        )
