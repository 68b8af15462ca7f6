"""Who does the work: threads that take one request after the other, and one for what takes no work."""

import logging

from waitress.task import ThreadedTaskDispatcher

from shoptrack.errors import ServiceUnavailable
from shoptrack.server.channel import Channel
from shoptrack.web.logs import LogLimit

HEALTH_PATH = "/healthz"

log = logging.getLogger(__name__)


class Dispatcher:
    """Hands requests to threads.

    Where all threads wait for a database that stands still, whoever asks for the server's health would wait with
    them, and take a process for dead that needs no restart. So that question has a thread of its own, which also
    refuses what is refused without being looked at.

    waitress warns of each request that finds all threads busy, which a browser's page makes of its six requests. Here
    one line a minute tells, and not before as many wait as there are threads.

    :param threads: waitress's
    """

    def __init__(self, threads: ThreadedTaskDispatcher):
        self._threads = threads
        self._idle = ThreadedTaskDispatcher()
        self._idle.set_thread_count(1)
        self._log_limit = LogLimit()

    def add_task(self, channel: Channel) -> None:
        """Have a connection's next request answered."""
        request = channel.requests[0]
        is_health = request.error is None and request.wsgi_path == HEALTH_PATH
        if channel.is_too_many and request.error is None and not is_health:
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
        """End all threads, and return whether requests that waited may have been dropped."""
        self._idle.shutdown(cancel_pending, timeout)
        dropped: bool = self._threads.shutdown(cancel_pending, timeout)
        return dropped
