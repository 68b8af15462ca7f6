"""Headers that every answer carries, unless its view set them first."""

from typing import Any

from shoptrack.web.address import is_api

SECURITY = (
    # Pages that load anything, such as the API's documentation, say so in a policy of their own.
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
API = (*SECURITY, ("Cache-Control", "private, no-cache"))


def complete(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    """Add the defaults to an answer's headers that it lacks."""
    present = {name.lower() for name, _ in headers}
    defaults = API if is_api(environ) else SECURITY
    headers += [header for header in defaults if header[0].lower() not in present]
