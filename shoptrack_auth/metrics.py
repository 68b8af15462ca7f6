"""Count the events of signing in, requests by their credentials, and API tokens, if metrics are enabled."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from shoptrack.db import Database
from shoptrack.errors import Forbidden, NotAuthenticated, TooManyRequests
from shoptrack_auth.events import AuthEvent
from shoptrack_auth.identity import UserIdentity
from shoptrack_auth.models import ApiToken, User, get_utc_now

log = logging.getLogger(__name__)


class CredentialCounter(Counter):
    """Counts requests by the kind of their credentials, and whether these were accepted."""


def find_and_count(
    credential: str, find: Callable[..., UserIdentity | None], request, *arguments: str
) -> UserIdentity | None:
    """Return the user whom ``find`` finds, and count the request if it has such a credential."""
    counter = request.registry.get(CredentialCounter)
    if counter is None:
        return find(request, *arguments)
    try:
        identity = find(request, *arguments)
    except (NotAuthenticated, Forbidden, TooManyRequests):
        counter.labels(credential, "refused").inc()
        raise
    if identity is not None:
        counter.labels(credential, "accepted").inc()
    return identity


class TokenCollector(Collector):
    """Counts an application's API tokens at each scrape: other processes create and revoke them, too."""

    def __init__(self, registry: Any):
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Yield the metric. Without the database it is missing, and the others are still served."""
        active = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > get_utc_now())
        count = select(func.count()).select_from(ApiToken).join(User).where(active, User.is_active)
        try:
            with Database.of(self._registry).read_engine.connect() as connection:
                number = connection.scalar(count)
        except SQLAlchemyError as error:
            log.warning("API tokens cannot be counted: %s", getattr(error, "orig", error))
            return
        yield GaugeMetricFamily(
            "shoptrack_auth_api_tokens", "API tokens that can be used.", value=number
        )

    def describe(self) -> list[Metric]:
        """Return nothing: `collect` would read the database at startup."""
        return []


def includeme(config):
    """Count every event by its class, requests by their credentials, and tokens."""
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
    config.registry[CredentialCounter] = CredentialCounter(
        "shoptrack_auth_requests",
        "Requests by the kind of their credentials, and whether these were accepted.",
        ("credential", "outcome"),
        registry=metrics,
    )
    metrics.register(TokenCollector(config.registry))
