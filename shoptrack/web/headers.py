"""Default headers of responses, which views can override."""

from typing import Any

from shoptrack.web.request_path import is_api_path

SECURITY_HEADERS = (
    # Pages that load anything, such as the API documentation, set a policy of their own.
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
API_HEADERS = (*SECURITY_HEADERS, ("Cache-Control", "private, no-cache"))


def add_default_headers(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    """Add the default headers that a response lacks."""
    present = {name.lower() for name, _ in headers}
    defaults = API_HEADERS if is_api_path(environ) else SECURITY_HEADERS
    headers += [header for header in defaults if header[0].lower() not in present]
