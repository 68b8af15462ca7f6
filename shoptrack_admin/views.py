"""The pages under ``/admin/``."""

from pyramid.security import NO_PERMISSION_REQUIRED


def front_page(request) -> dict:
    """Say that the administration is coming; it tells nothing of what is stored."""
    request.response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {"stylesheet": request.static_path("shoptrack_admin:static/admin.css")}


def includeme(config):
    """Serve the front page and the style sheet to everybody."""
    config.add_static_view("admin/static", "shoptrack_admin:static", cache_max_age=3600)
    config.add_route("admin", "/admin/")
    config.add_view(
        front_page,
        route_name="admin",
        renderer="front_page.jinja2",
        request_method="GET",
        permission=NO_PERMISSION_REQUIRED,
    )
