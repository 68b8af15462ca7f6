"""Style sheets, scripts and icons, under names that change with what they hold, so that browsers keep them for good."""

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
    """A file that is served."""

    name: str  # with a hash of the content
    kind: str
    file: Traversable


class Assets:
    """The files of one feature. Subclass it, and keep an instance in the application's registry.

    Files of other kinds, such as licences, are passed over.
    """

    # the name of the route, with a placeholder ``name``, that answers ``serve``
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
        """Return the address of a file.

        :raises KeyError: there is none of this name
        """
        return request.route_path(self.route, name=self._names[name])

    @classmethod
    def serve(cls, request) -> Response:
        """Answer a file.

        :raises NotFound: there is none, or it was one of another version
        """
        asset = cls.of(request.registry).served.get(request.matchdict["name"])
        if asset is None:
            raise NotFound
        answer = Response(asset.file.read_bytes(), content_type=asset.kind, charset="utf-8")
        answer.headers["Cache-Control"] = IMMUTABLE_CACHE
        return answer
