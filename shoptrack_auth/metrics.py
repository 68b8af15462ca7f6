"""Count the events of signing in, if metrics are enabled."""

from prometheus_client import CollectorRegistry, Counter

from shoptrack_auth.events import AuthEvent


def includeme(config):
    """Count every event by its class."""
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
