"""Puts the files of Swagger UI and Redoc into the package while it is built.

They come in a wheel that is meant for Django and requires it. So that wheel is needed to build, and never installed
with the product; it is not even imported, since that would import Django.
"""

from importlib.metadata import distribution
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "drf_spectacular_sidecar/static/drf_spectacular_sidecar"
TARGET = "shoptrack/openapi/pages/vendor"
FILES = {
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger-ui.LICENSE.txt",
    "redoc/bundles/redoc.standalone.js": "redoc.standalone.js",
    "redoc/bundles/redoc.standalone.js.LICENSE.txt": "redoc.standalone.js.LICENSE.txt",
    "redoc/LICENSE": "redoc.LICENSE.txt",
}
# Redoc shows its maker's picture from another host. Where it cannot be loaded, none is shown.
FOREIGN = b"https://cdn.redoc.ly/redoc/logo-mini.svg"


class CustomBuildHook(BuildHookInterface):
    """Copies the files into the tree, and lets the wheel take them though git ignores them."""

    def initialize(self, version, build_data):
        """Do so before the wheel is made; an editable one finds them in the tree."""
        sidecar = distribution("drf-spectacular-sidecar")
        target = Path(self.root, TARGET)
        target.mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            content = Path(str(sidecar.locate_file(f"{SOURCE}/{source}"))).read_bytes()
            write(target / name, content.replace(FOREIGN, b"data:,"))
            build_data["artifacts"].append(f"/{TARGET}/{name}")


def write(file: Path, content: bytes) -> None:
    """Write a file unless it is there: a server that runs from the tree may be reading it."""
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)
