"""Logs: lines as JSON objects for programs that collect them, and warnings that would fill the log.

The .ini file configures what is logged and where. The setting changes only the format of a line.
"""

import logging
from time import monotonic

from pythonjsonlogger.orjson import OrjsonFormatter

from shoptrack.settings import Settings
from shoptrack.web.request_id import get_current_request_id

LOG_INTERVAL_SECONDS = 60
FIELDS = {"asctime": "time", "levelname": "level", "name": "logger"}


class LogLimit:
    """Allows one line a minute, for a warning that every request could cause."""

    def __init__(self) -> None:
        self._next_at = 0.0

    def allow(self) -> bool:
        """Return whether the line may be written now. If so, the next one has to wait a minute."""
        now = monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + LOG_INTERVAL_SECONDS
        return True


class JsonFormatter(OrjsonFormatter):
    """Formats a record as JSON, with the ID of its request and its ``extra`` fields."""

    def __init__(self):
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields=FIELDS,
        )

    def add_fields(self, log_data, record, message_dict) -> None:
        """Add the request's id."""
        super().add_fields(log_data, record, message_dict)
        log_data["request_id"] = get_current_request_id()


def includeme(config):
    """Log as JSON if ``SHOPTRACK_LOG_FORMAT`` says so."""
    if Settings.of(config.registry).log_format == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
