"""The two pages and the files that they load. Both are the same for all users and load nothing from other hosts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from pyramid.response import Response

from shoptrack.settings import ConfigurationError
from shoptrack.web import assets

PACKAGE = "shoptrack.openapi.pages"
FOLDERS = ("static", "vendor")  # ours, and those of Swagger UI and Redoc, which the build copies
BASE_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    "style-src": "'self'",
}


class DocsAssets(assets.Assets):
    """The files of the pages.

    :raises ConfigurationError: the build did not copy Swagger UI and Redoc
    """

    route = "docs:asset"

    def __init__(self):
        super().__init__(_find_files())


def _find_files() -> Iterator[Traversable]:
    for folder in FOLDERS:
        found = files(PACKAGE) / folder
        if not found.is_dir():
            raise ConfigurationError(
                f"{found} is missing: the package was not built completely. Install it again: "
                "make install, or pip install for a folder with pyproject.toml."
            )
        yield from sorted(found.iterdir(), key=lambda file: file.name)


@dataclass(frozen=True)
class Page:
    """A page.

    :param assets: the files that it loads, by their names in the template
    :param csp: its Content-Security-Policy
    """

    template: str
    assets: Mapping[str, str]
    csp: Mapping[str, str]


SWAGGER_UI = Page(
    "swagger_ui.html",
    {
        "bundle_css": "swagger-ui.css",
        "bundle_js": "swagger-ui-bundle.js",
        "page_css": "page.css",
        "page_js": "swagger_ui.js",
        "contrast_css": "swagger_ui.css",
        "sign_in_css": "sign_in.css",
    },
    BASE_POLICY,
)
REDOC = Page(
    "redoc.html",
    {"bundle_js": "redoc.standalone.js", "page_css": "page.css", "page_js": "redoc.js"},
    # Redoc writes its styles into the page, and searches in a worker that it makes from a blob.
    {**BASE_POLICY, "style-src": "'self' 'unsafe-inline'", "worker-src": "blob:"},
)


def make_page_view(page: Page):
    """Return the view of a page."""
    template = Template((files(PACKAGE) / "templates" / page.template).read_text())
    policy = "; ".join(f"{name} {value}" for name, value in page.csp.items())

    def show(request) -> Response:
        docs_assets = DocsAssets.of(request.registry)
        paths = {
            "docs": request.route_path("docs"),
            "redoc": request.route_path("redoc"),
            "schema": request.route_path("schema"),
            "swagger": request.route_path("swagger"),
            **{name: docs_assets.path(request, file) for name, file in page.assets.items()},
        }
        text = template.substitute({name: escape(path) for name, path in paths.items()})
        response = Response(text, content_type="text/html", charset="utf-8")
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "no-cache"
        return response

    return show
