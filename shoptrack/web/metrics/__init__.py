"""Metrics for Prometheus at ``/metrics``, protected by a token.

Without ``SHOPTRACK_METRICS_TOKEN`` nothing is measured or served.
"""

from prometheus_client import CollectorRegistry

from shoptrack.settings import Settings
from shoptrack.web.metrics.requests import RequestMetrics


def includeme(config):
    """Measure requests, the connection pool and streams if a token is set."""
    token = Settings.of(config.registry).metrics_token
    if token is None:
        return
    # One per application, so that two in one process do not add up.
    metrics = config.registry[CollectorRegistry] = CollectorRegistry()
    config.registry[RequestMetrics] = RequestMetrics(metrics)
    config.include("shoptrack.web.metrics.process")
    config.include("shoptrack.web.metrics.database")
    config.include("shoptrack.web.metrics.views")
