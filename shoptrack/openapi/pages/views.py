"""The two pages. Both are the same for everybody, and load nothing but what this server has."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from pyramid.response import Response

from shoptrack.openapi.pages.assets import PACKAGE, Assets

BARE = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    "style-src": "'self'",
}


@dataclass(frozen=True)
class Page:
    """A page: its template, the files it loads, and what it may do that the other may not."""

    template: str
    assets: Mapping[str, str]  # by the name that the template gives it
    policy: Mapping[str, str]


SWAGGER_UI = Page(
    "swagger_ui.html",
    {
        "bundle_css": "swagger-ui.css",
        "bundle_js": "swagger-ui-bundle.js",
        "page_css": "page.css",
        "page_js": "swagger_ui.js",
        "sign_in_css": "sign_in.css",
    },
    BARE,
)
REDOC = Page(
    "redoc.html",
    {"bundle_js": "redoc.standalone.js", "page_css": "page.css", "page_js": "redoc.js"},
    # It writes its styles into the page, and searches in a worker that it makes of a blob.
    {**BARE, "style-src": "'self' 'unsafe-inline'", "worker-src": "blob:"},
)


def view(page: Page):
    """Return the view of a page."""
    template = Template((files(PACKAGE) / "templates" / page.template).read_text())
    policy = "; ".join(f"{name} {value}" for name, value in page.policy.items())

    def show(request) -> Response:
        assets = Assets.of(request.registry)
        addresses = {
            "docs": request.route_path("docs"),
            "redoc": request.route_path("redoc"),
            "schema": request.route_path("schema"),
            "swagger": request.route_path("swagger"),
            **{name: assets.path(request, file) for name, file in page.assets.items()},
        }
        text = template.substitute({name: escape(path) for name, path in addresses.items()})
        answer = Response(text, content_type="text/html", charset="utf-8")
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return show
