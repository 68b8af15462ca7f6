"""Metrics of requests: count, duration and status."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

ROUTE = "shoptrack.route"  # in the WSGI environment: the pattern that a request matched
UNMATCHED = "-"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds


class RequestMetrics:
    """Measures requests by method, route and status.

    A route is a pattern such as ``/api/stores/{id}/``, so that clients cannot create time series.
    """

    def __init__(self, registry: CollectorRegistry):
        self._requests = Counter(
            "shoptrack_http_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "shoptrack_http_request_duration_seconds",
            "Time until an answer began.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=registry,
        )

    def observe(self, environ: dict[str, Any], status: str, seconds: float) -> None:
        """Count a request after its response.

        :param status: as in "200 OK"
        """
        method = environ["REQUEST_METHOD"]
        method = method if method in METHODS else "other"
        route = environ.get(ROUTE, UNMATCHED)
        self._requests.labels(method, route, status.partition(" ")[0]).inc()
        self._seconds.labels(method, route).observe(seconds)
