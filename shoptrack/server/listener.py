"""Taking connections, also where there are as many as there may be: those that say nothing make room."""

import logging
from heapq import nsmallest

from waitress.server import BaseWSGIServer

from shoptrack.server.channel import Channel
from shoptrack.server.pending import PendingRequests
from shoptrack.web.logs import LogLimit

MAX_ACCEPTED = 64  # in one turn, in which each of all connections is looked at
# Beyond the limit: for those of two turns, since what makes room is closed in the next, and for those who ask for the
# server's health, or are to be told to come again, where nothing makes room.
SPARE_CONNECTIONS = 2 * MAX_ACCEPTED + 32

log = logging.getLogger(__name__)


class Listener(BaseWSGIServer):
    """A socket that takes connections; mixed into waitress's class.

    waitress takes one in each turn, and none where there are too many; so as many as say nothing would shut everybody
    out. Nobody is refused by the address that connections come from, which a household or a proxy share.
    """

    pending: PendingRequests
    max_connections: int
    first_byte_seconds: float
    request_seconds: float
    is_draining = False
    _log_limit: LogLimit

    @classmethod
    def adopt(cls, server: BaseWSGIServer) -> "Listener":
        """Return a server of waitress's, which names the classes of its servers itself, as a listener."""
        server.__class__ = type(cls.__name__, (cls, type(server)), {})  # its methods come first
        server.channel_class = Channel
        server._log_limit = LogLimit()
        return server

    def handle_accept(self) -> None:
        """Take the connections that wait, and make room for them."""
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
        """Close connections on which nothing happened for too long."""
        super().maintenance(now)
        silent_since = now - self.first_byte_seconds
        for channel in self.active_channels.values():
            if not channel.is_heard and channel.creation_time < silent_since:
                channel.will_close = True

    def _make_room(self, fresh: list[Channel]) -> None:
        channels = [
            each for each in self._map.values() if isinstance(each, Channel) and not each.will_close
        ]
        too_many = len(channels) - self.max_connections
        if too_many <= 0:
            return
        dispensable = (each for each in channels if each not in fresh and not each.is_in_hand)
        # They are closed in the next turn: in this one, something may yet have happened to them, and a new connection
        # that took their number would be held responsible.
        closing = nsmallest(too_many, dispensable, key=lambda each: each.dispensability)
        for channel in closing:
            channel.will_close = True
        for channel in fresh[: too_many - len(closing)]:
            channel.is_too_many = True
        if self._log_limit.allow():
            log.warning(
                "There are %d connections: those make room that have said nothing for longest",
                len(channels),
            )
