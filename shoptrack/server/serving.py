"""Events of a server that is about to serve an application."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Serving:
    """The server is ready and starts to accept requests.

    :param threads: number of threads that answer requests
    """

    registry: Any
    threads: int


@dataclass(frozen=True)
class TrialPrepared:
    """``shoptrack try`` has migrated its database and is about to serve it.

    :param environment: a command's, with the application and its sessions
    """

    environment: Any
