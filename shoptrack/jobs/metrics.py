"""Metrics of jobs, read from the database at each scrape.

The worker is another process, and a command may run a job as well. Only the database knows of all runs, also of those
whose worker has ended. Each server gives the same figures.
"""

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from shoptrack.db import Database
from shoptrack.jobs.models import Outcome
from shoptrack.jobs.runs import Jobs
from shoptrack.jobs.states import read_states
from shoptrack.web.refusal_log import RefusalLog


class JobCollector(Collector):
    """Reads the states of an application's jobs."""

    def __init__(self, registry: Any):
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics. Without the database they are missing, and the others are still served."""
        runs = CounterMetricFamily(
            "shoptrack_job_runs", "Runs of jobs that ended.", labels=("job", "outcome")
        )
        succeeded = GaugeMetricFamily(
            "shoptrack_job_last_success_timestamp_seconds",
            "When a job last succeeded.",
            labels=("job",),
        )
        try:
            states = read_states(Database.of(self._registry))
        except SQLAlchemyError as error:
            self._registry[RefusalLog].log_failure("Reading the metrics of jobs", error)
            return
        for name in Jobs.of(self._registry):
            state = states.get(name)
            runs.add_metric((name, Outcome.SUCCEEDED), state.successes if state else 0)
            runs.add_metric((name, Outcome.FAILED), state.failures if state else 0)
            if state and state.succeeded_at:
                succeeded.add_metric((name,), state.succeeded_at.timestamp())
        yield from (runs, succeeded)

    def describe(self) -> list[Metric]:
        """Return nothing: `collect` would read the database at startup."""
        return []


def includeme(config):
    """Read the metrics at each scrape, if metrics are enabled."""
    metrics = config.registry.get(CollectorRegistry)
    if metrics is not None:
        metrics.register(JobCollector(config.registry))
