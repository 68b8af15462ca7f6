"""Limits request bodies per path and method, and buffers them: in memory, or files in temporary files.

A buffered body can be read again by a retry; WebOb would copy bodies of more than 10 KiB into files.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import SEEK_END, BytesIO
from typing import IO, Any

from pyramid.config.views import isexception
from pyramid.interfaces import IRoutesMapper
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid_retry import IBeforeRetry

from shoptrack.errors import BadRequest, BodyTooLarge
from shoptrack.settings import ConfigurationError, Settings
from shoptrack.web.uploads import UploadFile

MAX_OPEN_BODY_BYTES = 16_384  # of public endpoints without a limit of their own
REFUSAL_KEY = (
    "shoptrack.refusal"  # environ key of the error because of which the server read no body
)
PART_BYTES = 65_536  # that are copied at a time
AFTER_ALL_ROUTES = 900  # the order of a configuration action; Pyramid's own end at 0


@dataclass(frozen=True)
class BodyLimit:
    """The maximum size of a body.

    :param size: in bytes
    :param setting: the variable that sets it, if one does
    :param is_file: whether the body is kept in a temporary file
    """

    size: int
    setting: str | None = None
    is_file: bool = False


class BodyLimits:
    """The limits of all paths and methods.

    :param default: of routes without a limit of their own
    :param routes: the application's, in matching order
    :param by_route: limits by route name
    :param by_view: limits by route name and method, which win over those of the route
    """

    def __init__(
        self,
        default: BodyLimit,
        routes: Iterable[Any] = (),
        by_route: Mapping[str, BodyLimit] = {},
        by_view: Mapping[tuple[str, str], BodyLimit] = {},
    ):
        self.default = default
        self._routes = tuple(routes)
        self._by_route = dict(by_route)
        self._by_view = dict(by_view)

    @classmethod
    def of(cls, registry) -> "BodyLimits":
        """Return the application's."""
        limits: BodyLimits = registry[cls]
        return limits

    def find(self, path: str, method: str) -> BodyLimit:
        """Return the limit of a path in the form of ``PATH_INFO``."""
        try:
            path = path.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return self.default
        found: list[BodyLimit] = []
        for route in self._routes:
            if route.match(path) is not None:
                of_route = self._by_route.get(route.name, self.default)
                found.append(self._by_view.get((route.name, method), of_route))
                if not route.predicates:  # else the next route may match
                    break
        return max(found, key=lambda limit: limit.size, default=self.default)

    def buffer_body(self, environ: dict[str, Any]) -> None:
        """Read the body into memory or a temporary file, and set its length.

        :raises BodyTooLarge: it exceeds the limit; the rest is not read
        :raises ServiceUnavailable: the server had no room for it
        :raises BadRequest: the Content-Length is invalid, or the body is shorter
        """
        if REFUSAL_KEY in environ:
            raise environ[REFUSAL_KEY]
        length = environ.get("CONTENT_LENGTH")
        if length:
            body, size = self._read_known_length(environ, length)
        elif environ.get("wsgi.input_terminated"):
            body, size = self._read_unknown_length(environ)
        else:
            return  # by WSGI there is no body to read
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = str(size)
        environ["webob.is_body_seekable"] = True

    def _read_known_length(self, environ: dict[str, Any], length: str) -> tuple[IO[bytes], int]:
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("The header Content-Length must be a whole number of bytes.")
        if length.strip("0") == "":
            return BytesIO(), 0
        limit = self._find(environ)
        if len(length) > 18 or int(length) > limit.size:
            raise make_error(limit)
        body, size = _buffer(environ["wsgi.input"], int(length), limit)
        if size < int(length):
            raise BadRequest("The body ended before the length that was announced.")
        return body, size

    def _read_unknown_length(self, environ: dict[str, Any]) -> tuple[IO[bytes], int]:
        stream = environ["wsgi.input"]
        first = stream.read(1)
        if not first:  # as most requests
            return BytesIO(), 0
        limit = self._find(environ)
        body, size = _buffer(stream, limit.size, limit, first)
        if size > limit.size:
            raise make_error(limit)
        return body, size

    def _find(self, environ: dict[str, Any]) -> BodyLimit:
        return self.find(environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", ""))


def make_error(limit: BodyLimit) -> BodyTooLarge:
    """Return the error of a body that exceeds its limit."""
    hint = f" (setting {limit.setting})" if limit.setting else ""
    return BodyTooLarge(f"The body is too long: at most {limit.size} bytes are taken here{hint}.")


def check_fits_in_memory(request: Any) -> None:
    """Check that a body in a temporary file is not too long to be read into memory.

    :raises BodyTooLarge: it is
    """
    if isinstance(request.environ["wsgi.input"], UploadFile):
        limit = BodyLimits.of(request.registry).default
        if request.content_length > limit.size:
            raise make_error(limit)


def _buffer(stream: Any, size: int, limit: BodyLimit, first: bytes = b"") -> tuple[IO[bytes], int]:
    """Return up to so many bytes of a stream as a file at its beginning, and how many there are.

    :param first: bytes that were read already
    """
    if not limit.is_file:
        body = b"".join((first, *_read_parts(stream, size, size)))
        return BytesIO(body), len(body)
    if isinstance(stream, UploadFile):  # into which the server has received it
        file = stream
        file.seek(0, SEEK_END)
    else:
        file = UploadFile()
        file.write(first)
        for part in _read_parts(stream, size, PART_BYTES):
            file.write(part)
    length = file.tell()
    file.seek(0)
    return file, length


def _read_parts(stream: Any, size: int, part_size: int) -> Iterator[bytes]:
    """Yield up to so many bytes of a stream, whose single reads may return fewer."""
    while size > 0 and (part := stream.read(min(size, part_size))):
        yield part
        size -= len(part)


class BodySizes(dict[str, BodyLimit]):
    """The limits of bodies that packages set, by the pattern of a route."""

    @classmethod
    def of(cls, registry: Any) -> "BodySizes":
        """Return the application's."""
        return registry.setdefault(cls, cls())


@dataclass(frozen=True)
class ViewBody:
    """The bodies of a view, as its service declares them.

    :param view: its method and path
    :param max_size: in bytes; ``None`` for the limit of the route
    :param is_file: whether they are kept in temporary files
    """

    view: str
    max_size: int | None
    is_file: bool


class ViewBodies(dict[tuple[str, str], ViewBody]):
    """The bodies of views that declare something about them, by route name and method."""

    @classmethod
    def of(cls, registry: Any) -> "ViewBodies":
        """Return the application's."""
        return registry.setdefault(cls, cls())


def get_max_body_bytes(settings: Settings) -> int:
    """Return the maximum size of a single body; the rest of the memory is reserved for small ones."""
    return settings.max_pending_size * 3 // 4


def includeme(config):
    """Determine the limits after all routes are known."""

    def install():
        registry = config.registry
        settings = Settings.of(registry)
        _check(settings, "SHOPTRACK_MAX_BODY_SIZE", settings.max_body_size)
        mapper = registry.queryUtility(IRoutesMapper)
        routes = mapper.get_routes() if mapper else ()
        default = BodyLimit(settings.max_body_size, "SHOPTRACK_MAX_BODY_SIZE")
        limit = min(default, BodyLimit(MAX_OPEN_BODY_BYTES), key=lambda limit: limit.size)
        by_route = dict.fromkeys(_find_open_routes(config.introspector), limit)
        for pattern, own in BodySizes.of(registry).items():
            directive = f"set_max_body_size({pattern!r}, {own.size})"
            if own.is_file:
                own = _limit_file(settings, own)
            else:
                _check(settings, directive, own.size)
            named = [route.name for route in routes if route.pattern == pattern]
            if not named:
                raise ConfigurationError(f"{directive}: no route has this pattern.")
            by_route |= dict.fromkeys(named, own)
        by_view = {
            (route, method): _limit_view(settings, body, by_route.get(route, default))
            for (route, method), body in ViewBodies.of(registry).items()
        }
        registry[BodyLimits] = BodyLimits(default, routes, by_route, by_view)

    config.action("shoptrack body limits", install, order=AFTER_ALL_ROUTES)
    config.add_subscriber(_rewind_body, IBeforeRetry)


def _limit_view(settings: Settings, body: ViewBody, of_route: BodyLimit) -> BodyLimit:
    """Return the limit of a view. A file's has the ceiling of the installation."""
    own = of_route if body.max_size is None else BodyLimit(body.max_size)
    if not body.is_file:
        _check(settings, f"{body.view}: max_body_size={own.size}", own.size)
        return own
    return _limit_file(settings, own)


def _limit_file(settings: Settings, own: BodyLimit) -> BodyLimit:
    if own.size > settings.max_upload_size:
        own = BodyLimit(settings.max_upload_size, "SHOPTRACK_MAX_UPLOAD_SIZE")
    return replace(own, is_file=True)


def _rewind_body(event: Any) -> None:
    """Let the next attempt read the body from its beginning, as ``request.body_file``."""
    if event.environ.get("webob.is_body_seekable"):
        event.environ["wsgi.input"].seek(0)


def _check(settings: Settings, name: str, size: int) -> None:
    if size < 1:
        raise ConfigurationError(f"{name}: a body may have 1 byte or more.")
    if size > get_max_body_bytes(settings):
        raise ConfigurationError(
            f"{name}: a body of {size} bytes is more than three quarters of the memory for all "
            f"requests that arrive or wait, {settings.max_pending_size} bytes. Lower it, or raise "
            "SHOPTRACK_MAX_PENDING_SIZE."
        )


def _find_open_routes(introspector) -> set[str]:
    """Return the names of routes whose views are all public."""
    permissions: dict[str, set[str]] = {}
    for entry in introspector.get_category("views") or ():
        view = entry["introspectable"]
        if view["route_name"] and not isexception(view["context"]):
            related = (one for one in entry["related"] if one.category_name == "permissions")
            named = {permission["value"] for permission in related}
            permissions.setdefault(view["route_name"], set()).update(named or {""})
    return {name for name, named in permissions.items() if named == {NO_PERMISSION_REQUIRED}}
