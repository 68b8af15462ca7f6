"""What the server needs to know beside waitress's own options, which stand in the .ini."""

from typing import Annotated

from pydantic import Field

from shoptrack.settings import SettingsTable, setting


class ServerSettings(SettingsTable):
    """How long a server waits for others when it starts and for requests, and how long these have when it ends."""

    start_seconds: float = setting(
        60.0,
        "SHOPTRACK_START_SECONDS",
        ge=0,
        le=3600,
        expected="seconds, 0 to 3600, in which a server that starts waits for its database and its migrations",
    )
    request_seconds: float = setting(
        60.0,
        "SHOPTRACK_REQUEST_SECONDS",
        ge=1,
        le=3600,
        expected="seconds, 1 to 3600, in which a request must have arrived, its body too",
    )
    first_byte_seconds: float = setting(
        10.0,
        "SHOPTRACK_FIRST_BYTE_SECONDS",
        ge=1,
        le=3600,
        expected="seconds, 1 to 3600, in which a new connection must have sent something",
    )
    leave_seconds: float = setting(
        0.0,
        "SHOPTRACK_LEAVE_SECONDS",
        ge=0,
        le=3600,
        expected="seconds, 0 to 3600, in which a server that is to end still takes requests, "
        "while /healthz tells proxies to send no more",
    )
    finish_seconds: float = setting(
        8.0,
        "SHOPTRACK_FINISH_SECONDS",
        ge=0,
        le=3600,
        expected="seconds, 0 to 3600, in which a server that takes no more requests finishes those it has, "
        "and a worker its jobs",
    )


class ComposeSettings(SettingsTable):
    """What the Compose files read. The application meets these names in the same ``.env``."""

    publish: Annotated[str, Field(pattern=r"^([^:]+:|\[.+\]:)?\d+$")] = setting(
        "127.0.0.1:8000",
        "SHOPTRACK_PUBLISH",
        expected="an address and a port, such as 127.0.0.1:8000 or 0.0.0.0:8000",
    )
    replicas: int = setting(2, "SHOPTRACK_REPLICAS", ge=1, expected="a whole number, 1 or more")
    cpu_limit: float = setting(
        1.0,
        "SHOPTRACK_CPU_LIMIT",
        gt=0,
        expected="how many processors a replica may use, such as 0.5",
    )
    memory_limit: str = setting(
        "512M", "SHOPTRACK_MEMORY_LIMIT", expected="the memory that a replica may use, such as 512M"
    )
