"""Sign-ins, failures and the rest as a metric, where the application measures."""

from prometheus_client import CollectorRegistry, Counter

from shoptrack_auth.events import AuthEvent


def includeme(config):
    """Count every event by its kind."""
    metrics = config.registry.get(CollectorRegistry)
    if metrics is None:
        return
    counter = Counter(
        "shoptrack_auth_events",
        "Sign-ins, failures, and what else happens when people sign in.",
        ("kind",),
        registry=metrics,
    )
    config.add_subscriber(lambda event: counter.labels(type(event).__name__).inc(), AuthEvent)
