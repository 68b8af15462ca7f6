"""Cursors of the feed: how far a client has read."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from shoptrack.resources.fields import InvalidValue

MAX_CURSOR_LENGTH = 400  # characters
INVALID_CURSOR = "Invalid cursor. Send one from a response of this URL, or leave it out."
LARGEST = 2**63 - 1
DIGEST = re.compile("[0-9a-f]{1,32}")


@dataclass(frozen=True)
class Cursor:
    """A position in the feed: after an entry.

    :param source: of the database
    :param query: of the parameters of the request
    :param visible: of what the caller may view
    :param xid: of the entry; 0 on SQLite
    :param id: of the entry; 0 for the begin of the feed
    :param at: the time of the entry in microseconds since 1970, which distinguishes it from one with the same numbers;
        0 if the entry is deleted
    """

    source: str
    query: str
    visible: str
    xid: int = 0
    id: int = 0
    at: int = 0

    def encode(self) -> str:
        """Return the cursor as text for clients."""
        values = (self.source, self.query, self.visible, self.xid, self.id, self.at)
        text = json.dumps(values, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Parse a client's cursor.

        :raises InvalidValue: the cursor is malformed
        """
        try:
            if len(text) > MAX_CURSOR_LENGTH:
                raise ValueError
            padded = text + "=" * (-len(text) % 4)
            *texts, xid, id, at = json.loads(urlsafe_b64decode(padded.encode("ascii")))
            source, query, visible = texts
        except (ValueError, TypeError, RecursionError):
            raise InvalidValue(INVALID_CURSOR) from None
        numbers = (xid, id, at)
        are_digests = all(isinstance(text, str) and DIGEST.fullmatch(text) for text in texts)
        if not are_digests or not all(type(n) is int and 0 <= n <= LARGEST for n in numbers):
            raise InvalidValue(INVALID_CURSOR)
        return cls(source, query, visible, *numbers)


def make_fingerprint(texts: Iterable[str]) -> str:
    """Return a short digest of a set of texts."""
    return blake2b(repr(sorted(texts)).encode(), digest_size=6).hexdigest()
