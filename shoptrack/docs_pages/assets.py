"""The files that the pages load, under names that change with what they hold, so that browsers keep them for good."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from pyramid.response import Response

from shoptrack.errors import NotFound
from shoptrack.settings import ConfigurationError

KINDS = {".css": "text/css", ".js": "text/javascript"}
FOR_GOOD = "public, max-age=31536000, immutable"
PACKAGE = "shoptrack.docs_pages"
FOLDERS = ("static", "vendor")  # ours, and what the build brings


@dataclass(frozen=True)
class Asset:
    """A file that is served."""

    name: str  # with a hash of the content
    kind: str
    file: Traversable


class Assets:
    """Style sheets and scripts by the name that they have here and by the name under which they are served.

    :raises ConfigurationError: the build did not bring Swagger UI and Redoc
    """

    def __init__(self):
        self.served: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        for folder in FOLDERS:
            for file in _files(folder):
                path = PurePosixPath(file.name)
                if path.suffix in KINDS:
                    digest = sha256(file.read_bytes()).hexdigest()[:12]
                    asset = Asset(f"{path.stem}-{digest}{path.suffix}", KINDS[path.suffix], file)
                    self.served[asset.name] = asset
                    self._names[file.name] = asset.name

    @classmethod
    def of(cls, registry) -> "Assets":
        """Return those of an application."""
        return registry[cls]

    def path(self, request, name: str) -> str:
        """Return the address of a file.

        :raises KeyError: there is none of this name
        """
        return request.route_path("docs:asset", name=self._names[name])


def _files(folder: str) -> list[Traversable]:
    found = files(PACKAGE) / folder
    if not found.is_dir():
        raise ConfigurationError(
            f"{found} is missing: the package was not built completely. Install it again: "
            "make install, or pip install for a folder with pyproject.toml."
        )
    return sorted(found.iterdir(), key=lambda file: file.name)


def serve(request) -> Response:
    """Answer a file; one of another version is not there."""
    asset = Assets.of(request.registry).served.get(request.matchdict["name"])
    if asset is None:
        raise NotFound
    answer = Response(asset.file.read_bytes(), content_type=asset.kind, charset="utf-8")
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer
