"""Ranges of files. WebOb sends them, but its error is plain text."""

from typing import Any

from webob import BaseRequest

from shoptrack.errors import DomainError


class RangeNotSatisfiable(DomainError):
    """The file has no such range.

    :param length: of the file, in bytes
    """

    status = 416

    def __init__(self, length: int = 0):
        super().__init__(
            f"The file has no such range of bytes: its length is {length}.",
            headers={"Content-Range": f"bytes */{length}"},
        )


def check_range(environ: dict[str, Any], response: Any) -> None:
    """Check that a file has the range that the client asks for.

    :raises RangeNotSatisfiable: it has not; the response is closed
    """
    if "HTTP_RANGE" not in environ or not getattr(response, "conditional_response", False):
        return
    request = BaseRequest(environ)
    length = response.content_length
    if response.status_int != 200 or length is None or request.range is None:
        return
    if response in request.if_range and request.range.content_range(length) is None:
        response.app_iter.close()
        raise RangeNotSatisfiable(length)
