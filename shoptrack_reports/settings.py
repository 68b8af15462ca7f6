"""What can be set about reports."""

from shoptrack.settings import SettingsTable, setting
from shoptrack_reports.cuts import LATEST_MONTH_START


class ReportSettings(SettingsTable):
    """How reports count."""

    month_start: int = setting(
        1,
        "SHOPTRACK_MONTH_START",
        ge=1,
        le=LATEST_MONTH_START,
        expected=f"the day on which the household's months begin, 1 to {LATEST_MONTH_START}",
    )
