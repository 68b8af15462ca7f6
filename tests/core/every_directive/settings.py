"""A setting and a permission."""

from enum import StrEnum

from shoptrack.settings import SettingsTable, setting


class WishSettings(SettingsTable):
    """Settings of wishes."""

    limit: int = setting(5, "SHOPTRACK_WISH_LIMIT", ge=1, expected="a number of wishes")


class WishPermission(StrEnum):
    """What users may do besides viewing and changing wishes."""

    COUNT_WISHES = "wishes:count"
