"""Settings: from the environment, ``.env`` and the .ini into typed, validated, frozen tables.

A table is a subclass of `SettingsTable` with one `setting` per variable, and `Sources` provides the values. The core's
own table is `Settings`. An invalid value prevents startup with a `ConfigurationError` that shows no secret.
"""

from shoptrack.settings.core import (
    DEVELOPMENT_KEY,
    EXAMPLE_KEY,
    MIN_KEY_BYTES,
    Settings,
    generate_secret_key,
)
from shoptrack.settings.memory_limit import read_memory_limit
from shoptrack.settings.sources import STARTUP_FAILED, ConfigurationError, Sources
from shoptrack.settings.table import SettingsTable, SettingsTables, Variable, setting
from shoptrack.settings.value_types import Boolean, CommaList, NameList, format_url, parse_url

__all__ = [
    "STARTUP_FAILED",
    "DEVELOPMENT_KEY",
    "EXAMPLE_KEY",
    "MIN_KEY_BYTES",
    "Boolean",
    "CommaList",
    "ConfigurationError",
    "NameList",
    "Settings",
    "SettingsTable",
    "SettingsTables",
    "Sources",
    "Variable",
    "format_url",
    "generate_secret_key",
    "parse_url",
    "read_memory_limit",
    "setting",
]


def includeme(config):
    """Read the core's settings."""
    config.add_settings_table(Settings)
