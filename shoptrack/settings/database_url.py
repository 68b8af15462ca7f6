"""Which database: its address in one piece, or in parts."""

import re

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from shoptrack.settings.placeholders import is_placeholder

DEFAULT_URL = URL.create("sqlite", database="shoptrack.sqlite3")

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
}

_SCHEME = re.compile(r"([\w+.-]+)://")
# The parts as they are written, before decoding. ${HOST:-db} holds what otherwise ends a part.
_PARTS = re.compile(
    r"[^:]*://(?:(?P<user>[^:/@]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\$\{[^}]*\}|\[[^]]*\]|[^:/?]*)(?::(?P<port>\$\{[^}]*\}|[^/?]*))?(?:/(?P<name>[^?]*))?.*",
    re.DOTALL,
)


def parse_url(text: str) -> URL:
    """Return the address, with the driver that ShopTrack uses.

    :raises ValueError: ShopTrack can use no such database; the message holds no password
    """
    match = _SCHEME.match(text)
    if not match:
        raise ValueError("It does not begin with a scheme and '://'.")
    scheme = match[1].lower()
    if scheme not in DRIVERS:
        raise ValueError(f"ShopTrack has no use for the scheme {scheme!r}.")
    _check_placeholders(text)
    try:
        url = make_url(text).set(drivername=DRIVERS[scheme])
    except (ArgumentError, ValueError):
        raise ValueError("It cannot be read; is its port a number?") from None
    return _check_sqlite(url) if url.drivername == "sqlite" else _check_postgresql(url)


def format_url(url: URL) -> str:
    """Return an address as people write it, without the password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def make_url_from_parts(host: str, port: int, name: str, user: str, password: str | None) -> URL:
    """Return a PostgreSQL database's address.

    :param host: a name, an address, or the folder of a socket, which begins with ``/``
    """
    driver = DRIVERS["postgresql"]
    if host.startswith("/"):
        return URL.create(driver, user, password, None, port, name, {"host": host})
    return URL.create(driver, user, password, host, port, name)


def check_part(text: str) -> str:
    """Return a host, a name or a user as it is.

    :raises ValueError: it is a placeholder, or an address
    """
    if is_placeholder(text):
        raise ValueError("It is a placeholder.")
    if "://" in text:
        raise ValueError("A whole address is written as DATABASE_URL.")
    return text


def _check_placeholders(text: str) -> None:
    parts = _PARTS.fullmatch(text)
    for part, value in parts.groupdict(default="").items() if parts else ():
        if is_placeholder(value, password=part == "password"):
            raise ValueError(f"Its {part} is a placeholder: fill it in, or remove the variable.")


def _check_sqlite(url: URL) -> URL:
    if url.host or url.username:
        raise ValueError("A file comes after three slashes, an absolute path after four.")
    if not url.database or ":memory:" in url.database or url.query.get("mode") == "memory":
        raise ValueError(
            "ShopTrack uses several connections, only one of which sees a database in memory: "
            "name a file."
        )
    return url


def _check_postgresql(url: URL) -> URL:
    if url.host and "@" in url.host:
        raise ValueError("An '@' in its user or password has to be written as %40.")
    if not url.database:
        raise ValueError("It names no database after the host.")
    if url.port is not None and not 1 <= url.port <= 65535:
        raise ValueError("Its port is not between 1 and 65535.")
    password = url.query.get("password")
    if isinstance(password, str):
        # SQLAlchemy masks the password only in its usual place.
        url = url.set(password=password).difference_update_query(["password"])
    return url
