"""argon2, with ``MemoryError`` for a lack of memory or threads. argon2 itself reports a wrong password then."""

from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError
from argon2.low_level import error_to_str

MEMORY_ALLOCATION_ERROR, THREAD_FAIL = -22, -33  # error codes of argon2
RESOURCE_ERRORS = {error_to_str(MEMORY_ALLOCATION_ERROR), error_to_str(THREAD_FAIL)}


def hash_password(hasher: PasswordHasher, password: str) -> str:
    """Return the hash of a password.

    :raises MemoryError: the system has no memory or no thread left
    """
    try:
        return hasher.hash(password)
    except HashingError as error:
        raise _make_memory_error(error) or error from None


def verify_hash(hasher: PasswordHasher, stored: str, password: str | bytes) -> bool:
    """Return whether a password matches a hash.

    :raises MemoryError: the system has no memory or no thread left
    """
    try:
        return hasher.verify(stored, password)
    except InvalidHashError:
        return False
    except VerificationError as error:
        if memory_error := _make_memory_error(error):
            raise memory_error from None
        return False


def make_dummy_hash(prefix: str, salt_len: int, hash_len: int) -> str:
    """Return a hash that matches no password.

    :param prefix: everything before the salt
    """
    salt, digest = (
        b64encode(bytes(length)).rstrip(b"=").decode() for length in (salt_len, hash_len)
    )
    return f"{prefix}{salt}${digest}"


def _make_memory_error(error: Exception) -> MemoryError | None:
    return MemoryError(str(error)) if str(error) in RESOURCE_ERRORS else None
