"""The secret key: making one, and which ones are refused."""

import secrets

from pydantic import SecretStr

MIN_KEY_BYTES = 32

# Everybody can read these two: the first is development.ini's, the second stands in .env_example.
DEVELOPMENT_KEY = "development-only-key-that-everybody-can-read-never-for-production"
EXAMPLE_KEY = "replace-me-with-the-line-that-shoptrack-secret-key-prints"


def generate_secret_key() -> str:
    """Return a fresh key: 64 letters, digits, ``-`` and ``_`` that stand for 384 random bits."""
    return secrets.token_urlsafe(48)


def check_for_production(key: SecretStr | None) -> SecretStr:
    """Return the key.

    :raises ValueError: there is none, it is short, or everybody can read it
    """
    if key is None:
        raise ValueError("It signs tokens and cookies, and production does not start without it.")
    text = key.get_secret_value()
    if text.strip() == DEVELOPMENT_KEY:
        raise ValueError("It is development.ini's, which everybody can read: for debug mode only.")
    if text.strip() == EXAMPLE_KEY:
        raise ValueError("It is the placeholder of .env_example.")
    size = len(text.encode(errors="surrogatepass"))
    if size < MIN_KEY_BYTES:
        raise ValueError(f"It has {size} bytes, and production needs {MIN_KEY_BYTES} or more.")
    return key
