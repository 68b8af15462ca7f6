"""The files that the pages load: ours, and those of Swagger UI and Redoc that the build brings."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from shoptrack.settings import ConfigurationError
from shoptrack.web import assets

PACKAGE = "shoptrack.openapi.pages"
FOLDERS = ("static", "vendor")  # ours, and what the build brings


class Assets(assets.Assets):
    """Those of the pages.

    :raises ConfigurationError: the build did not bring Swagger UI and Redoc
    """

    route = "docs:asset"

    def __init__(self):
        super().__init__(_files())


def _files() -> Iterator[Traversable]:
    for folder in FOLDERS:
        found = files(PACKAGE) / folder
        if not found.is_dir():
            raise ConfigurationError(
                f"{found} is missing: the package was not built completely. Install it again: "
                "make install, or pip install for a folder with pyproject.toml."
            )
        yield from sorted(found.iterdir(), key=lambda file: file.name)
