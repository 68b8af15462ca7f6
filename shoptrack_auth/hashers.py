"""Hash passwords with argon2id, and verify them with the cost of the stored hash."""

import logging
import unicodedata
from contextlib import AbstractContextManager
from enum import IntEnum

from argon2 import PasswordHasher

from shoptrack.events import Serving
from shoptrack_auth import argon, django_hashes
from shoptrack_auth.django_hashes import Hash
from shoptrack_auth.hash_limiter import MAX_PARALLEL_HASHES, MIB, HashLimiter, fit_hasher

MAX_PASSWORD_BYTES = 4096  # limits the work of hashing
UNUSABLE_PREFIX = "!"  # of the hash of a user without a password, as in Django

log = logging.getLogger(__name__)


class Match(IntEnum):
    """Whether a password matches a stored hash, and in which Unicode form. Only `NONE` is false."""

    NONE = 0
    AS_SENT = 1  # Django and earlier releases did not normalize
    NORMALIZED = 2


def normalize_password(password: str) -> str:
    """Return a password in the Unicode form NFC, in which it is validated and hashed.

    Keyboards differ: a Mac may send ``が`` as two characters, other systems send one.
    """
    return unicodedata.normalize("NFC", password)


class UserPasswordHasher:
    """The application's password hasher.

    :param hasher: has the cost of new hashes; tests use a low one
    :param limiter: the limit of parallel hashing
    """

    def __init__(self, hasher: PasswordHasher | None = None, limiter: HashLimiter | None = None):
        self._hasher = hasher or PasswordHasher()
        self._memory = self._hasher.memory_cost * 1024
        self.limiter = limiter or HashLimiter(MAX_PARALLEL_HASHES * self._memory)
        self._costs = (
            f"m={self._hasher.memory_cost},t={self._hasher.time_cost},p={self._hasher.parallelism}"
        )
        self.prefix = f"$argon2id$v=19${self._costs}$"  # of hashes with the current cost
        dummy = argon.make_dummy_hash(self.prefix, self._hasher.salt_len, self._hasher.hash_len)
        self.dummy_hash = self._make_own_hash(dummy, dummy)  # matches no password

    @classmethod
    def from_memory_limit(cls, limit: int | None) -> "UserPasswordHasher":
        """Return a hasher that fits into the process's memory.

        :param limit: bytes; ``None`` if unknown
        """
        return cls(*fit_hasher(PasswordHasher(), limit))

    def reserve_slot(self) -> AbstractContextManager[None]:
        """Reserve a slot for several hashes of one request.

        :raises Busy: all slots are taken
        """
        return self.limiter.reserve_slot()

    def hash(self, password: str) -> str:
        """Return the hash of a password.

        :raises ServiceUnavailable: too many passwords are being hashed, or memory is short
        """
        normalized = normalize_password(password)
        return self.limiter.run(self._memory, lambda: argon.hash_password(self._hasher, normalized))

    def verify(self, stored: str | None, password: str, dummy: str | None = None) -> Match:
        """Return whether a password matches, in its normalized form or as it was sent.

        One hash is computed if both forms are the same, else two, whatever is stored. So the time reveals nothing about
        the user. Use `reserve_slot` around the call.

        :param stored: the user's hash; ``None`` without a user
        :param dummy: is computed instead, if ``stored`` cannot be parsed; by default a hash of the current cost
        :raises ServiceUnavailable: too many passwords are being hashed, or memory is short; the result is unknown
        """
        hash = self.parse(stored) or self.parse(dummy) or self.dummy_hash
        normalized = normalize_password(password)
        match = Match.NORMALIZED if self._is_match(hash, normalized) else Match.NONE
        if password != normalized and self._is_match(hash, password):
            return Match.AS_SENT
        return match

    def _is_match(self, hash: Hash, password: str) -> bool:
        return self.limiter.run(hash.memory, lambda: hash.verify(password.encode()))

    def parse(self, stored: str | None) -> Hash | None:
        """Return the parsed hash, or ``None`` for an unusable or unknown one."""
        if not stored:
            return None
        return (
            self._make_own_hash(stored, self.dummy_hash.dummy)
            if self.is_own(stored)
            else django_hashes.parse_hash(stored)
        )

    def is_own(self, stored: str) -> bool:
        """Return whether a hash has the current algorithm and cost. Others are replaced when their users sign in."""
        return stored.startswith(self.prefix)

    def _make_own_hash(self, stored: str, dummy: str) -> Hash:
        def verify(password: bytes) -> bool:
            return argon.verify_hash(self._hasher, stored, password)

        return Hash("argon2id", self._costs, self._memory, dummy, verify)


def prepare_to_serve(event: Serving) -> None:
    """Adapt the limit of hashing to the server's threads, and log it."""
    hasher = event.registry[UserPasswordHasher]
    limiter = hasher.limiter
    limiter.set_thread_count(event.threads)
    log.info(
        "Passwords are hashed with %d MiB of memory each, and %d MiB in total. "
        "%d of %d threads may hash passwords.",
        hasher.dummy_hash.memory // MIB,
        limiter.max_total_bytes // MIB,
        limiter.max_slots,
        event.threads,
    )
