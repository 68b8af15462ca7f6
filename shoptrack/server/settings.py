"""What the server needs to know beside waitress's own options, which stand in the .ini."""

from shoptrack.settings import SettingsTable, setting


class ServerSettings(SettingsTable):
    """How long a server waits for others when it starts."""

    start_seconds: float = setting(
        60.0,
        "SHOPTRACK_START_SECONDS",
        ge=0,
        le=3600,
        expected="seconds, 0 to 3600, in which a server that starts waits for its database and its migrations",
    )
