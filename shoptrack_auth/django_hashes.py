"""Reading the password hashes that Django wrote, so that users who are brought over keep their passwords.

Nothing is written in these forms: who signs in gets a hash of our own. What cannot be read, an MD5 among it, is
nobody's password. A hash names its own cost, so that one which would take minutes counts as unreadable too.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import NamedTuple

import bcrypt
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError

from shoptrack_auth import argon

MAX_ITERATIONS = 10_000_000  # of PBKDF2; today's Django makes 1,500,000
MAX_MEMORY = 512 * 1024 * 1024  # bytes for scrypt or argon2; today's Django takes 100 MiB
MAX_PASSES = 64  # over the memory, by as many lanes
MAX_BCRYPT_COST = 16  # as a power of two; today's Django takes 12
BCRYPT_BYTES = 72  # of a password; more never counted


class Hash(NamedTuple):
    """A stored hash.

    :param algorithm: its name
    :param cost: two of one algorithm and cost take the same work
    :param memory: bytes that the work takes, where they are worth counting
    :param stand_in: a hash of the same algorithm and cost that no password has
    :param matches: does the work, and tells whether this is the password
    """

    algorithm: str
    cost: str
    memory: int
    stand_in: str
    matches: Callable[[bytes], bool]


def read(stored: str) -> Hash | None:
    """Return a stored hash, or ``None`` for what is none: unusable, legacy or broken."""
    algorithm, _, rest = stored.partition("$")
    reader = _READERS.get(algorithm)
    try:
        return reader(rest) if reader else None
    except (ValueError, InvalidHashError):
        return None


def _pbkdf2(digest: str, rest: str) -> Hash | None:
    iterations, salt, encoded = rest.split("$")
    if not 1 <= int(iterations) <= MAX_ITERATIONS:
        return None

    def matches(password: bytes) -> bool:
        made = hashlib.pbkdf2_hmac(digest, password, salt.encode(), int(iterations))
        return hmac.compare_digest(b64encode(made), encoded.encode())

    algorithm = f"pbkdf2_{digest}"
    stand_in = f"{algorithm}${iterations}${'.' * len(salt)}$"
    return Hash(algorithm, f"{int(iterations)} iterations", 0, stand_in, matches)


def _scrypt(rest: str) -> Hash | None:
    work, salt, block, lanes, encoded = rest.split("$")
    n, r, p = int(work), int(block), int(lanes)
    memory = 128 * r * (n + p + 2)
    if n < 2 or n & (n - 1) or r < 1 or not 1 <= p <= MAX_PASSES or memory > MAX_MEMORY:
        return None
    if n >= 1 << 16 * r:  # of which there is no scrypt
        return None
    expected = b64decode(encoded, validate=True)
    if not expected:
        return None

    def matches(password: bytes) -> bool:
        try:
            made = hashlib.scrypt(
                password, salt=salt.encode(), n=n, r=r, p=p, maxmem=2 * memory, dklen=len(expected)
            )
        except ValueError as error:  # the numbers are right: OpenSSL got no memory
            raise MemoryError(str(error)) from None
        return hmac.compare_digest(made, expected)

    zeros = b64encode(bytes(len(expected))).decode()
    stand_in = f"scrypt${work}${'.' * len(salt)}${block}${lanes}${zeros}"
    return Hash("scrypt", f"n={n},r={r},p={p}", memory, stand_in, matches)


def _argon2(rest: str) -> Hash | None:
    stored = f"${rest}"
    cost = extract_parameters(stored)
    if cost.memory_cost * 1024 > MAX_MEMORY or cost.time_cost * cost.parallelism > MAX_PASSES:
        return None

    def matches(password: bytes) -> bool:
        return argon.matches(PasswordHasher(), stored, password)

    front = rest.split("$")[:-2]
    stand_in = argon.stand_in(f"${'$'.join(front)}$", cost.salt_len, cost.hash_len)
    return Hash(front[0], front[-1], cost.memory_cost * 1024, stand_in, matches)


def _bcrypt(algorithm: str, prepare: Callable[[bytes], bytes], rest: str) -> Hash | None:
    parts = re.fullmatch(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}", rest)
    if parts is None or not 4 <= int(parts[1]) <= MAX_BCRYPT_COST:
        return None

    def matches(password: bytes) -> bool:
        try:
            return bcrypt.checkpw(prepare(password)[:BCRYPT_BYTES], rest.encode())
        except ValueError:  # a byte that this bcrypt takes none of
            return False

    stand_in = f"{algorithm}$$2b${parts[1]}${'.' * 53}"
    return Hash(algorithm, f"2^{int(parts[1])} rounds", 0, stand_in, matches)


def _hexadecimal(password: bytes) -> bytes:
    return hashlib.sha256(password).hexdigest().encode()


_READERS: dict[str, Callable[[str], Hash | None]] = {
    "pbkdf2_sha256": lambda rest: _pbkdf2("sha256", rest),
    "pbkdf2_sha1": lambda rest: _pbkdf2("sha1", rest),
    "scrypt": _scrypt,
    "argon2": _argon2,
    "": _argon2,  # our own form, at another cost than today's
    "bcrypt_sha256": lambda rest: _bcrypt("bcrypt_sha256", _hexadecimal, rest),
    "bcrypt": lambda rest: _bcrypt("bcrypt", bytes, rest),
}
