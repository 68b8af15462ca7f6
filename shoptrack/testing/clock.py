"""The clock behind the household's current date."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from shoptrack.db import calendar_days


@pytest.fixture
def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that stops the clock of the household's date until the test ends.

    ``stop_clock("2028-02-29T15:00:00Z")`` takes the instant with its offset from UTC.
    """

    def stop_clock(instant: str) -> None:
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise ValueError(f"Write the instant with its offset, as in {instant}Z.")
        monkeypatch.setattr(calendar_days, "get_now", lambda: at)

    return stop_clock


@pytest.fixture
def today(app, stop_clock: Callable[[str], None]) -> date:
    """Return the household's current date, and keep it unchanged until the test ends."""
    stop_clock(calendar_days.get_now().isoformat())
    return calendar_days.get_today(app.registry)
