"""Threads for requests, and one more for health checks and rejected requests."""

import logging

from waitress.task import ThreadedTaskDispatcher

from shoptrack.errors import ServiceUnavailable
from shoptrack.server.channel import Channel
from shoptrack.web.logs import LogLimit

HEALTH_PATH = "/healthz"

log = logging.getLogger(__name__)


class Dispatcher:
    """Passes requests to threads.

    If all threads waited for a hanging database, health checks would wait, too, and restart a process that needs no
    restart. So they have a thread of their own, which also answers rejected requests.

    waitress warns about each request that finds all threads busy, and a page makes six requests. Here a warning is
    logged at most once a minute, and only if as many requests wait as there are threads.

    :param threads: waitress's
    """

    def __init__(self, threads: ThreadedTaskDispatcher):
        self._threads = threads
        self._idle = ThreadedTaskDispatcher()
        self._idle.set_thread_count(1)
        self._log_limit = LogLimit()

    def add_task(self, channel: Channel) -> None:
        """Pass on the next request of a connection."""
        request = channel.requests[0]
        is_health = request.error is None and request.wsgi_path == HEALTH_PATH
        if channel.is_over_limit and request.error is None and not is_health:
            request.refuse(
                ServiceUnavailable("The server has too many connections. Try again later.")
            )
        if is_health or request.error or request.refusal:
            self._idle.add_task(channel)
            return
        self._threads.add_task(channel)
        waiting, threads = len(self._threads.queue), len(self._threads.threads)
        if waiting >= threads and self._log_limit.allow():
            log.warning("%d requests wait for one of %d threads", waiting, threads)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Stop all threads, and return whether waiting requests may have been dropped."""
        self._idle.shutdown(cancel_pending, timeout)
        dropped: bool = self._threads.shutdown(cancel_pending, timeout)
        return dropped
