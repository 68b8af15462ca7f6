"""The signature of a backup: it reveals any change made without the key.

It covers the manifest, whose digests cover the rows.
"""

import hmac
from hashlib import sha256
from pathlib import Path

from shoptrack.errors import DomainError

MIN_KEY_BYTES = 32
MAX_KEY_BYTES = 4096


class BackupError(DomainError):
    """A backup cannot be made or restored; nothing was changed."""


def read_key(path: Path) -> bytes:
    """Return the key in a file, without surrounding white space.

    :raises BackupError: the file cannot be read, or contains no key
    """
    try:
        with path.open("rb") as file:
            key = file.read(MAX_KEY_BYTES + 1)
    except OSError as error:
        raise BackupError(f"The key file {path} cannot be read: {error.strerror}.") from None
    if len(key) > MAX_KEY_BYTES:
        raise BackupError(f"{path} is no key file: it has more than {MAX_KEY_BYTES:,} bytes.")
    key = key.strip()
    if len(key) < MIN_KEY_BYTES:
        raise BackupError(
            f"The key in {path} has {len(key)} bytes, and needs at least {MIN_KEY_BYTES}. "
            f"Make a key: shoptrack secret-key > {path}"
        )
    return key


def sign(key: bytes, manifest: bytes) -> str:
    """Return the signature of a manifest's bytes."""
    return hmac.new(key, manifest, sha256).hexdigest()


def check_signature(
    path: Path, key: bytes | None, manifest: bytes, signature: bytes | None
) -> None:
    """Check that the key signed the backup.

    :param key: ``None`` if none was given
    :param signature: the file's; ``None`` if it has none
    :raises BackupError: the signature is missing or wrong, or the key is missing; the message suggests a remedy
    """
    if signature is None:
        raise BackupError(
            f"{path} is not signed: anybody who could write to it may have changed it. If you trust it, "
            f"restore it with --unsigned{' instead of --key-file' if key else ''}."
        )
    if key is None:
        raise BackupError(
            f"{path} is signed. Name the file that holds the key: --key-file FILE. If the key is lost and "
            "you trust the backup, restore it with --unsigned."
        )
    if not hmac.compare_digest(signature.strip(), sign(key, manifest).encode()):
        raise BackupError(f"{path} was signed with another key, or it was changed since.")
