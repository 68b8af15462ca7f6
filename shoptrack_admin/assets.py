"""Style sheet, script and icon, under names that change with what they hold, so that browsers keep them for good."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePosixPath

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import NotFound
from shoptrack_admin.pages import add_page

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    name: str
    kind: str
    content: bytes


class Assets:
    """The files of a folder, kept in memory: together they are smaller than one photograph."""

    def __init__(self, folder):
        self.by_name = {}
        self._hashed = {}
        for file in folder.iterdir():
            content = file.read_bytes()
            path = PurePosixPath(file.name)
            name = f"{path.stem}-{sha256(content).hexdigest()[:12]}{path.suffix}"
            self.by_name[name] = Asset(name, KINDS[path.suffix], content)
            self._hashed[file.name] = name

    @classmethod
    def of(cls, registry) -> "Assets":
        """Return the administration's."""
        return registry[cls]

    def path(self, request, name: str) -> str:
        """Return the address of a file.

        :raises KeyError: there is none of this name
        """
        return request.route_path("admin:asset", name=self._hashed[name])


def serve(request) -> Response:
    """Answer a file; one of another version is not there."""
    asset = Assets.of(request.registry).by_name.get(request.matchdict["name"])
    if asset is None:
        raise NotFound
    answer = Response(asset.content, content_type=asset.kind, charset="utf-8")
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer


def includeme(config):
    """Serve the files to everybody."""
    config.registry[Assets] = Assets(files("shoptrack_admin") / "static")
    add_page(config, "asset", "static/{name}", get=serve, permission=NO_PERMISSION_REQUIRED)
