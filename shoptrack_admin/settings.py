"""What can be set about the administration."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from shoptrack.settings import SettingsTable, setting


def _zone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (LookupError, OSError, ValueError):
        raise ValueError("There is no time zone of this name.") from None


class AdminSettings(SettingsTable):
    """How the administration shows things."""

    time_zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = setting(
        "Asia/Tokyo",
        "SHOPTRACK_TIME_ZONE",
        expected="a name of the time zone database, such as Asia/Tokyo or Europe/Paris",
    )
