"""The log of expected errors: at most a line a second of each kind, so that they cannot fill the disk."""

import logging
from threading import Lock, Timer
from time import monotonic

from sqlalchemy.exc import DBAPIError

from shoptrack.db import database_errors
from shoptrack.errors import ServiceUnavailable

WINDOW_SECONDS = 1.0  # one line of a kind per window; further errors are counted
MAX_KINDS = 100  # kept apart; a message may quote client input
MAX_CAUSE_LENGTH = 200

log = logging.getLogger(__name__)


class RefusalLog:
    """Logs failed requests: an expected error as one warning, every other error with its traceback.

    The first expected error of a kind is logged at once. Those within the next second are counted, and the count is
    logged at its end. A kind is an error class with its message.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._started_at: dict[str, float] = {}  # the windows, by kind
        self._left_out: dict[str, int] = {}

    def log_failure(self, about: str, error: BaseException) -> None:
        """Log an error.

        :param about: the failed action, such as a request's method and path
        """
        refusal = find_refusal(error)
        if refusal is None:
            log.error("%s failed", about, exc_info=error)
            return
        kind = f"{type(refusal).__name__}: {refusal.detail}"
        if self._is_logged(kind):
            log.warning("%s was refused. %s%s", about, kind, _describe_cause(error, refusal))

    def _is_logged(self, kind: str) -> bool:
        """Return whether an expected error is logged now; otherwise it is counted."""
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
    """Return the expected error that an error is or is converted to, ``None`` for an unexpected error."""
    return (
        error
        if isinstance(error, ServiceUnavailable)
        else database_errors.convert_database_error(error)
    )


def _describe_cause(error: BaseException, refusal: ServiceUnavailable) -> str:
    """Return the first line of the driver's message and the reasons, which the message for clients omits."""
    if error is refusal:
        return ""
    message = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    reasons = error.detail if isinstance(error, DBAPIError) else []
    return " ".join([f" ({message[:MAX_CAUSE_LENGTH]})", *reasons])


def includeme(config):
    """Register the log in the application."""
    config.registry[RefusalLog] = RefusalLog()
