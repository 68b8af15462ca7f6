"""Forms with files: each file is copied to a temporary one, so that memory stays bounded at any length."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NamedTuple

from multipart import MultipartError, MultipartParser, parse_options_header

from shoptrack.errors import BadRequest

SPOOL_BYTES = 65_536  # a shorter part stays in memory
MAX_MEMORY_BYTES = 4 * SPOOL_BYTES  # of all those parts


class FormFile(NamedTuple):
    """A file of a form.

    :ivar name: as the client calls it
    """

    name: str
    file: IO[bytes]
    size: int


@contextmanager
def open_form(request) -> Iterator[tuple[list[tuple[str, str]], Mapping[str, FormFile]]]:
    """Return the fields of a form, and its files by the names of their fields. The files are gone after the block.

    :raises BadRequest: the form is malformed, or has two files of one name
    """
    body = request.environ["wsgi.input"]
    body.seek(0)
    _kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    parser = MultipartParser(
        body,
        options.get("boundary", ""),
        content_length=request.content_length or 0,
        disk_limit=request.content_length or 0,
        spool_limit=SPOOL_BYTES,
        memory_limit=MAX_MEMORY_BYTES,
        strict=True,
    )
    parts = []
    try:
        for part in parser:
            parts.append(part)
        pairs = [(part.name, part.value) for part in parts if part.filename is None]
        files = [
            (part.name, FormFile(part.filename, part.file, part.size))
            for part in parts
            if part.filename is not None
        ]
        by_name = dict(files)
        if len(by_name) < len(files):
            raise BadRequest("Multipart form parse error - Two files have one name.")
        yield pairs, by_name
    except UnicodeDecodeError:
        raise BadRequest("Multipart form parse error - A field is not valid UTF-8.") from None
    except MultipartError as error:
        raise BadRequest(f"Multipart form parse error - {error}") from None
    finally:
        for part in parts:
            part.close()
