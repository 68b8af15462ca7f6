"""Graceful shutdown: the server finishes its requests before it exits.

waitress would exit at once, or, as the first process of a container, not at all. Here SIGTERM and SIGINT start the
shutdown:

1. Drain: the server still accepts requests, but ``/healthz`` reports that it is leaving, so that a proxy sends its next
   requests elsewhere. This step is skipped by default.
2. Finish: the server accepts no more connections and finishes its requests, streams included. Requests that take too
   long are aborted.
3. The process exits with 0.

A second signal exits at once.
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

# A connection that was silent for this long has no request in transit.
IDLE_SECONDS = 0.5
POLL_SECONDS = 0.1

log = logging.getLogger(__name__)


class GracefulShutdown:
    """Serves until a signal, then shuts down.

    :param server: of `shoptrack.server.create_server`
    :param sockets: its ``map``
    :param leave_seconds: duration of the first step
    :param finish_seconds: time limit of the second step
    """

    def __init__(
        self, server, sockets: dict[int, Any], leave_seconds: float, finish_seconds: float
    ):
        self._server = server
        self._sockets = sockets
        self._leave_seconds = leave_seconds
        self._finish_seconds = finish_seconds
        self._trigger = trigger(sockets)
        self._is_stopping = False

    def serve(self) -> None:
        """Serve, and return after the shutdown. Call it in the main thread, which alone receives signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle_signal)
        self._serve_until(lambda: self._is_stopping, self._server.adj.asyncore_loop_timeout)
        log.info("Shutting down within %g seconds", self._leave_seconds + self._finish_seconds)
        self._drain()
        self._finish()
        self._server.task_dispatcher.shutdown(timeout=1)
        log.info("Shut down")

    def _handle_signal(self, number: int, frame: object) -> None:
        if self._is_stopping:
            os._exit(128 + number)  # the exit status by which shells report a signal
        self._is_stopping = True
        self._trigger.pull_trigger()

    def _drain(self) -> None:
        for listener in self._listeners():
            listener.is_draining = True
        if self._leave_seconds:
            end = time.monotonic() + self._leave_seconds
            self._serve_until(lambda: time.monotonic() >= end, POLL_SECONDS)

    def _finish(self) -> None:
        for listener in self._listeners():
            self._accept_pending(listener)
            # Its own close() would close the trigger of its connections, too.
            wasyncore.dispatcher.close(listener)
        end = time.monotonic() + self._finish_seconds
        self._serve_until(lambda: self._close_idle() == 0 or time.monotonic() >= end, POLL_SECONDS)
        left = self._connections()
        if left:
            log.warning(
                "Shutdown timed out after %g seconds: aborted requests on %d connections",
                self._finish_seconds,
                len(left),
            )

    def _accept_pending(self, listener) -> None:
        """Accept connections that the system has already established: closing would reset them."""
        before = None
        while before != len(self._sockets):
            before = len(self._sockets)
            listener.handle_accept()

    def _close_idle(self) -> int:
        """Close idle connections, and return how many connections are left."""
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
