"""The household's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shoptrack.settings import ConfigurationError, Settings, Sources


def read(**environ: str) -> Settings:
    environ = {"SHOPTRACK_DEBUG": "on", **environ}
    return Sources(environ=environ, dotenv_path=None).read(Settings)


def test_it_is_tokyos_unless_another_is_set():
    assert read().time_zone == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        *((name, "no time zone of this name") for name in ("Mars/Olympus", "Tokyo")),
        *((path, "no time zone of this name") for path in ("../etc/passwd", "/etc/localtime")),
        ("a\0b", "It holds a null character"),
    ],
)
def test_a_wrong_name_stops_the_start(wrong, reason):
    with pytest.raises(ConfigurationError, match=f"SHOPTRACK_TIME_ZONE.*{reason}"):
        read(SHOPTRACK_TIME_ZONE=wrong)


def test_instants_are_shown_by_its_clock():
    settings = read(SHOPTRACK_TIME_ZONE="America/New_York")
    midnight = datetime(2025, 7, 1, tzinfo=UTC)
    assert midnight.astimezone(settings.time_zone).isoformat() == "2025-06-30T20:00:00-04:00"
