"""Accepts connections. At the limit, idle connections are closed to make room."""

import logging
from heapq import nsmallest

from waitress.server import BaseWSGIServer

from shoptrack.server.channel import Channel
from shoptrack.server.pending import PendingRequests
from shoptrack.web.logs import LogLimit

MAX_ACCEPTED = 64  # in one turn of the loop, each of which checks all connections
# Beyond the limit: for the connections of two turns, as idle ones are closed in the next turn; and for health checks
# and 503 responses while no connection is idle.
SPARE_CONNECTIONS = 2 * MAX_ACCEPTED + 32

log = logging.getLogger(__name__)


class Listener(BaseWSGIServer):
    """A listening socket, mixed into waitress's class.

    waitress accepts one connection per turn and none at the limit, so that idle connections could block all clients.
    IP addresses have no limit of their own, as a household or a proxy shares one.
    """

    pending: PendingRequests
    max_connections: int
    first_byte_seconds: float
    request_seconds: float
    is_draining = False
    _log_limit: LogLimit

    @classmethod
    def adopt(cls, server: BaseWSGIServer) -> "Listener":
        """Turn a server into a listener: waitress chooses the classes of its servers itself."""
        server.__class__ = type(cls.__name__, (cls, type(server)), {})  # its methods come first
        server.channel_class = Channel
        server._log_limit = LogLimit()
        return server

    def handle_accept(self) -> None:
        """Accept the waiting connections, and close idle ones at the limit."""
        fresh = []
        for _ in range(min(MAX_ACCEPTED, self.adj.connection_limit - len(self._map))):
            before = len(self._map)
            super().handle_accept()
            if len(self._map) == before:
                break
            fresh.append(next(reversed(self._map.values())))
        if len(self._map) > self.max_connections:
            self._make_room(fresh)

    def maintenance(self, now: float) -> None:
        """Close connections that sent nothing before their deadline."""
        super().maintenance(now)
        silent_since = now - self.first_byte_seconds
        for channel in self.active_channels.values():
            if not channel.has_received and channel.creation_time < silent_since:
                channel.will_close = True

    def _make_room(self, fresh: list[Channel]) -> None:
        channels = [
            each for each in self._map.values() if isinstance(each, Channel) and not each.will_close
        ]
        too_many = len(channels) - self.max_connections
        if too_many <= 0:
            return
        dispensable = (each for each in channels if each not in fresh and not each.is_busy)
        # They are closed in the next turn: in this one they may still have events, which a new connection with the same
        # file descriptor would get.
        closing = nsmallest(too_many, dispensable, key=lambda each: each.dispensability)
        for channel in closing:
            channel.will_close = True
        for channel in fresh[: too_many - len(closing)]:
            channel.is_over_limit = True
        if self._log_limit.allow():
            log.warning(
                "Connection limit reached (%d): closing the connections that have been idle for longest",
                len(channels),
            )
