"""Types of settings. Each parses the text of a source, and accepts a value of its type as it is."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from shoptrack.i18n.currencies import Currency, find_currency

MASK = "***"
# Up to the last "@", since a password without percent-encoding may contain others.
_PASSWORD_IN_URL = re.compile(r"((?:[\w+.-]+:/*)?[^:/]*):(?!//).*@", re.DOTALL)
_PASSWORD_IN_QUERY = re.compile(r"(password\s*=\s*)('[^']*'|[^&\s]+)", re.IGNORECASE)
_ON = {"true", "1", "yes", "on"}
_OFF = {"false", "0", "no", "off"}
_ORIGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}

DEFAULT_URL = URL.create("sqlite", database="shoptrack.sqlite3")

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
}

_SCHEME = re.compile(r"([\w+.-]+)://")
# The parts before decoding. ${HOST:-db} contains characters that otherwise end a part.
_PARTS = re.compile(
    r"[^:]*://(?:(?P<user>[^:/@]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\$\{[^}]*\}|\[[^]]*\]|[^:/?]*)(?::(?P<port>\$\{[^}]*\}|[^/?]*))?(?:/(?P<name>[^?]*))?.*",
    re.DOTALL,
)

# Placeholders in templates.
_BRACKETS = re.compile(r"<.*>|\$?\{.*\}|\[[a-zA-Z_ -]+\]|%\(.*\)s|\$[A-Z_]+", re.DOTALL)
_CAPITALS = re.compile(r"(DB_?)?(USER|USERNAME|PASS|PASSWORD|HOST|HOSTNAME|PORT|NAME|DATABASE)")
_YOURS = re.compile(
    r"your([-_ .]|user|pass|host|server|db|name|database|domain).*",
    re.IGNORECASE,
)
_CHANGE_ME = re.compile(
    r"(change|replace)[-_ ]?(me|it|this)|host|hostname|placeholder|x{3,}|\.{3}", re.IGNORECASE
)


def mask_password(text: str) -> str:
    """Return the text with the password of a URL in it (``://user:password@host``) masked."""
    text = _PASSWORD_IN_URL.sub(rf"\1:{MASK}@", text, count=1)
    return _PASSWORD_IN_QUERY.sub(rf"\1{MASK}", text)


def _parse_boolean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lower() not in _ON | _OFF:
        raise ValueError("It is neither on nor off.")
    return value.lower() in _ON


def split_commas(value: Any) -> Any:
    """Return the texts between commas, without the spaces around them."""
    if not isinstance(value, str):
        return value
    return tuple(filter(None, map(str.strip, value.split(","))))


def _split_names(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _parse_origin(text: str) -> str:
    """Return the origin as browsers write it: in lower case, without a default port."""
    if text == "*":
        raise ValueError("'*' would let any website act for who is signed in: name each origin.")
    if text.lower() == "null":
        raise ValueError("'null' is what anybody's sandboxed pages send: name each origin.")
    match = _ORIGIN.fullmatch(text.lower().removesuffix("/"))
    if not match:
        raise ValueError(
            f"{mask_password(text)!r} is no origin: scheme://host or scheme://host:port, without a path."
        )
    if match["port"] and match["port"] == _DEFAULT_PORTS.get(match["scheme"]):
        return f"{match['scheme']}://{match['host']}"
    return match[0]


def _parse_network(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "*":
        raise ValueError(
            "'*' would trust everybody, so that anybody could forge the address that a request "
            "comes from: name the addresses of your proxies."
        )
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{mask_password(value)!r} is neither an address nor a network.") from None
    if network.prefixlen == 0:
        raise ValueError(
            f"{value!r} would trust everybody, as '*' would: name the addresses of your proxies."
        )
    address = value.partition("/")[0]
    if ip_address(address) != network.network_address:
        raise ValueError(f"{value!r} is an address in {network}: write {address} or {network}.")
    return network


def _parse_zone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (LookupError, OSError, ValueError):
        raise ValueError("There is no time zone of this name.") from None


def _parse_currency(value: Any) -> Any:
    return find_currency(value) if isinstance(value, str) else value


def is_placeholder(text: str, password: bool = False) -> bool:
    """Return whether a part of a URL is a placeholder: ``<host>``, ``USER``, ``your_db``.

    :param password: be lenient, since ``changeme`` is the password of many databases
    """
    shapes = [_BRACKETS, _CAPITALS, _YOURS, *([] if password else [_CHANGE_ME])]
    return any(shape.fullmatch(text) for shape in shapes)


def parse_url(text: str) -> URL:
    """Return the URL, with the driver that ShopTrack uses.

    :raises ValueError: ShopTrack cannot use this database; the message contains no password
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
    """Return a URL for people, without the password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def make_url_from_parts(host: str, port: int, name: str, user: str, password: str | None) -> URL:
    """Return the URL of a PostgreSQL database.

    :param host: a name, an IP address, or the folder of a socket, which begins with ``/``
    """
    driver = DRIVERS["postgresql"]
    if host.startswith("/"):
        return URL.create(driver, user, password, None, port, name, {"host": host})
    return URL.create(driver, user, password, host, port, name)


def check_part(text: str) -> str:
    """Return a host, a name or a user unchanged.

    :raises ValueError: it is a placeholder, or a URL
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
        # SQLAlchemy masks the password only in its usual position.
        url = url.set(password=password).difference_update_query(["password"])
    return url


Boolean = Annotated[bool, BeforeValidator(_parse_boolean)]
"""true, false, 1, 0, yes, no, on, off, in any case."""

CommaList = Annotated[tuple[str, ...], BeforeValidator(split_commas)]
"""Texts separated by commas, with or without spaces."""

NameList = Annotated[tuple[str, ...], BeforeValidator(_split_names)]
"""Names separated by spaces, commas or line ends."""

OriginList = Annotated[
    tuple[Annotated[str, AfterValidator(_parse_origin)], ...], BeforeValidator(split_commas)
]
"""Origins, such as ``https://shop.example.com``, separated by commas."""

NetworkList = Annotated[
    tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(_parse_network)], ...],
    BeforeValidator(split_commas),
]
"""Networks and single addresses, IPv4 and IPv6, separated by commas."""

TimeZone = Annotated[ZoneInfo, BeforeValidator(_parse_zone)]
"""A name of the time zone database, such as ``Asia/Tokyo``."""

CurrencyCode = Annotated[Currency, BeforeValidator(_parse_currency)]
"""A code of ISO 4217, such as ``JPY``."""
