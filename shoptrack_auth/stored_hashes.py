"""The kinds of stored password hashes, so that an unknown username takes as long as a known one.

Imported users keep their Django hashes until they sign in, and each kind takes a different time. An unknown username is
assigned one of these kinds: at random, weighted by the number of users, and always the same.
"""

import hmac
from hashlib import sha256
from math import log
from threading import Lock
from time import monotonic
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from shoptrack.settings import Settings
from shoptrack_auth.django_hashes import Hash
from shoptrack_auth.hashers import UNUSABLE_PREFIX, UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.names import make_username_key

CACHE_SECONDS = 60


class HashKind(NamedTuple):
    """An algorithm and cost, as a dummy hash, with the number of users who have such hashes."""

    hash: Hash
    users: int


class StoredHashes:
    """The application's kinds of hashes, read at most once a minute."""

    def __init__(self, registry):
        self._registry = registry
        self._lock = Lock()
        self._kinds: list[HashKind] = []
        self._until = 0.0

    @classmethod
    def of(cls, registry) -> "StoredHashes":
        """Return the application's stored hashes."""
        return registry[cls]

    def get_dummy(self, connection: Connection, username: str) -> str:
        """Return the hash to compute for a username that does not exist. It matches no password."""
        with self._lock:
            if monotonic() >= self._until:
                self._kinds = self.load_overview(connection).kinds
                self._until = monotonic() + CACHE_SECONDS
        secret = Settings.of(self._registry).secret_key.get_secret_value().encode()
        name = make_username_key(username).encode(errors="surrogatepass")

        def distance(kind: HashKind) -> float:
            # With such numbers, the minimum falls on each kind in proportion to its users, and most usernames keep
            # their kind when the proportions change.
            named = f"hash of kind {kind.hash.algorithm} {kind.hash.cost} for ".encode() + name
            number = int.from_bytes(hmac.digest(secret, named, sha256)[:8])
            return -log((number + 1) / 2**64) / kind.users

        kind = min(self._kinds, key=distance, default=None)
        return kind.hash.dummy if kind else self._registry[UserPasswordHasher].dummy_hash.dummy

    def load_overview(self, connection: Connection) -> "HashOverview":
        """Count the hashes in the database."""
        hasher = self._registry[UserPasswordHasher]
        own = User.password.startswith(hasher.prefix, autoescape=True)
        none = User.password.startswith(UNUSABLE_PREFIX, autoescape=True)
        stored = case((own, hasher.prefix), (none, UNUSABLE_PREFIX), else_=User.password).label(
            "stored"
        )
        kinds_by_cost: dict[tuple[str, str], HashKind] = {}
        without_password = unreadable = 0
        for text, users in connection.execute(select(stored, func.count()).group_by("stored")):
            hash = hasher.dummy_hash if text == hasher.prefix else hasher.parse(text)
            if hash:
                before = kinds_by_cost.get(hash[:2])
                kinds_by_cost[hash[:2]] = HashKind(hash, users + (before.users if before else 0))
            elif text == UNUSABLE_PREFIX:
                without_password += users
            else:
                unreadable += users
        kinds = [
            kinds_by_cost[name]._replace(hash=_make_dummy_hash(hasher, kinds_by_cost[name].hash))
            for name in sorted(kinds_by_cost)
        ]
        return HashOverview(kinds, without_password, unreadable)


class HashOverview(NamedTuple):
    """The kinds of hashes, and the numbers of users without a password or with an unknown hash."""

    kinds: list[HashKind]
    without_password: int
    unreadable: int


def _make_dummy_hash(hasher: UserPasswordHasher, hash: Hash) -> Hash:
    """Return a hash of the same kind that belongs to no user, because it stays in memory."""
    return hasher.parse(hash.dummy) or hash
