"""Text from outside: what every door refuses, and how much of it an error repeats.

Doors are bodies, forms, queries, cursors, paths, headers, cookies, settings, the command line, imports and backups. No
database stores a lone surrogate, PostgreSQL stores no NUL, and both are legal in JSON.
"""

import re

from shoptrack.i18n.translation import _

MAX_SHOWN_LENGTH = 100
SURROGATE = re.compile("[\ud800-\udfff]")


class InvalidText(ValueError):
    """A text that no door lets in; ``args`` are the sentences."""


def find_text_errors(text: str) -> list[str]:
    """Return a sentence for each kind of character that no database stores."""
    errors: list[str] = []
    if "\0" in text:
        errors.append(_("Null characters are not allowed."))
    if not text.isascii() and (surrogate := SURROGATE.search(text)):
        code = f"U+{ord(surrogate[0]):X}"
        errors.append(_("Surrogate characters are not allowed: ${code}.", code=code))
    return errors


def check_text(text: str, max_length: int | None = None) -> str:
    """Return the text.

    :param max_length: in Unicode code points
    :raises InvalidText: it is too long, or holds what no database stores
    """
    errors = find_text_errors(text)
    if max_length is not None and len(text) > max_length:
        limit = _("Ensure this value has no more than ${limit} characters.", limit=max_length)
        errors.append(limit)
    if errors:
        raise InvalidText(*errors)
    return text


def clean_text(text: str, max_length: int) -> str:
    """Return what is left of a text where a refusal would help nobody: no client chooses its ``User-Agent``."""
    return SURROGATE.sub("", text.replace("\0", ""))[:max_length]


def shorten(text: str) -> str:
    """Return as much of a client's text as an error repeats; more would make the response as long as the request."""
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"
