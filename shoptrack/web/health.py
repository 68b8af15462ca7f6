"""Health checks: ``/healthz`` for proxies (the process accepts requests), ``/readyz`` for monitoring.

An unreachable database makes a server unready, not unhealthy: the server's own 503 is more helpful than a proxy's.
"""

from collections.abc import Callable
from typing import Any

import orjson
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web.refusal_log import RefusalLog

HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
DRAINING_KEY = "shoptrack.leaving"  # set in the environ while the server drains
RETRY_SECONDS = 5


class HealthChecks(dict[str, Callable[[Any], None]]):
    """The health checks of one application, by name."""

    @classmethod
    def of(cls, registry: Any) -> "HealthChecks":
        """Return the application's."""
        return registry.setdefault(cls, cls())


def healthz(request) -> Response:
    """Return 200 while the process accepts requests, 503 while it drains."""
    if DRAINING_KEY in request.environ:
        return _respond_unavailable({"status": "leaving"})
    return _respond({"status": "ok"})


def readyz(request) -> Response:
    """Run all registered checks. Only the log says why one failed."""
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
    """Serve both paths without authentication."""
    for view in (healthz, readyz):
        config.add_route(view.__name__, f"/{view.__name__}")
        config.add_view(
            view,
            route_name=view.__name__,
            request_method="GET",
            permission=NO_PERMISSION_REQUIRED,
        )
