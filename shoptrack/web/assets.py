"""Style sheets, scripts and icons. Their names change with their content, so that browsers cache them forever."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import ClassVar, Self

from pyramid.response import Response

from shoptrack.errors import NotFound

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
# A line of a module that imports from another one, whose name is the second group.
IMPORT = re.compile(rb'^(import [^;"]*from "\./)([\w.-]+\.js)(?=";)', re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """A served file."""

    name: str  # with a hash of the content
    kind: str
    file: Traversable
    imports: Mapping[bytes, bytes]  # the names of imported modules, and their served names

    def read(self) -> bytes:
        """Return the content."""
        content = self.file.read_bytes()
        if not self.imports:
            return content
        return IMPORT.sub(lambda found: found[1] + self.imports[found[2]], content)


class Assets:
    """The static files of one feature. Subclass it, and keep an instance in the registry.

    Files of other types, such as licences, are ignored. A module imports another file by its own name, as in
    ``import { enhance } from "./combobox.js"``. It is served with the other's name that has the hash: an import map
    would be a script within the page, which the content security policy forbids.
    """

    # the name of the route of ``serve``, with a placeholder ``name``
    route: ClassVar[str]

    def __init__(self, files: Iterable[Traversable]):
        self.served: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        known = {file.name: file for file in files if _get_suffix(file) in MEDIA_TYPES}
        for file in known.values():
            self._add(file, known)

    def _add(self, file: Traversable, known: Mapping[str, Traversable]) -> str:
        """Add a file after those that it imports, and return its name with the hash.

        :raises KeyError: it imports an unknown file
        """
        if file.name not in self._names:
            suffix, content = _get_suffix(file), file.read_bytes()
            names = [name for _before, name in IMPORT.findall(content)] if suffix == ".js" else []
            imports = {name: self._add(known[name.decode()], known).encode() for name in names}
            asset = Asset("", MEDIA_TYPES[suffix], file, imports)
            digest = sha256(asset.read()).hexdigest()[:12]
            name = f"{PurePosixPath(file.name).stem}-{digest}{suffix}"
            self.served[name] = replace(asset, name=name)
            self._names[file.name] = name
        return self._names[file.name]

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
        response = Response(asset.read(), content_type=asset.kind, charset="utf-8")
        response.headers["Cache-Control"] = IMMUTABLE_CACHE
        return response


def _get_suffix(file: Traversable) -> str:
    return PurePosixPath(file.name).suffix
