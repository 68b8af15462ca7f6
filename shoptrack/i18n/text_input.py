"""Checks text from outside: which characters are rejected, and how much of a text an error repeats.

It comes from bodies, forms, queries, cursors, paths, headers, cookies, settings, the command line, imports and backups.
No database stores a lone surrogate, and PostgreSQL stores no NUL, but both are legal in JSON.
"""

import re

from shoptrack.i18n.translation import _

MAX_SHOWN_LENGTH = 100
SURROGATE = re.compile("[\ud800-\udfff]")


class InvalidText(ValueError):
    """A text that cannot be accepted; ``args`` are the messages."""


def find_text_errors(text: str) -> list[str]:
    """Return a message for each kind of character that cannot be stored."""
    errors: list[str] = []
    if "\0" in text:
        errors.append(_("Null characters are not allowed."))
    if not text.isascii() and (surrogate := SURROGATE.search(text)):
        code = f"U+{ord(surrogate[0]):X}"
        errors.append(_("Surrogate characters are not allowed: ${code}.", code=code))
    return errors


def check_text(text: str, max_length: int | None = None) -> str:
    """Return the text unchanged if it is valid.

    :param max_length: in Unicode code points
    :raises InvalidText: it is too long, or has characters that cannot be stored
    """
    errors = find_text_errors(text)
    if max_length is not None and len(text) > max_length:
        limit = _("Ensure this value has no more than ${limit} characters.", limit=max_length)
        errors.append(limit)
    if errors:
        raise InvalidText(*errors)
    return text


def clean_text(text: str, max_length: int) -> str:
    """Return a text truncated, and without characters that cannot be stored.

    For text that clients do not choose, such as their ``User-Agent``: an error would not help.
    """
    return SURROGATE.sub("", text.replace("\0", ""))[:max_length]


def shorten(text: str) -> str:
    """Truncate a client's text for an error, which would otherwise be as long as the request."""
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"
