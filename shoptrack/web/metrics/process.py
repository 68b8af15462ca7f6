"""Metrics of the process: memory, CPU time, open files and release."""

from importlib.metadata import version

from prometheus_client import CollectorRegistry, Info, PlatformCollector, ProcessCollector


def includeme(config):
    """Measure the process."""
    metrics = config.registry[CollectorRegistry]
    ProcessCollector(registry=metrics)
    PlatformCollector(registry=metrics)
    Info("shoptrack", "The release that is running.", registry=metrics).info(
        {"version": version("shoptrack")}
    )
