"""How a server ends: it takes no more requests, and breaks none off that it has.

waitress would end at once, or, where it is the first process of a container, not at all. Here SIGTERM and SIGINT begin
the end, in up to three steps:

1. for a while everything goes on, but ``/healthz`` says that the server leaves. A proxy that asks it sends its next
   requests elsewhere, and closes the connections that it holds. By default this step is left out;
2. no more connections are taken; requests in hand are finished, streams too. What they have not come to the end of when
   their time is over is broken off;
3. the process ends with 0.

A second signal ends it at once.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.trigger import trigger

# A connection on which nothing was heard for so long has no request on its way here.
IDLE_SECONDS = 0.5
POLL_SECONDS = 0.1  # between two looks at what is left, where nothing happens

log = logging.getLogger(__name__)


class GracefulShutdown:
    """Serves until a signal comes, and a little longer.

    :param server: of `shoptrack.server.create_server`
    :param sockets: its ``map``
    :param leave_seconds: how long the first step takes
    :param finish_seconds: how long the second may take
    """

    def __init__(
        self, server, sockets: dict[int, Any], leave_seconds: float, finish_seconds: float
    ):
        self._server = server
        self._sockets = sockets
        self._leave_seconds = leave_seconds
        self._finish_seconds = finish_seconds
        self._alarm = trigger(sockets)
        self._asked = False

    def serve(self) -> None:
        """Serve, and return once the server has ended. Only a process's first thread hears signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)
        self._serve_until(lambda: self._asked, self._server.adj.asyncore_loop_timeout)
        log.info("Ending: at most %g seconds from now", self._leave_seconds + self._finish_seconds)
        self._leave()
        self._finish()
        self._server.task_dispatcher.shutdown(timeout=1)
        log.info("Ended")

    def _hear(self, number: int, frame: object) -> None:
        if self._asked:
            os._exit(128 + number)  # as shells tell of a process that a signal has ended
        self._asked = True
        self._alarm.pull_trigger()

    def _leave(self) -> None:
        for listener in self._listeners():
            listener.is_draining = True
        if self._leave_seconds:
            end = time.monotonic() + self._leave_seconds
            self._serve_until(lambda: time.monotonic() >= end, POLL_SECONDS)

    def _finish(self) -> None:
        for listener in self._listeners():
            self._take_who_waits(listener)
            # Its own close() would end its connections' wake-up, too.
            wasyncore.dispatcher.close(listener)
        end = time.monotonic() + self._finish_seconds
        self._serve_until(
            lambda: self._let_idle_ones_go() == 0 or time.monotonic() >= end, POLL_SECONDS
        )
        left = self._connections()
        if left:
            log.warning(
                "Shutdown timed out after %g seconds: aborted requests on %d connections",
                self._finish_seconds,
                len(left),
            )

    def _take_who_waits(self, listener) -> None:
        """Accept the connections that the system made already: closing would break them."""
        before = None
        while before != len(self._sockets):
            before = len(self._sockets)
            listener.handle_accept()

    def _let_idle_ones_go(self) -> int:
        """Close the connections on which nothing is in hand, and return how many are left."""
        silent_since = time.time() - IDLE_SECONDS
        connections = self._connections()
        for channel in connections:
            in_hand = channel.requests or channel.request or channel.total_outbufs_len
            if not in_hand and channel.last_activity < silent_since:
                channel.will_close = True
        return len(connections)

    def _serve_until(self, over: Callable[[], bool], turn_seconds: float) -> None:
        while not over():
            wasyncore.loop(turn_seconds, self._server.adj.asyncore_use_poll, self._sockets, count=1)

    def _listeners(self) -> list[BaseWSGIServer]:
        return [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]

    def _connections(self) -> list[HTTPChannel]:
        return [each for each in self._sockets.values() if isinstance(each, HTTPChannel)]
