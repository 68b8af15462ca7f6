"""Compresses text responses of more than a kilobyte, if the client accepts it."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from webob.acceptparse import AcceptEncodingValidHeader, create_accept_encoding_header

MIN_BYTES = 1024  # bytes
MAX_JOINED_BYTES = 2**20  # of a file; a longer one is compressed while it is sent
IDENTITY = "identity"  # no compression
LEVEL = 3  # of 9: 80 % of the savings of the highest level in 20 % of its time
COMPRESSIBLE_TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/vnd.oai",
    "image/svg",
)

Headers = list[tuple[str, str]]


class Compressor(Protocol):
    """The common interface of zlib and zstd."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress a chunk."""

    def flush(self) -> bytes:
        """Return the remaining bytes."""


def _gzip() -> Compressor:
    return zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | 16)


COMPRESSORS: dict[str, Callable[[], Compressor]] = {"gzip": _gzip}
try:
    # Python 3.14 and newer
    from compression.zstd import ZstdCompressor  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    pass
else:
    COMPRESSORS = {"zstd": ZstdCompressor, **COMPRESSORS}


def compress_response(
    environ: dict[str, Any], headers: Headers, body: Iterable[bytes]
) -> Iterable[bytes]:
    """Return the body, compressed if that helps, and change the headers accordingly."""
    values = {name.lower(): value for name, value in headers}
    # A range is one of the file as it is.
    is_done = "content-encoding" in values or "content-range" in values
    if is_done or not values.get("content-type", "").startswith(COMPRESSIBLE_TYPES):
        return body
    length = values.get("content-length")
    if length is not None and int(length) < MIN_BYTES:
        return body
    _add_vary(headers)
    encoding = _select_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
    if encoding is None:
        return body
    headers[:] = [
        (name, _weaken_etag(value) if name.lower() == "etag" else value)
        for name, value in headers
        if name.lower() not in ("content-length", "accept-ranges")
    ]
    headers.append(("Content-Encoding", encoding))
    compressed = CompressedBody(COMPRESSORS[encoding](), body)
    is_in_memory = isinstance(body, list | tuple)
    if length is None or (int(length) > MAX_JOINED_BYTES and not is_in_memory):
        return compressed
    whole = b"".join(compressed)
    compressed.close()
    headers.append(("Content-Length", str(len(whole))))
    return [whole]


class CompressedBody:
    """A body that is compressed chunk by chunk."""

    def __init__(self, compressor: Compressor, body: Iterable[bytes]):
        self._compressor = compressor
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        """Yield compressed chunks."""
        for part in self._body:
            if compressed := self._compressor.compress(part):
                yield compressed
        yield self._compressor.flush()

    def close(self) -> None:
        """Close the body. The server calls this, also after a disconnect."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def _select_encoding(header: str | None) -> str | None:
    """Return the client's preferred encoding, ``None`` for no compression."""
    accepts = create_accept_encoding_header(header)
    if not isinstance(accepts, AcceptEncodingValidHeader):
        return None
    # A client that does not name identity accepts it, but prefers what it names.
    plain = [IDENTITY] if any(coding.lower() == IDENTITY for coding, _ in accepts.parsed) else []
    offers = accepts.acceptable_offers([*COMPRESSORS, *plain])
    best = offers[0][0] if offers else IDENTITY
    return None if best == IDENTITY else best


def _add_vary(headers: Headers) -> None:
    """Add Accept-Encoding to the Vary header."""
    varies = [value for name, value in headers if name.lower() == "vary"]
    headers[:] = [(name, value) for name, value in headers if name.lower() != "vary"]
    headers.append(("Vary", ", ".join([*varies, "Accept-Encoding"])))


def _weaken_etag(tag: str) -> str:
    """Return a weak ETag, which does not promise identical bytes."""
    return tag if tag.startswith("W/") else f"W/{tag}"
