"""Hashing passwords with argon2id."""

from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes passwords and verifies them, at one cost for whoever asks.

    :param hasher: its cost can be chosen; tests take a cheap one
    """

    def __init__(self, hasher: PasswordHasher | None = None):
        self._hasher = hasher or PasswordHasher()
        self._nobodys = _unmatched(self._hasher)

    def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether this is the password; for nobody's (``None``) the same work is done in vain."""
        try:
            return self._hasher.verify(stored or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False


def _unmatched(hasher: PasswordHasher) -> str:
    """Return a hash that no password has, and that costs as much to verify as the hasher's own."""
    salt, digest = (
        b64encode(bytes(length)).rstrip(b"=").decode()
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
