"""Parse the password hashes that Django wrote, so that imported users keep their passwords.

No new hashes are written in these formats: signing in replaces them. Unknown formats, such as MD5, match no password.
Neither does a hash whose cost is so high that verifying would take minutes.
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

MAX_ITERATIONS = 10_000_000  # of PBKDF2; current Django: 1,500,000
MAX_MEMORY_BYTES = 512 * 1024 * 1024  # for scrypt or argon2; current Django: 100 MiB
MAX_PASSES = 64  # times lanes
MAX_BCRYPT_COST = 16  # as a power of two; current Django: 12
MAX_BCRYPT_BYTES = 72  # bcrypt ignores the rest of a password


class Hash(NamedTuple):
    """A parsed password hash.

    :param algorithm: as in ``argon2id``
    :param cost: hashes of one algorithm and cost take the same time
    :param memory: bytes needed for verifying; 0 for algorithms that need little
    :param dummy: a hash of the same algorithm and cost that matches no password
    :param verify: returns whether a password matches
    """

    algorithm: str
    cost: str
    memory: int
    dummy: str
    verify: Callable[[bytes], bool]


def parse_hash(stored: str) -> Hash | None:
    """Return the parsed hash, or ``None`` for an unusable, unknown or broken one."""
    algorithm, _, rest = stored.partition("$")
    reader = _PARSERS.get(algorithm)
    try:
        return reader(rest) if reader else None
    except (ValueError, InvalidHashError):
        return None


def _parse_pbkdf2(digest: str, rest: str) -> Hash | None:
    iterations, salt, encoded = rest.split("$")
    if not 1 <= int(iterations) <= MAX_ITERATIONS:
        return None

    def verify(password: bytes) -> bool:
        computed = hashlib.pbkdf2_hmac(digest, password, salt.encode(), int(iterations))
        return hmac.compare_digest(b64encode(computed), encoded.encode())

    algorithm = f"pbkdf2_{digest}"
    dummy = f"{algorithm}${iterations}${'.' * len(salt)}$"
    return Hash(algorithm, f"{int(iterations)} iterations", 0, dummy, verify)


def _parse_scrypt(rest: str) -> Hash | None:
    work, salt, block, lanes, encoded = rest.split("$")
    n, r, p = int(work), int(block), int(lanes)
    memory = 128 * r * (n + p + 2)
    if n < 2 or n & (n - 1) or r < 1 or not 1 <= p <= MAX_PASSES or memory > MAX_MEMORY_BYTES:
        return None
    if n >= 1 << 16 * r:  # scrypt does not allow it
        return None
    expected = b64decode(encoded, validate=True)
    if not expected:
        return None

    def verify(password: bytes) -> bool:
        try:
            computed = hashlib.scrypt(
                password, salt=salt.encode(), n=n, r=r, p=p, maxmem=2 * memory, dklen=len(expected)
            )
        except ValueError as error:  # the parameters are valid, so OpenSSL lacks memory
            raise MemoryError(str(error)) from None
        return hmac.compare_digest(computed, expected)

    zeros = b64encode(bytes(len(expected))).decode()
    dummy = f"scrypt${work}${'.' * len(salt)}${block}${lanes}${zeros}"
    return Hash("scrypt", f"n={n},r={r},p={p}", memory, dummy, verify)


def _parse_argon2(rest: str) -> Hash | None:
    stored = f"${rest}"
    cost = extract_parameters(stored)
    if cost.memory_cost * 1024 > MAX_MEMORY_BYTES or cost.time_cost * cost.parallelism > MAX_PASSES:
        return None

    def verify(password: bytes) -> bool:
        return argon.verify_hash(PasswordHasher(), stored, password)

    prefix = rest.split("$")[:-2]
    dummy = argon.make_dummy_hash(f"${'$'.join(prefix)}$", cost.salt_len, cost.hash_len)
    return Hash(prefix[0], prefix[-1], cost.memory_cost * 1024, dummy, verify)


def _parse_bcrypt(algorithm: str, prepare: Callable[[bytes], bytes], rest: str) -> Hash | None:
    parts = re.fullmatch(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}", rest)
    if parts is None or not 4 <= int(parts[1]) <= MAX_BCRYPT_COST:
        return None

    def verify(password: bytes) -> bool:
        try:
            return bcrypt.checkpw(prepare(password)[:MAX_BCRYPT_BYTES], rest.encode())
        except ValueError:  # this release of bcrypt rejects NUL bytes
            return False

    dummy = f"{algorithm}$$2b${parts[1]}${'.' * 53}"
    return Hash(algorithm, f"2^{int(parts[1])} rounds", 0, dummy, verify)


def _hash_to_hexadecimal(password: bytes) -> bytes:
    return hashlib.sha256(password).hexdigest().encode()


_PARSERS: dict[str, Callable[[str], Hash | None]] = {
    "pbkdf2_sha256": lambda rest: _parse_pbkdf2("sha256", rest),
    "pbkdf2_sha1": lambda rest: _parse_pbkdf2("sha1", rest),
    "scrypt": _parse_scrypt,
    "argon2": _parse_argon2,
    "": _parse_argon2,  # ShopTrack's own, of another cost
    "bcrypt_sha256": lambda rest: _parse_bcrypt("bcrypt_sha256", _hash_to_hexadecimal, rest),
    "bcrypt": lambda rest: _parse_bcrypt("bcrypt", bytes, rest),
}
