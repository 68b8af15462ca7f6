"""Health: ``/healthz`` for who sends requests (it takes them), and ``/readyz`` for who watches (it can work).

A database that is away makes a server unready, not unhealthy: a proxy that would then send it nothing more could tell
clients less than the server's own 503 does.
"""

from collections.abc import Callable
from typing import Any

import orjson
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.rest.refusal_log import RefusalLog

HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
DRAINING_KEY = "shoptrack.leaving"  # the server writes it into the environ when it is to end
RETRY_SECONDS = 5


class HealthChecks(dict[str, Callable[[Any], None]]):
    """The health checks of one application, by name."""

    @classmethod
    def of(cls, registry: Any) -> "HealthChecks":
        """Return the application's."""
        return registry.setdefault(cls, cls())


def healthz(request) -> Response:
    """Tell that the process takes requests, or that it is to end and takes no more in a moment."""
    if DRAINING_KEY in request.environ:
        return _respond_unavailable({"status": "leaving"})
    return _respond({"status": "ok"})


def readyz(request) -> Response:
    """Run every check that was registered; only the log tells why one failed."""
    checks = {}
    for name, check in HealthChecks.of(request.registry).items():
        try:
            check(request.registry)
        except Exception as error:
            request.registry[RefusalLog].log_failure(f"The health check {name!r}", error)
            checks[name] = "failed"
        else:
            checks[name] = "ok"
    if "failed" not in checks.values():
        return _respond({"status": "ok", "checks": checks})
    return _respond_unavailable({"status": "failed", "checks": checks})


def _respond_unavailable(body: dict[str, Any]) -> Response:
    response = _respond(body)
    response.status_int = 503
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _respond(body: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def includeme(config):
    """Serve both paths to everybody."""
    for view in (healthz, readyz):
        config.add_route(view.__name__, f"/{view.__name__}")
        config.add_view(
            view,
            route_name=view.__name__,
            request_method="GET",
            permission=NO_PERMISSION_REQUIRED,
        )
