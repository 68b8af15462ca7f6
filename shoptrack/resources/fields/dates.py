"""Days."""

import re
from datetime import date
from typing import Any

from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Field, JSONSchema, Refused


class Date(Field):
    """A calendar day. It has no time zone, so that it never shifts."""

    def sample(self) -> str:
        """Return a day."""
        return "2025-01-01"

    def answers(self) -> JSONSchema:
        """Return a day's text."""
        return {"type": "string", "format": "date"}

    def parse(self, value: Any) -> date:
        """Take ``YYYY-MM-DD``."""
        try:
            if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise Refused(_("Date has wrong format. Use one of these formats instead: YYYY-MM-DD."))
