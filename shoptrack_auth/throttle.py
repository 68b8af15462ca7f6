"""Throttle failed attempts to sign in.

A view that takes a username and a password does this, before its request writes anything::

    attempt = throttle.make_password_attempt(username, address)
    throttle.check(request.reader, attempt)         # before any hashing
    throttle.record_failure(attempt)                # after a wrong password
    throttle.check(request.reader, attempt)         # after a right one: other attempts may have failed meanwhile
    throttle.clear_failures(request.db, attempt)

Failed attempts are rows, counted in a rolling window: passwords by username and address, and by address; tokens by
address. The networks around an address are counted, too, with higher limits. No account is locked: the user can sign in
from elsewhere. Rejected attempts are not counted, so the time to wait only decreases.

Failures are stored in a transaction of their own, because the request's is rolled back. There they are counted again,
one network at a time. So parallel attempts test no more passwords than the limit allows in sequence.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from shoptrack.db import Database
from shoptrack.errors import TooManyRequests
from shoptrack.settings import Settings
from shoptrack_auth.client_networks import Network, get_client_networks
from shoptrack_auth.events import AttemptThrottled, publish
from shoptrack_auth.models import FailedAttempt, delete_expired, get_utc_now
from shoptrack_auth.names import make_username_key
from shoptrack_auth.settings import ThrottleSettings

PASSWORD, TOKEN = "password", "token"  # kinds of attempts
# A failed attempt is one row for the address and one for each network around it, of a kind of its own.
IN_NETWORK = {PASSWORD: "network password", TOKEN: "network token"}
PURGE_BATCH_ROWS = 100


@dataclass(frozen=True)
class Attempt:
    """An attempt to authenticate.

    :param networks: the client's address, or for IPv6 its smallest network, and the networks around it
    :param name_digest: of the username; ``None`` for a token
    """

    kind: str
    address: str
    networks: tuple[Network, ...]
    name_digest: str | None = None


class Throttle:
    """The application's throttle. All its state is in the database, so that several processes share it."""

    def __init__(self, registry, settings: ThrottleSettings):
        self._registry = registry
        self._settings = settings
        self._window = timedelta(seconds=settings.window_seconds)

    @classmethod
    def of(cls, registry) -> "Throttle":
        """Return the application's throttle."""
        return registry[cls]

    def make_password_attempt(self, username: str, address: str) -> Attempt:
        """Return an attempt with a username and a password."""
        return Attempt(PASSWORD, address, get_client_networks(address), self.hash_name(username))

    def make_token_attempt(self, address: str) -> Attempt:
        """Return an attempt with a token."""
        return Attempt(TOKEN, address, get_client_networks(address))

    def hash_name(self, username: str) -> str:
        """Return a username's digest. Without the secret key, the username cannot be found by guessing."""
        secret = Settings.of(self._registry).secret_key.get_secret_value().encode()
        name = make_username_key(username).encode(errors="surrogatepass")
        return hmac.digest(secret, b"failures of " + name, sha256).hex()

    def check(self, connection: Connection, attempt: Attempt) -> None:
        """Check that not too many attempts have failed.

        :raises TooManyRequests: with the seconds to wait
        """
        self._raise_if_throttled(self._get_wait_seconds(connection, attempt), attempt)

    def record_failure(self, attempt: Attempt) -> None:
        """Store a failed attempt. Call this before the response reveals the failure.

        :raises TooManyRequests: too many other attempts have failed since the check, so the result must stay secret
        """
        database = Database.of(self._registry)
        with database.engine.begin() as connection:
            if not database.is_sqlite:  # SQLite has one writer at a time
                lock = sha256(attempt.networks[-1].name.encode()).digest()[:8]
                number = int.from_bytes(lock, signed=True)
                connection.execute(select(func.pg_advisory_xact_lock(number)))
            wait = self._get_wait_seconds(connection, attempt)
            if not wait:
                at = get_utc_now()
                rows = [
                    {
                        "kind": _get_kind(attempt.kind, number),
                        "name_digest": attempt.name_digest,
                        "address": network.name,
                        "at": at,
                    }
                    for number, network in enumerate(attempt.networks)
                ]
                connection.execute(insert(FailedAttempt).values(rows))
                self.purge(connection, PURGE_BATCH_ROWS)
        self._raise_if_throttled(wait, attempt)

    def clear_failures(self, db: Session, attempt: Attempt) -> None:
        """Delete the failures of this username at this address. Those of other usernames still count."""
        here = FailedAttempt.address.in_([network.name for network in attempt.networks])
        pair = (FailedAttempt.name_digest == attempt.name_digest, here)
        db.execute(delete(FailedAttempt).where(*pair))

    def delete_failures(
        self, db: Session, username: str | None = None, address: str | None = None
    ) -> int:
        """Delete failures of a username, of an address or of all, and return how many there were."""
        conditions = []
        if username is not None:
            conditions.append(FailedAttempt.name_digest == self.hash_name(username))
        if address is not None:
            # Including its networks, or the address would still be throttled.
            names = [network.name for network in get_client_networks(address)]
            conditions.append(FailedAttempt.address.in_(names))
        deleted = db.scalars(delete(FailedAttempt).where(*conditions).returning(FailedAttempt.kind))
        return sum(kind in IN_NETWORK for kind in deleted)

    def purge(self, connection: Connection | Session, limit: int) -> int:
        """Delete failures that no longer count, and return how many rows there were.

        :param limit: maximum number of rows
        """
        return delete_expired(
            connection, FailedAttempt, FailedAttempt.at < get_utc_now() - self._window, limit
        )

    def _get_wait_seconds(self, connection: Connection, attempt: Attempt) -> int:
        """Return the seconds until the attempt is allowed; 0 if it is allowed now."""
        at = get_utc_now()
        values: dict[str, Any] = {
            "name_digest": attempt.name_digest,
            "since": at - self._window,
            # A wrong clock may have left failures in the future, which would count until then.
            "until": at,
        }
        settings = self._settings
        is_token = attempt.kind == TOKEN
        per_address = settings.tokens_per_address if is_token else settings.per_address
        for number, network in enumerate(attempt.networks):
            values[f"network_{number}"] = network.name
            values[f"newer_by_address_{number}"] = per_address * network.weight - 1
            if not is_token:
                values[f"newer_by_name_{number}"] = settings.per_name * network.weight - 1
        decisive = connection.execute(
            _select_decisive_failures(attempt.kind, len(attempt.networks)), values
        ).one()
        latest = max(filter(None, decisive), default=None)
        return ceil((latest + self._window - at).total_seconds()) if latest else 0

    def _raise_if_throttled(self, wait: int, attempt: Attempt) -> None:
        if wait:
            publish(
                AttemptThrottled(registry=self._registry, address=attempt.address, retry_after=wait)
            )
            raise TooManyRequests(wait)


def _get_kind(kind: str, number: int) -> str:
    """Return the kind of the row for an attempt's network."""
    return IN_NETWORK[kind] if number else kind


def _select_decisive_failure(kind: str, number: int, newer: str, *conditions) -> ScalarSelect:
    """Select the time of the failure that decides: once it leaves the window, the limit allows another attempt.

    :param number: index of the attempt's network
    :param newer: the bind parameter with the number of newer failures that the limit allows
    """
    here = (
        FailedAttempt.kind == _get_kind(kind, number),
        FailedAttempt.address == bindparam(f"network_{number}"),
    )
    recent = FailedAttempt.at.between(bindparam("since"), bindparam("until"))
    return (
        select(FailedAttempt.at)
        .where(*here, recent, *conditions)
        .order_by(FailedAttempt.at.desc())
        .offset(bindparam(f"{newer}_{number}"))
        .limit(1)
        .scalar_subquery()
    )


@cache
def _select_decisive_failures(kind: str, networks: int) -> Select:
    """Return one statement for all limits of an attempt.

    :param networks: number of the attempt's networks
    """
    limits = [
        _select_decisive_failure(kind, number, "newer_by_address") for number in range(networks)
    ]
    if kind == PASSWORD:
        named = FailedAttempt.name_digest == bindparam("name_digest")
        limits += [
            _select_decisive_failure(kind, number, "newer_by_name", named)
            for number in range(networks)
        ]
    return select(*limits)
