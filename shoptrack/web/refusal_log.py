"""The log of documented refusals: a line a second at most for each kind, so that none fills a disk."""

import logging
from threading import Lock, Timer
from time import monotonic

from sqlalchemy.exc import DBAPIError

from shoptrack.db import database_errors
from shoptrack.errors import ServiceUnavailable

WINDOW_SECONDS = 1.0  # in which one line of a kind is logged, and further refusals are counted
MAX_KINDS = 100  # that are told apart; a sentence may name what a client sent
MAX_CAUSE_LENGTH = 200

log = logging.getLogger(__name__)


class RefusalLog:
    """Logs failed requests: a documented refusal as one warning, everything else as an error with its traceback.

    The first refusal of a kind is logged at once. Those that follow within a second are counted, and the count is
    logged when the second is over. A kind is an error class with its sentence.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._started_at: dict[str, float] = {}  # the windows, by kind
        self._left_out: dict[str, int] = {}

    def log_failure(self, about: str, error: BaseException) -> None:
        """Log why something failed.

        :param about: what it was, such as a request's method and path
        """
        refusal = find_refusal(error)
        if refusal is None:
            log.error("%s failed", about, exc_info=error)
            return
        kind = f"{type(refusal).__name__}: {refusal.detail}"
        if self._is_logged(kind):
            log.warning("%s was refused. %s%s", about, kind, _describe_cause(error, refusal))

    def _is_logged(self, kind: str) -> bool:
        """Return whether a refusal gets a line now; otherwise it is counted."""
        now = monotonic()
        with self._lock:
            until = self._started_at.get(kind, -WINDOW_SECONDS) + WINDOW_SECONDS
            if now >= until and kind not in self._left_out:
                self._started_at.pop(kind, None)
                if len(self._started_at) >= MAX_KINDS:
                    self._started_at.pop(next(iter(self._started_at)))
                self._started_at[kind] = now
                return True
            if kind not in self._left_out:
                timer = Timer(max(0.0, until - now), self._log_count, (kind,))
                timer.daemon = True
                timer.start()
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return False

    def _log_count(self, kind: str) -> None:
        with self._lock:
            count = self._left_out.pop(kind)
            self._started_at[kind] = monotonic()
        log.warning("%d more refused within a second. %s", count, kind)


def find_refusal(error: BaseException) -> ServiceUnavailable | None:
    """Return the documented refusal that an error is or becomes, ``None`` where it is a fault."""
    return (
        error
        if isinstance(error, ServiceUnavailable)
        else database_errors.convert_database_error(error)
    )


def _describe_cause(error: BaseException, refusal: ServiceUnavailable) -> str:
    """Return the first line of what a driver says, and why, which the sentence for clients leaves out."""
    if error is refusal:
        return ""
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    reasons = error.detail if isinstance(error, DBAPIError) else []
    return " ".join([f" ({said[:MAX_CAUSE_LENGTH]})", *reasons])


def includeme(config):
    """Let the application's parts log what failed."""
    config.registry[RefusalLog] = RefusalLog()
