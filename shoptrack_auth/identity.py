"""Somebody who is signed in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from sqlalchemy import Row


@dataclass(frozen=True)
class UserIdentity:
    """Somebody who is signed in.

    :param given: returns what the user and the user's groups were given; called once, when asked for
    :param shared: permissions that everybody who is signed in holds here
    """

    id: int
    username: str
    email: str
    is_staff: bool
    is_superuser: bool
    sign_in_id: int
    given: Callable[[], frozenset[str]]
    shared: Collection[str] = ()

    @classmethod
    def of(
        cls, row: Row, given: Callable[[], frozenset[str]], shared: Collection[str] = ()
    ) -> Self:
        """Return the identity of a user's row, which tells the sign-in, too."""
        return cls(
            row.id,
            row.username,
            row.email,
            row.is_staff,
            row.is_superuser,
            row.sign_in_id,
            given,
            shared,
        )

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Return what the user and the user's groups were given."""
        return self.given()

    def has_permission(self, permission: str) -> bool:
        """Tell whether the user holds a permission."""
        return self.is_superuser or permission in self.shared or permission in self.permissions
