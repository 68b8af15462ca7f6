"""What one may do with reports."""

from enum import StrEnum


class ReportPermission(StrEnum):
    """Names of permissions. A report shows sums of records to those who may not see the records."""

    VIEW_REPORTS = "reports:view"
