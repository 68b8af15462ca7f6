"""The event of a server that is about to serve an application."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Serving:
    """A server has all it needs, and begins to take requests.

    :param threads: that answer requests
    """

    registry: Any
    threads: int
