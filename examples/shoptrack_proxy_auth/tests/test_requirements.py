import pytest
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app
from sqlalchemy import URL

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")


def test_it_needs_the_plugin_with_the_users():
    said = "shoptrack_proxy_auth needs shoptrack_auth, which knows the users"
    with pytest.raises(ConfigurationError, match=said):
        make_test_app(NOWHERE, ("shoptrack_proxy_auth",))
