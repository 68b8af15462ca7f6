import pytest
from shoptrack.settings import ConfigurationError


@pytest.mark.database("sqlite")
def test_it_needs_the_plugin_with_the_users(build_app):
    said = "shoptrack_proxy_auth needs shoptrack_auth, which knows the users"
    with pytest.raises(ConfigurationError, match=said):
        build_app(("shoptrack_proxy_auth",))
