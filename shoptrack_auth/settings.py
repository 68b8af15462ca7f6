"""The settings of signing in."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from shoptrack.settings import SettingsTable, setting

# Browsers have special rules for names that begin with __.
COOKIE_PREFIX = "^([A-Za-z0-9][A-Za-z0-9_-]{0,39})?$"


class AuthSettings(SettingsTable):
    """Lifetimes of tokens and sessions, transport of refresh tokens, and the mode of permissions."""

    access_token_seconds: int = setting(
        300, "SHOPTRACK_ACCESS_TOKEN_SECONDS", ge=1, expected="whole seconds, 1 or more"
    )
    refresh_token_seconds: int = setting(
        86_400, "SHOPTRACK_REFRESH_TOKEN_SECONDS", ge=1, expected="whole seconds, 1 or more"
    )
    token_leeway_seconds: int = setting(
        300,
        "SHOPTRACK_TOKEN_LEEWAY_SECONDS",
        ge=0,
        le=3600,
        expected="whole seconds, 0 to 3600",
    )
    refresh_transport: Literal["both", "body", "cookie"] = setting(
        "both", "SHOPTRACK_REFRESH_TRANSPORT", expected="both, body or cookie"
    )
    cookie_prefix: Annotated[str, Field(pattern=COOKIE_PREFIX)] = setting(
        "",
        "SHOPTRACK_COOKIE_PREFIX",
        expected="up to 40 letters, digits, - and _, the first a letter or a digit, such as cottage-",
    )
    api_permissions: Literal["authenticated", "model"] = setting(
        "authenticated", "SHOPTRACK_API_PERMISSIONS", expected="authenticated or model"
    )
    browser_seconds: int = setting(
        43_200, "SHOPTRACK_BROWSER_SECONDS", ge=60, expected="whole seconds, 60 or more"
    )
    browser_idle_seconds: int = setting(
        7200,
        "SHOPTRACK_BROWSER_IDLE_SECONDS",
        # The last use is stored once a minute.
        ge=120,
        expected="whole seconds, 120 or more",
    )
    superuser_password: SecretStr | None = setting(
        None,
        "SHOPTRACK_SUPERUSER_PASSWORD",
        "DJANGO_SUPERUSER_PASSWORD",
        expected="the password for `shoptrack createsuperuser --noinput`",
        secret=True,
    )

    def cookie_name(self, name: str) -> str:
        """Return a cookie's name with the prefix of this installation.

        Browsers ignore the port of a cookie's host: without different prefixes, two installations on one host would
        overwrite each other's cookies.
        """
        return self.cookie_prefix + name


class ThrottleSettings(SettingsTable):
    """How many failed attempts are allowed in a rolling window."""

    window_seconds: int = setting(
        900, "SHOPTRACK_FAILURE_WINDOW_SECONDS", ge=1, le=86_400, expected="seconds, 1 to 86400"
    )
    per_name: int = setting(
        10, "SHOPTRACK_FAILURES_PER_NAME", ge=1, le=10_000, expected="a number from 1 to 10000"
    )
    per_address: int = setting(
        50, "SHOPTRACK_FAILURES_PER_ADDRESS", ge=1, le=10_000, expected="a number from 1 to 10000"
    )
    tokens_per_address: int = setting(
        100,
        "SHOPTRACK_TOKEN_FAILURES_PER_ADDRESS",
        ge=1,
        le=10_000,
        expected="a number from 1 to 10000",
    )
