"""Bodies: read once and kept in memory, unless they are too long.

In memory they can be read again when a request is tried again; WebOb would copy those over 10 KiB into files. A body
that is too long is left unread, and refused where a view wants it: whoever is not signed in is told that first.
"""

from io import BytesIO, RawIOBase
from typing import Any

from shoptrack.errors import BadRequest, BodyTooLarge


class BodyLimit:
    """The longest body that is taken.

    :param most: bytes
    """

    def __init__(self, most: int):
        self._most = most

    def apply(self, environ: dict[str, Any]) -> None:
        """Put a body into ``environ`` whose length is known, or one that refuses to be read.

        :raises BadRequest: the announced length is no number, or the body is shorter
        """
        length = environ.get("CONTENT_LENGTH")
        if length:
            body = self._announced(environ["wsgi.input"], length)
        elif environ.get("wsgi.input_terminated"):
            body = self._measured(environ["wsgi.input"])
        else:
            return  # WSGI lets nobody read then
        environ["wsgi.input"] = TooLong(self._most) if body is None else BytesIO(body)
        environ["CONTENT_LENGTH"] = str(self._most + 1 if body is None else len(body))
        environ["webob.is_body_seekable"] = True

    def _announced(self, stream, length: str) -> bytes | None:
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("The header Content-Length must be a whole number of bytes.")
        if len(length) > 18 or int(length) > self._most:
            return None
        body = _read(stream, int(length))
        if len(body) < int(length):
            raise BadRequest("The body ended before the length that was announced.")
        return body

    def _measured(self, stream) -> bytes | None:
        body = _read(stream, self._most + 1)
        return body if len(body) <= self._most else None


class TooLong(RawIOBase):
    """A body that refuses to be read."""

    def __init__(self, most: int):
        super().__init__()
        self._most = most

    def readable(self) -> bool:
        """Return that it may be tried."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stay at the start."""
        return 0

    def readinto(self, buffer) -> int:
        """Refuse, however it is read.

        :raises BodyTooLarge: always
        """
        raise BodyTooLarge(
            f"The body is too long: this server takes at most {self._most} bytes "
            "(setting SHOPTRACK_MAX_BODY_SIZE)."
        )


def _read(stream, most: int) -> bytes:
    """Read up to so many bytes of a stream, whose single reads may bring less than is there."""
    parts = []
    while most > 0 and (part := stream.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
