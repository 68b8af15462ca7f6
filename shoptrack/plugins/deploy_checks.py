"""Checks of an installation for ``shoptrack check --deploy``, modelled on Django's ``check --deploy``.

Each check has a stable name and returns one sentence or ``None``. Plugins add checks by ``config.add_deploy_check``.
"""

from collections.abc import Callable, Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from sqlalchemy import text

from shoptrack.db import Database
from shoptrack.db.diagnosis import get_path
from shoptrack.settings import (
    DEVELOPMENT_KEY,
    MIN_KEY_BYTES,
    Settings,
    SettingsTables,
    read_memory_limit,
)

MEBIBYTE = 1024 * 1024
PROCESS_BYTES = 140 * MEBIBYTE  # of a server after a day of use, see docs/scaling.md
THREAD_BYTES = 8 * MEBIBYTE  # of a thread that builds a response
MIN_DISTINCT_CHARACTERS = 10
MIN_IPV4_PREFIX, MIN_IPV6_PREFIX = 8, 32  # shorter prefixes cannot be a private network
DEFAULT_THREADS = 4  # waitress's default
CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")
VOLATILE = frozenset({"tmpfs", "ramfs", "overlay"})  # file systems that a container loses
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Finding:
    """A problem that a check found.

    :param name: of the check
    """

    name: str
    sentence: str


@dataclass(frozen=True)
class Deployment:
    """The installation to check.

    :param registry: of the application
    :param server: the options of the section ``[server:main]``
    :param root: of the file system; tests replace it
    """

    registry: Any
    server: Mapping[str, str] = field(default_factory=dict)
    root: Path = Path("/")

    @property
    def settings(self) -> Settings:
        """Return the core's settings."""
        return Settings.of(self.registry)

    @property
    def threads(self) -> int:
        """Return how many requests the server handles at once."""
        return int(self.server.get("threads", DEFAULT_THREADS))

    @cached_property
    def memory_bytes(self) -> int | None:
        """Return the container's memory limit; ``None`` if there is none or it cannot be read."""
        return read_memory_limit(self.root)

    @property
    def is_container(self) -> bool:
        """Return whether the command runs in a container, whose ports are published separately."""
        return any((self.root / name.lstrip("/")).exists() for name in CONTAINER_FILES)

    def find_file_system(self, path: Path) -> str | None:
        """Return the type of a path's file system, such as ``ext4``; ``None`` if unknown."""
        try:
            lines = (self.root / "proc/mounts").read_text().splitlines()
        except OSError:
            return None
        mounts = [line.split()[1:3] for line in lines]
        holding = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
        return max(holding, key=lambda mount: len(mount[0]))[1] if holding else None


DeployCheck = Callable[[Deployment], str | None]


class DeployChecks(dict[str, DeployCheck]):
    """The checks that an application's plugins add, by name."""

    @classmethod
    def of(cls, registry: Any) -> "DeployChecks":
        """Return the checks of an application."""
        return registry.setdefault(cls, cls())


def read_server_options(ini: str) -> dict[str, str]:
    """Return the options of ``[server:main]``. As in PasteDeploy, ``get name = other`` reads one from ``[DEFAULT]``."""
    parser = ConfigParser(interpolation=None)
    parser.read(ini)
    if "server:main" not in parser:
        return {}
    options = dict(parser["server:main"])
    for name in [name for name in options if name.startswith("get ")]:
        options[name.removeprefix("get ")] = parser.defaults().get(options[name], "")
    return options


def find_findings(deployment: Deployment) -> Iterator[Finding]:
    """Yield the findings of the core's checks, then those of plugins, sorted by name."""
    added = DeployChecks.of(deployment.registry)
    for name, check in (*CORE_CHECKS.items(), *sorted(added.items())):
        if sentence := check(deployment):
            yield Finding(name, sentence)


def check_debug(deployment: Deployment) -> str | None:
    """Find debug mode."""
    if deployment.settings.debug:
        return "Debug mode is on. Set SHOPTRACK_DEBUG=false."
    return None


def check_secret_key(deployment: Deployment) -> str | None:
    """Find a key that is public, short or simple. Without debug mode, startup rejects the first two."""
    key = deployment.settings.secret_key.get_secret_value()
    is_weak = len(key.encode()) < MIN_KEY_BYTES or len(set(key)) < MIN_DISTINCT_CHARACTERS
    if is_weak or key == DEVELOPMENT_KEY:
        return (
            "The secret key is public or easy to guess. Set SHOPTRACK_SECRET_KEY to what "
            "`shoptrack secret-key` prints."
        )
    return None


def check_shared_key(deployment: Deployment) -> str | None:
    """Find a secret key that is also the value of another setting."""
    key = deployment.settings.secret_key.get_secret_value()
    for table in SettingsTables.of(deployment.registry):
        values = table.of(deployment.registry)
        for variable in table.get_variables():
            value = getattr(values, variable.field)
            is_other = variable.field not in ("secret_key", "secret_key_fallbacks")
            if is_other and hasattr(value, "get_secret_value") and value.get_secret_value() == key:
                return f"The secret key is also the value of {variable.name}. Give each its own."
    if deployment.settings.database_url.password == key:
        return "The secret key is also the database's password. Give each its own."
    return None


def check_missing_proxy(deployment: Deployment) -> str | None:
    """Find an installation with a public host name but without a trusted proxy."""
    settings = deployment.settings
    if settings.trusted_proxies or LOCAL_HOSTS.issuperset(settings.allowed_hosts):
        return None
    return (
        "No proxy is trusted: behind one, all clients count as one address, and https is not recognised. "
        "Name its address in SHOPTRACK_TRUSTED_PROXIES."
    )


def check_wide_proxies(deployment: Deployment) -> str | None:
    """Find trusted networks that are too large to be private."""
    for network in deployment.settings.trusted_proxies:
        min_prefix = MIN_IPV4_PREFIX if network.version == 4 else MIN_IPV6_PREFIX
        if network.prefixlen < min_prefix:
            return (
                f"The trusted network {network} is too wide: strangers in it can forge their address. "
                "Name the addresses of your proxies in SHOPTRACK_TRUSTED_PROXIES."
            )
    return None


def check_https(deployment: Deployment) -> str | None:
    """Find an installation that serves plain http."""
    if not deployment.settings.https_only:
        return (
            "Plain http is served, so that passwords can be read on the way. Put a proxy that speaks https in front, "
            "and set SHOPTRACK_HTTPS_ONLY=true."
        )
    return None


def check_hsts(deployment: Deployment) -> str | None:
    """Find https without HSTS, so that browsers may fall back to http."""
    settings = deployment.settings
    if settings.https_only and not settings.hsts_seconds:
        return "Browsers may go back to plain http. Remove SHOPTRACK_HSTS_SECONDS, or set it to 31536000."
    return None


def check_hosts(deployment: Deployment) -> str | None:
    """Find wildcards that allow every host."""
    if any(host in ("*", ".") for host in deployment.settings.allowed_hosts):
        return "Every host is served. Name yours in SHOPTRACK_ALLOWED_HOSTS."
    return None


def check_origins(deployment: Deployment) -> str | None:
    """Find origins without https, whose pages others can modify in transit or forge."""
    for origin in deployment.settings.cors_allowed_origins:
        if not origin.startswith("https://"):
            return (
                f"Pages of {origin} may use the API, and come without https. "
                "Name origins with https in SHOPTRACK_CORS_ALLOWED_ORIGINS."
            )
    return None


def check_memory(deployment: Deployment) -> str | None:
    """Find a container with too little memory for the server's threads."""
    needed = PROCESS_BYTES + deployment.threads * THREAD_BYTES
    limit = deployment.memory_bytes
    if limit is None or limit >= needed:
        return None
    return (
        f"The container has {limit // MEBIBYTE} MiB of memory, and {deployment.threads} threads need about "
        f"{needed // MEBIBYTE} MiB. Raise the limit, or lower `threads` in the .ini file."
    )


def check_listening(deployment: Deployment) -> str | None:
    """Find a server that clients can reach without its proxy. A container's ports are published separately."""
    host = deployment.server.get("host", "")
    if deployment.is_container or not host or _is_loopback(host):
        return None
    return (
        f"The server listens at {host}, also for those who pass by the proxy. "
        "Start it with http_host=127.0.0.1, or close its port in the firewall."
    )


def check_database_role(deployment: Deployment) -> str | None:
    """Find a PostgreSQL role that is a superuser."""
    database = Database.of(deployment.registry)
    if database.is_sqlite:
        return None
    with database.read_engine.connect() as connection:
        role, is_super = connection.execute(
            text("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
        ).one()
    if not is_super:
        return None
    return (
        f"The database role {role!r} is a superuser. Use one that owns ShopTrack's database and has no "
        "other rights."
    )


def check_database_file(deployment: Deployment) -> str | None:
    """Find a SQLite file that is lost with its container or at a restart."""
    database = Database.of(deployment.registry)
    if not database.is_sqlite:
        return None
    path = get_path(database.url).resolve()
    kind = deployment.find_file_system(path)
    if kind not in VOLATILE or (kind == "overlay" and not deployment.is_container):
        return None
    return (
        f"The database file {path} is not on a permanent file system ({kind}), and is lost with the container. "
        "Put it on a volume."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


CORE_CHECKS: dict[str, DeployCheck] = {
    "debug": check_debug,
    "secret_key": check_secret_key,
    "shared_key": check_shared_key,
    "missing_proxy": check_missing_proxy,
    "wide_proxies": check_wide_proxies,
    "https": check_https,
    "hsts": check_hsts,
    "hosts": check_hosts,
    "origins": check_origins,
    "memory": check_memory,
    "listening": check_listening,
    "database_role": check_database_role,
    "database_file": check_database_file,
}
