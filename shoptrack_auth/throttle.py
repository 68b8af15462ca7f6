"""Slowing down who fails, again and again, to prove who they are.

A place that takes a name and a password asks, before its request writes anything::

    attempt = throttle.by_password(username, address)
    throttle.check(request.reader, attempt)      # before any hashing
    throttle.failed(attempt)                     # after a wrong password
    throttle.check(request.reader, attempt)      # after a right one: have too many failed meanwhile?
    throttle.succeeded(request.db, attempt)

Failures are rows, counted in a rolling window: those with a password by name and address, and by address; those with a
token by address. The networks around an address are counted likewise, and bear more. Nothing is locked. The same name
goes on being served elsewhere, and an attempt that is refused is not counted, so that the wait only gets shorter.

Failures are stored in transactions of their own, since the request's is rolled back. They are counted again there, one
network at a time: of many attempts at once no more are told right from wrong than of as many in a row.
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
from shoptrack_auth import purging
from shoptrack_auth.events import Throttled, tell
from shoptrack_auth.models import Failure, now
from shoptrack_auth.names import key
from shoptrack_auth.places import Place, places_of
from shoptrack_auth.settings import ThrottleSettings

PASSWORD, TOKEN = "password", "token"  # what somebody tries to prove by who they are
# A failure is a row of each place; those of networks are of a kind of their own, so that failures can be told.
IN_NETWORK = {PASSWORD: "network password", TOKEN: "network token"}
PURGED_AT_ONCE = 100  # rows


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to prove who they are.

    :param places: what addresses are counted by: the address or its smallest network first
    :param name_digest: what names are counted by; a token has none
    """

    kind: str
    address: str
    places: tuple[Place, ...]
    name_digest: str | None = None


class Throttle:
    """The application's throttle. It keeps nothing in the process: any number of them share the database."""

    def __init__(self, registry, settings: ThrottleSettings):
        self._registry = registry
        self._settings = settings
        self._window = timedelta(seconds=settings.window_seconds)

    @classmethod
    def of(cls, registry) -> "Throttle":
        """Return the application's."""
        return registry[cls]

    def by_password(self, username: str, address: str) -> Attempt:
        """Return the attempt of a password, wherever it is taken."""
        return Attempt(PASSWORD, address, places_of(address), self.name_digest(username))

    def by_token(self, address: str) -> Attempt:
        """Return the attempt of a token."""
        return Attempt(TOKEN, address, places_of(address))

    def name_digest(self, username: str) -> str:
        """Return what a name is counted by. Whoever lacks the secret key cannot guess the name."""
        secret = Settings.of(self._registry).secret_key.get_secret_value().encode()
        name = key(username).encode(errors="surrogatepass")
        return hmac.digest(secret, b"failures of " + name, sha256).hex()

    def check(self, connection: Connection, attempt: Attempt) -> None:
        """Refuse an attempt where too many have failed.

        :raises TooManyRequests: with the seconds after which the next one is served
        """
        self._refuse_for(self._wait(connection, attempt), attempt)

    def failed(self, attempt: Attempt) -> None:
        """Store that an attempt failed, before anybody is told so.

        :raises TooManyRequests: too many others have failed meanwhile, and it stays untold how this one went
        """
        database = Database.of(self._registry)
        with database.engine.begin() as connection:
            if not database.is_sqlite:  # which has one writer at a time anyway
                lock = sha256(attempt.places[-1].name.encode()).digest()[:8]
                number = int.from_bytes(lock, signed=True)
                connection.execute(select(func.pg_advisory_xact_lock(number)))
            wait = self._wait(connection, attempt)
            if not wait:
                at = now()
                rows = [
                    {
                        "kind": _kind(attempt.kind, number),
                        "name_digest": attempt.name_digest,
                        "address": place.name,
                        "at": at,
                    }
                    for number, place in enumerate(attempt.places)
                ]
                connection.execute(insert(Failure).values(rows))
                self.purge(connection, PURGED_AT_ONCE)
        self._refuse_for(wait, attempt)

    def succeeded(self, db: Session, attempt: Attempt) -> None:
        """Forget the failures of this name at this address; those of other names there still count."""
        here = Failure.address.in_([place.name for place in attempt.places])
        pair = (Failure.name_digest == attempt.name_digest, here)
        db.execute(delete(Failure).where(*pair))

    def forget(self, db: Session, username: str | None = None, address: str | None = None) -> int:
        """Forget failures, of a name or an address where one is given, and return how many there were."""
        conditions = []
        if username is not None:
            conditions.append(Failure.name_digest == self.name_digest(username))
        if address is not None:
            # With what was counted around it, or its network would still have to wait.
            names = [place.name for place in places_of(address)]
            conditions.append(Failure.address.in_(names))
        forgotten = db.scalars(delete(Failure).where(*conditions).returning(Failure.kind))
        return sum(kind in IN_NETWORK for kind in forgotten)

    def purge(self, connection: Connection | Session, most: int) -> int:
        """Delete failures that no longer count, and return how many there were.

        :param most: how many at a time, so that nobody waits for long
        """
        return purging.purge(connection, Failure, Failure.at < now() - self._window, most)

    def _wait(self, connection: Connection, attempt: Attempt) -> int:
        """Return after how many seconds an attempt is served; 0 where that is now."""
        at = now()
        values: dict[str, Any] = {
            "name_digest": attempt.name_digest,
            "since": at - self._window,
            # A clock that was wrong may have left failures of the future, which would count for as long.
            "until": at,
        }
        settings = self._settings
        by_token = attempt.kind == TOKEN
        by_address = settings.tokens_per_address if by_token else settings.per_address
        for number, place in enumerate(attempt.places):
            values[f"place_{number}"] = place.name
            values[f"newer_by_address_{number}"] = by_address * place.bears - 1
            if not by_token:
                values[f"newer_by_name_{number}"] = settings.per_name * place.bears - 1
        decisive = connection.execute(_decisive(attempt.kind, len(attempt.places)), values).one()
        latest = max(filter(None, decisive), default=None)
        return ceil((latest + self._window - at).total_seconds()) if latest else 0

    def _refuse_for(self, wait: int, attempt: Attempt) -> None:
        if wait:
            tell(Throttled(registry=self._registry, address=attempt.address, retry_after=wait))
            raise TooManyRequests(wait)


def _kind(kind: str, number: int) -> str:
    """Return the kind of the rows of one of an attempt's places."""
    return IN_NETWORK[kind] if number else kind


def _when(kind: str, number: int, newer: str, *conditions) -> ScalarSelect:
    """Return the instant of the failure after which a limit is kept again, once it has left the window.

    :param number: of the attempt's place
    :param newer: the parameter that tells how many newer ones are allowed beside it
    """
    here = (Failure.kind == _kind(kind, number), Failure.address == bindparam(f"place_{number}"))
    recent = Failure.at.between(bindparam("since"), bindparam("until"))
    return (
        select(Failure.at)
        .where(*here, recent, *conditions)
        .order_by(Failure.at.desc())
        .offset(bindparam(f"{newer}_{number}"))
        .limit(1)
        .scalar_subquery()
    )


@cache
def _decisive(kind: str, places: int) -> Select:
    """Return the one statement that looks at every limit of an attempt.

    :param places: how many it has
    """
    limits = [_when(kind, number, "newer_by_address") for number in range(places)]
    if kind == PASSWORD:
        named = Failure.name_digest == bindparam("name_digest")
        limits += [_when(kind, number, "newer_by_name", named) for number in range(places)]
    return select(*limits)
