"""argon2, whose want of memory or threads is told from a password that does not fit."""

from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError
from argon2.low_level import error_to_str

MEMORY_ALLOCATION_ERROR, THREAD_FAIL = -22, -33  # argon2's own numbers
LACKING = {error_to_str(MEMORY_ALLOCATION_ERROR), error_to_str(THREAD_FAIL)}


def hash_of(hasher: PasswordHasher, password: str) -> str:
    """Return what is stored of a password.

    :raises MemoryError: the system gives no more memory, or no more threads
    """
    try:
        return hasher.hash(password)
    except HashingError as error:
        raise _lacking(error) or error from None


def matches(hasher: PasswordHasher, stored: str, password: str | bytes) -> bool:
    """Tell whether this is the password.

    :raises MemoryError: the system gives no more memory, or no more threads
    """
    try:
        return hasher.verify(stored, password)
    except InvalidHashError:
        return False
    except VerificationError as error:
        if lacking := _lacking(error):
            raise lacking from None
        return False


def stand_in(front: str, salt_len: int, hash_len: int) -> str:
    """Return a hash that no password has.

    :param front: how it begins, up to its salt
    """
    salt, digest = (
        b64encode(bytes(length)).rstrip(b"=").decode() for length in (salt_len, hash_len)
    )
    return f"{front}{salt}${digest}"


def _lacking(error: Exception) -> MemoryError | None:
    return MemoryError(str(error)) if str(error) in LACKING else None
