"""Settings of reports."""

from shoptrack.settings import SettingsTable, setting
from shoptrack_reports.granularities import MAX_MONTH_START


class ReportSettings(SettingsTable):
    """Settings of reports."""

    month_start: int = setting(
        1,
        "SHOPTRACK_MONTH_START",
        ge=1,
        le=MAX_MONTH_START,
        expected=f"the day on which the household's months begin, 1 to {MAX_MONTH_START}",
    )
