"""Style sheets, scripts and icons. Their names change with their content, so that browsers cache them forever."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import ClassVar, Self

from pyramid.response import Response

from shoptrack.errors import NotFound

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
IMMUTABLE_CACHE = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A served file."""

    name: str  # with a hash of the content
    kind: str
    file: Traversable


class Assets:
    """The static files of one feature. Subclass it, and keep an instance in the registry.

    Files of other types, such as licences, are ignored.
    """

    # the name of the route of ``serve``, with a placeholder ``name``
    route: ClassVar[str]

    def __init__(self, files: Iterable[Traversable]):
        self.served: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        for file in files:
            path = PurePosixPath(file.name)
            if path.suffix in MEDIA_TYPES:
                digest = sha256(file.read_bytes()).hexdigest()[:12]
                asset = Asset(f"{path.stem}-{digest}{path.suffix}", MEDIA_TYPES[path.suffix], file)
                self.served[asset.name] = asset
                self._names[file.name] = asset.name

    @classmethod
    def of(cls, registry) -> Self:
        """Return those of an application."""
        return registry[cls]

    def path(self, request, name: str) -> str:
        """Return the URL path of a file.

        :raises KeyError: no such file
        """
        return request.route_path(self.route, name=self._names[name])

    @classmethod
    def serve(cls, request) -> Response:
        """Return a response with the file.

        :raises NotFound: no such file, or another version of it
        """
        asset = cls.of(request.registry).served.get(request.matchdict["name"])
        if asset is None:
            raise NotFound
        response = Response(asset.file.read_bytes(), content_type=asset.kind, charset="utf-8")
        response.headers["Cache-Control"] = IMMUTABLE_CACHE
        return response
