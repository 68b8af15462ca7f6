"""Limits request bodies per path, and buffers them in memory.

A buffered body can be read again by a retry; WebOb would copy bodies of more than 10 KiB into files.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from pyramid.config.views import isexception
from pyramid.interfaces import IRoutesMapper
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import BadRequest, BodyTooLarge
from shoptrack.settings import ConfigurationError, Settings

MAX_OPEN_BODY_BYTES = 16_384  # of public endpoints without a limit of their own
REFUSAL_KEY = (
    "shoptrack.refusal"  # environ key of the error because of which the server read no body
)
AFTER_ALL_ROUTES = 900  # the order of a configuration action; Pyramid's own end at 0


class BodyLimits:
    """The maximum body size of each path, in bytes.

    :param default: of routes without a limit of their own
    :param routes: the application's, in matching order
    :param by_route: limits by route name
    """

    def __init__(self, default: int, routes: Iterable[Any] = (), by_route: Mapping[str, int] = {}):
        self._default = default
        self._routes = tuple(routes)
        self._by_route = dict(by_route)

    @classmethod
    def of(cls, registry) -> "BodyLimits":
        """Return the application's."""
        limits: BodyLimits = registry[cls]
        return limits

    def find(self, path: str) -> int:
        """Return the limit of a path in the form of ``PATH_INFO``."""
        try:
            path = path.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return self._default
        found = 0
        for route in self._routes:
            if route.match(path) is not None:
                found = max(found, self._by_route.get(route.name, self._default))
                if not route.predicates:  # else the next route may match
                    break
        return found or self._default

    def make_error(self, path: str) -> BodyTooLarge:
        """Return the error of a body that exceeds the limit of its path."""
        limit = self.find(path)
        hint = " (setting SHOPTRACK_MAX_BODY_SIZE)" if limit == self._default else ""
        return BodyTooLarge(f"The body is too long: at most {limit} bytes are taken here{hint}.")

    def buffer_body(self, environ: dict[str, Any]) -> None:
        """Read the body into memory, and set its length.

        :raises BodyTooLarge: it exceeds the limit; the rest is not read
        :raises ServiceUnavailable: the server had no memory for it
        :raises BadRequest: the Content-Length is invalid, or the body is shorter
        """
        if REFUSAL_KEY in environ:
            raise environ[REFUSAL_KEY]
        length = environ.get("CONTENT_LENGTH")
        if length:
            body = self._read_known_length(environ, length)
        elif environ.get("wsgi.input_terminated"):
            body = self._read_unknown_length(environ)
        else:
            return  # by WSGI there is no body to read
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["webob.is_body_seekable"] = True

    def _read_known_length(self, environ: dict[str, Any], length: str) -> bytes:
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("The header Content-Length must be a whole number of bytes.")
        if length.strip("0") == "":
            return b""
        path = environ.get("PATH_INFO", "")
        if len(length) > 18 or int(length) > self.find(path):
            raise self.make_error(path)
        body = _read(environ["wsgi.input"], int(length))
        if len(body) < int(length):
            raise BadRequest("The body ended before the length that was announced.")
        return body

    def _read_unknown_length(self, environ: dict[str, Any]) -> bytes:
        stream = environ["wsgi.input"]
        body = _read(stream, 1)
        if not body:  # as most requests
            return body
        path = environ.get("PATH_INFO", "")
        limit = self.find(path)
        body += _read(stream, limit)
        if len(body) > limit:
            raise self.make_error(path)
        return body


def _read(stream, size: int) -> bytes:
    """Read up to so many bytes of a stream, whose single reads may return fewer."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class BodySizes(dict[str, int]):
    """The limits of bodies that packages set, in bytes, by the pattern of a route."""

    @classmethod
    def of(cls, registry: Any) -> "BodySizes":
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
        limit = min(settings.max_body_size, MAX_OPEN_BODY_BYTES)
        by_route = dict.fromkeys(_find_open_routes(config.introspector), limit)
        for pattern, size in BodySizes.of(registry).items():
            directive = f"set_max_body_size({pattern!r}, {size})"
            _check(settings, directive, size)
            named = [route.name for route in routes if route.pattern == pattern]
            if not named:
                raise ConfigurationError(f"{directive}: no route has this pattern.")
            by_route |= dict.fromkeys(named, size)
        registry[BodyLimits] = BodyLimits(settings.max_body_size, routes, by_route)

    config.action("shoptrack body limits", install, order=AFTER_ALL_ROUTES)


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
