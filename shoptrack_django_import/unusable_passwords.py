"""Users whose password can no longer be verified, because ShopTrack cannot parse its hash."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, column, select, table

from shoptrack_auth import django_hashes
from shoptrack_auth.hashers import UNUSABLE_PREFIX

_users = table("auth_user", column("id"), column("username"), column("password"))


@dataclass(frozen=True)
class UnusablePassword:
    """A user who needs a new password."""

    id: int
    username: str


def find_unusable_passwords(connection: Connection) -> Iterator[UnusablePassword]:
    """Return the users with such a password; users who never had a password are not included."""
    for id, username, password in connection.execute(select(_users).order_by(_users.c.id)):
        text = str(password)
        if not text.startswith(UNUSABLE_PREFIX) and django_hashes.parse_hash(text) is None:
            yield UnusablePassword(id, username)
