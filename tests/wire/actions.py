"""What happens beside the wire, in the lines of a transcript that begin with ``* ``."""

import time
from collections.abc import Callable
from typing import Any

import jwt
from sqlalchemy import Connection, text, update

from shoptrack.history import restart_feed
from shoptrack.testing import SECRET_KEY
from shoptrack_auth.models import User

from ..server.conftest import eventually

Values = dict[str, str]
SNAPSHOT = "SELECT pg_snapshot_x{}(pg_current_snapshot())::text::bigint"
CLAIMS = {"token_type", "exp", "iat", "jti", "user_id", "sub", "sid"}


def deactivate(connection: Connection, values: Values, name: str) -> None:
    """``deactivate ken``."""
    _update(connection, name, is_active=False)


def new_password(connection: Connection, values: Values, name: str) -> None:
    """``new_password ken``: the version rises, as it does with every new password."""
    _update(connection, name, password_version=User.password_version + 1)


def delete(connection: Connection, values: Values, name: str) -> None:
    """``delete ken``."""
    connection.execute(User.__table__.delete().where(User.username == name))


def token(connection: Connection, values: Values, name: str, like: str, *claims: str) -> None:
    """``token old {ken} exp=-60``: a token with other claims, signed with the application's own key.

    Instants count from now. ``sid=-`` leaves a claim out, ``user_id=#1`` is a number, ``key=…`` signs with another key.
    """
    payload: dict[str, Any] = jwt.decode(like, options={"verify_signature": False})
    key = SECRET_KEY
    for claim in claims:
        claim_name, _, value = claim.partition("=")
        if claim_name == "key":
            key = value
        elif value == "-":
            del payload[claim_name]
        else:
            payload[claim_name] = _make_claim(claim_name, value)
    values[name] = jwt.encode(payload, key, algorithm="HS256")


def settle(connection: Connection, values: Values) -> None:
    """``settle``: wait for transactions of other tests, which hold back what has changed."""
    if connection.dialect.name == "postgresql":
        newest = connection.scalar(text(SNAPSHOT.format("max")))
        eventually(lambda: connection.scalar(text(SNAPSHOT.format("min"))) >= newest, str)


def restore(connection: Connection, values: Values) -> None:
    """``restore``: as after a backup was restored."""
    restart_feed(connection)


def _make_claim(name: str, value: str) -> str | int:
    if name in ("exp", "iat"):
        return int(time.time()) + int(value)
    return int(value.removeprefix("#")) if value.startswith("#") else value


def check_claims(connection: Connection, values: Values, token: str, *expected: str) -> None:
    """``check_claims {access} token_type=access lifetime=300``: of all that a token says, some values.

    :raises ValueError: it says something else
    """
    claims = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
    if claims.keys() != CLAIMS:
        raise ValueError(f"The token's claims are {', '.join(claims)}.")
    claims["lifetime"] = claims["exp"] - claims["iat"]
    for item in expected:
        name, _, value = item.partition("=")
        if str(claims[name]) != value:
            raise ValueError(f"The token's {name} is {claims[name]!r}.")


def _update(connection: Connection, name: str, **changes: Any) -> None:
    connection.execute(update(User).where(User.username == name).values(changes))


ACTIONS: dict[str, Callable[..., None]] = {
    action.__name__: action
    for action in (deactivate, new_password, delete, token, check_claims, settle, restore)
}


def act(connection: Connection, values: Values, line: str) -> None:
    """Carry out one line.

    :raises ValueError: there is no such action, or it found something else than the line says
    """
    name, *arguments = line.split()
    if name not in ACTIONS:
        raise ValueError(f"There is no action {name!r}, only {', '.join(ACTIONS)}.")
    ACTIONS[name](connection, values, *arguments)
