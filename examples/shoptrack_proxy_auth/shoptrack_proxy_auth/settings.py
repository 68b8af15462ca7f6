"""The settings of signing in by the proxy."""

from typing import Annotated, Literal

from pydantic import Field
from shoptrack.settings import SettingsTable, setting

# Not javascript: and the like, since the administration's pages link to it.
URL = r"^(https?://[^\s/]|/([^\s/]|$))\S*$"


class ProxyAuthSettings(SettingsTable):
    """Which header has the user, and what it says of the user."""

    header: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]*$")] = setting(
        "Remote-User",
        "SHOPTRACK_PROXY_AUTH_HEADER",
        expected="the proxy's header, such as Remote-User or X-Forwarded-Email",
    )
    field: Literal["username", "email"] = setting(
        "username", "SHOPTRACK_PROXY_AUTH_FIELD", expected="username or email"
    )
    sign_out_url: Annotated[str, Field(pattern=URL)] | None = setting(
        None,
        "SHOPTRACK_PROXY_AUTH_SIGN_OUT_URL",
        expected="where users sign out, such as https://auth.example.com/logout",
    )
