"""Hashing passwords with argon2id, and proving them at one cost for whoever asks."""

from base64 import b64encode
from collections.abc import Iterable
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from shoptrack_auth import django_hashes

MAX_PASSWORD_BYTES = 4096  # bounds the work of hashing
UNUSABLE = "!"  # how the hash of a user begins who has no password; Django writes it too


class Verdict(NamedTuple):
    """Whether a password fits.

    :param rehashed: our own hash of it, where it fits and another form is stored
    """

    fits: bool
    rehashed: str | None = None


class Passwords:
    """Hashes passwords and verifies them.

    :param hasher: its cost can be chosen; tests take a cheap one
    """

    def __init__(self, hasher: PasswordHasher | None = None):
        self._hasher = hasher or PasswordHasher()
        self._form, self._nobodys = _unmatched(self._hasher)

    def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        return self._hasher.hash(password)

    def foreign(self, stored: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return the condition that a column holds a hash of another form than ours."""
        return and_(
            ~stored.startswith(self._form, autoescape=True),
            ~stored.startswith(UNUSABLE, autoescape=True),
        )

    def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether this is the password; for nobody's (``None``) the same work is done in vain."""
        return self.examine(stored, password).fits

    def examine(self, stored: str | None, password: str, alongside: Iterable[str] = ()) -> Verdict:
        """Tell whether this is the password, at a cost that does not depend on what is stored of it.

        The work is one computation of our own hash, and one of each kind of foreign hash alongside. Where all that are
        stored are alongside, whoever measures it does not learn whose hash is of which kind, or whether there is one.

        :param stored: the user's hash; ``None`` where there is no user
        :param alongside: hashes of another form than ours, of whatever users
        """
        secret = password.encode()
        theirs = django_hashes.read(stored) if stored and not self._is_own(stored) else None
        kinds = {read.kind: read for read in map(django_hashes.read, alongside) if read}
        if theirs:
            kinds.pop(theirs.kind, None)
        for other in kinds.values():
            other.matches(secret)  # in vain
        if theirs and theirs.matches(secret):
            return Verdict(True, self.hash(password))
        own = stored if stored and self._is_own(stored) else self._nobodys
        return Verdict(self._verify(own, password))

    def _is_own(self, stored: str) -> bool:
        return stored.startswith(self._form)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _unmatched(hasher: PasswordHasher) -> tuple[str, str]:
    """Return how the hasher's own hashes begin, and one of them that no password has."""
    salt, digest = (
        b64encode(bytes(length)).rstrip(b"=").decode()
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    form = f"$argon2id$v=19${costs}$"
    return form, f"{form}{salt}${digest}"
