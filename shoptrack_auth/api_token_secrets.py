"""The text of API tokens: ``shoptrack_``, 30 random letters and digits, and 6 of their checksum.

Secret scanners find tokens by the prefix, which also tells them from JSON Web Tokens. By the checksum, a mistyped token
is refused without the database, as GitHub's are.

The database has a token's SHA-256, by which the token is found. A slow hash as for passwords would only delay each
request: nobody guesses 178 random bits. Comparing digests needs no constant time, because nobody can choose how the
digest of a guess begins.
"""

import re
import secrets
import string
import zlib
from hashlib import sha256

PREFIX = "shoptrack_"
DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH, CHECKSUM_LENGTH = 30, 6
SECRET = re.compile(f"{PREFIX}([0-9A-Za-z]{{{RANDOM_LENGTH}}})([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})")


def make_secret() -> str:
    """Return a new token."""
    random = "".join(secrets.choice(DIGITS) for _ in range(RANDOM_LENGTH))
    return PREFIX + random + _make_checksum(random)


def is_well_formed(text: str) -> bool:
    """Return whether a text may be a token, by its characters and its checksum."""
    match = SECRET.fullmatch(text)
    return match is not None and match[2] == _make_checksum(match[1])


def hash_secret(secret: str) -> str:
    """Return a token's digest, as it is stored."""
    return sha256(secret.encode()).hexdigest()


def _make_checksum(random: str) -> str:
    """Return the CRC-32 to the base of 62."""
    number, digits = zlib.crc32(random.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits
