"""The events of a server that is about to serve an application."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Serving:
    """A server has all it needs, and begins to take requests.

    :param threads: that answer requests
    """

    registry: Any
    threads: int


@dataclass(frozen=True)
class TrialPrepared:
    """``shoptrack try`` has a database with all tables, and is about to serve it to somebody who wants to see it.

    :param environment: a command's, with the application and its sessions
    """

    environment: Any
