"""Settings: from the environment, ``.env`` and the .ini into typed, validated, frozen tables.

A table is a subclass of `SettingsTable` with one `setting` a variable; `Sources` fills it in. The
core's own table is `Settings`. Whatever is wrong stops the start as a `ConfigurationError` that
shows no secret.
"""

from shoptrack.settings.core import Settings
from shoptrack.settings.errors import ConfigurationError
from shoptrack.settings.secret_key import generate_secret_key
from shoptrack.settings.sources import Sources
from shoptrack.settings.table import SettingsTable, SettingsTables
from shoptrack.settings.value_types import Boolean, CommaList, NameList
from shoptrack.settings.variables import Variable, setting

__all__ = [
    "CommaList",
    "ConfigurationError",
    "NameList",
    "Settings",
    "SettingsTable",
    "SettingsTables",
    "Sources",
    "Boolean",
    "Variable",
    "generate_secret_key",
    "setting",
]


def includeme(config):
    """Read the core's settings."""
    config.add_settings_table(Settings)
