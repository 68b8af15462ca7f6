"""Which kinds of hashes are stored, so that a name that nobody has takes as long as one that somebody has.

Users who were brought over keep their old hashes until they sign in, and each kind takes its own time. A name that
nobody has gets one of these kinds by chance, but always the same, as likely as users have it.
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
from shoptrack_auth.models import User
from shoptrack_auth.names import key
from shoptrack_auth.passwords import UNUSABLE, Passwords

KEPT_SECONDS = 60


class Kind(NamedTuple):
    """An algorithm with its cost, by one of its hashes, and how many users have it."""

    hash: Hash
    users: int


class StoredHashes:
    """The kinds that one application's users have, read once a minute at most."""

    def __init__(self, registry):
        self._registry = registry
        self._lock = Lock()
        self._kinds: list[Kind] = []
        self._until = 0.0

    @classmethod
    def of(cls, registry) -> "StoredHashes":
        """Return the application's."""
        return registry[cls]

    def instead(self, connection: Connection, username: str) -> str:
        """Return the hash that is computed in vain where nobody has this name; no password fits it."""
        with self._lock:
            if monotonic() >= self._until:
                self._kinds = self.read(connection).kinds
                self._until = monotonic() + KEPT_SECONDS
        secret = Settings.of(self._registry).secret_key.get_secret_value().encode()
        name = key(username).encode(errors="surrogatepass")

        def distance(kind: Kind) -> float:
            # The least of such numbers falls to each kind as often as it weighs, and a kind whose weight changes
            # leaves most names where they are.
            named = f"hash of kind {kind.hash.algorithm} {kind.hash.cost} for ".encode() + name
            number = int.from_bytes(hmac.digest(secret, named, sha256)[:8])
            return -log((number + 1) / 2**64) / kind.users

        chosen = min(self._kinds, key=distance, default=None)
        return chosen.hash.stand_in if chosen else self._registry[Passwords].own.stand_in

    def read(self, connection: Connection) -> "Overview":
        """Return what is stored now."""
        passwords = self._registry[Passwords]
        own = User.password.startswith(passwords.form, autoescape=True)
        none = User.password.startswith(UNUSABLE, autoescape=True)
        stored = case((own, passwords.form), (none, UNUSABLE), else_=User.password).label("stored")
        found: dict[tuple[str, str], Kind] = {}
        without = unreadable = 0
        for text, users in connection.execute(select(stored, func.count()).group_by("stored")):
            hash = passwords.own if text == passwords.form else passwords.read(text)
            if hash:
                before = found.get(hash[:2])
                found[hash[:2]] = Kind(hash, users + (before.users if before else 0))
            elif text == UNUSABLE:
                without += users
            else:
                unreadable += users
        kinds = [
            found[name]._replace(hash=_without_secret(passwords, found[name].hash))
            for name in sorted(found)
        ]
        return Overview(kinds, without, unreadable)


class Overview(NamedTuple):
    """What all users have: hashes that can be read, none at all, and what fits no password."""

    kinds: list[Kind]
    without: int
    unreadable: int


def _without_secret(passwords: Passwords, hash: Hash) -> Hash:
    """Return a hash of the same kind that is nobody's, since it is kept."""
    return passwords.read(hash.stand_in) or hash
