"""What one may do with reports."""

from enum import StrEnum


class ReportPermission(StrEnum):
    """Names of permissions.

    A report sums up records for callers who may not view the records, by day, product and store. What it says of
    products, stores and the like takes the permissions to view those.
    """

    VIEW_REPORTS = "reports:view"
