"""Logs as JSON, one object a line, for programs that collect them.

The .ini says what is logged, to where, and how a line of text reads; the setting changes how a line is
written and nothing else.
"""

import logging

from pythonjsonlogger.orjson import OrjsonFormatter

from shoptrack.settings import Settings
from shoptrack.web.request_id import get_current_request_id

FIELDS = {"asctime": "time", "levelname": "level", "name": "logger"}


class JsonFormatter(OrjsonFormatter):
    """Writes a record with the id of its request, and with whatever members it brings."""

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
    """Write JSON to wherever the process logs, if that is wanted."""
    if Settings.of(config.registry).log_format == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
