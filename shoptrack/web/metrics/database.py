"""Metrics of the connection pool and of streams."""

from collections.abc import Callable
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Pool

from shoptrack.db import Database
from shoptrack.web.streams import StreamLimiter


def includeme(config):
    """Measure the pool and the streams at each scrape."""
    registry = config.registry
    metrics = registry[CollectorRegistry]

    def pool(read: Callable[[Any], int]) -> Callable[[], float]:
        def measure() -> float:
            pool: Pool = Database.of(registry).engine.pool
            return read(pool)

        return measure

    for name, sentence, measure in (
        ("in_use", "Connections that requests hold.", pool(lambda p: p.checkedout())),
        ("idle", "Connections that wait in the pool.", pool(lambda p: p.checkedin())),
    ):
        gauge = Gauge(f"shoptrack_database_connections_{name}", sentence, registry=metrics)
        gauge.set_function(measure)
    streams = Gauge("shoptrack_long_lists", "Long responses that are being sent.", registry=metrics)
    streams.set_function(lambda: registry[StreamLimiter].active_count)
