"""Hashing passwords with argon2id, and proving them at the cost of what is stored."""

import logging
import unicodedata
from contextlib import AbstractContextManager
from enum import IntEnum

from argon2 import PasswordHasher

from shoptrack.server.serving import Serving
from shoptrack_auth import argon, django_hashes, hash_memory
from shoptrack_auth.django_hashes import Hash
from shoptrack_auth.turns import AT_ONCE, MIB, Turns

MAX_PASSWORD_BYTES = 4096  # bounds the work of hashing
UNUSABLE = "!"  # how the hash of a user begins who has no password; Django writes it too

log = logging.getLogger(__name__)


class Match(IntEnum):
    """Whether a password has a stored hash, and in which Unicode form. Only `NONE` is false."""

    NONE = 0
    AS_SENT = 1  # the hash was made of this spelling, by Django or by an earlier release
    NORMALIZED = 2


def normalize_password(password: str) -> str:
    """Return a password in the Unicode form NFC, in which it is judged and hashed.

    Keyboards differ: a Mac may send ``が`` as two characters, where others send one.
    """
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Hashes passwords and verifies them.

    :param hasher: its cost can be chosen; tests take a cheap one
    :param turns: which of those who hash at once have to wait
    """

    def __init__(self, hasher: PasswordHasher | None = None, turns: Turns | None = None):
        self._hasher = hasher or PasswordHasher()
        self._memory = self._hasher.memory_cost * 1024
        self.turns = turns or Turns(AT_ONCE * self._memory)
        self._costs = (
            f"m={self._hasher.memory_cost},t={self._hasher.time_cost},p={self._hasher.parallelism}"
        )
        self.form = f"$argon2id$v=19${self._costs}$"  # how our own hashes begin
        stand_in = argon.stand_in(self.form, self._hasher.salt_len, self._hasher.hash_len)
        self.own = self._own(stand_in, stand_in)  # which no password has

    @classmethod
    def fitting(cls, limit: int | None) -> "Passwords":
        """Return those of a process of limited memory.

        :param limit: bytes, ``None`` where nothing tells
        """
        return cls(*hash_memory.fitting(PasswordHasher(), limit))

    def place(self) -> AbstractContextManager[None]:
        """Hold a place among those who hash, for several hashes of one request.

        :raises Busy: there is none
        """
        return self.turns.place()

    def hash(self, password: str) -> str:
        """Return what is stored of a password.

        :raises ServiceUnavailable: too many hash at once, or memory is short
        """
        normalized = normalize_password(password)
        return self.turns.compute(self._memory, lambda: argon.hash_of(self._hasher, normalized))

    def verify(self, stored: str | None, password: str, instead: str | None = None) -> Match:
        """Tell whether this is the password, in its normalized form or as it was sent.

        It takes one computation where both are the same, else two, whatever is stored and whichever fits: the time
        depends on nothing but what was sent. Hold a `place` for both.

        :param stored: the user's hash; ``None`` where there is no user
        :param instead: what is computed in vain where nothing is stored that can be read; our own form by default
        :raises ServiceUnavailable: too many hash at once, or memory is short: nobody knows whether it is
        """
        hash = self.read(stored) or self.read(instead) or self.own
        normalized = normalize_password(password)
        match = Match.NORMALIZED if self._matches(hash, normalized) else Match.NONE
        if password != normalized and self._matches(hash, password):
            return Match.AS_SENT
        return match

    def _matches(self, hash: Hash, password: str) -> bool:
        return self.turns.compute(hash.memory, lambda: hash.matches(password.encode()))

    def read(self, stored: str | None) -> Hash | None:
        """Return a stored hash, or ``None`` for what is none."""
        if not stored:
            return None
        return (
            self._own(stored, self.own.stand_in)
            if self.is_own(stored)
            else django_hashes.read(stored)
        )

    def is_own(self, stored: str) -> bool:
        """Tell whether a hash is of our own form and cost; another is replaced at the next sign-in."""
        return stored.startswith(self.form)

    def _own(self, stored: str, stand_in: str) -> Hash:
        def matches(password: bytes) -> bool:
            return argon.matches(self._hasher, stored, password)

        return Hash("argon2id", self._costs, self._memory, stand_in, matches)


def prepare_to_serve(event: Serving) -> None:
    """Leave half of a server's threads to others than those who hash, and say what hashing takes."""
    passwords = event.registry[Passwords]
    turns = passwords.turns
    turns.serve(event.threads)
    log.info(
        "Passwords are hashed with %d MiB of memory, %d at most at a time. "
        "%d of %d threads may hash or wait for it.",
        passwords.own.memory // MIB,
        turns.together // MIB,
        turns.places,
        event.threads,
    )
