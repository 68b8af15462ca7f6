"""Permissions of reports."""

from enum import StrEnum


class ReportPermission(StrEnum):
    """Names of permissions.

    Reports add up records by day, product and store, also for callers who may not view the records. Names of products,
    stores and the like require the permissions to view those.
    """

    VIEW_REPORTS = "reports:view"
