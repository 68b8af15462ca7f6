from importlib.util import find_spec

import pytest
from webtest import TestApp

# The plugin needs the users. Beside the core alone, only test_requirements.py can run.
HAS_USERS, HAS_PAGES = (find_spec(name) for name in ("shoptrack_auth", "shoptrack_admin"))
OTHERS = [name for name in ("shoptrack_auth", "shoptrack_admin") if find_spec(name)]

pytest_plugins = ["shoptrack.testing", *(f"{name}.testing" for name in OTHERS)]

PROXY, STRANGER = "10.0.0.1", "203.0.113.9"


def pytest_collection_modifyitems(items):
    missing = pytest.mark.skip(reason="There are no users.")
    for item in items:
        if not HAS_USERS and item.path.name != "test_requirements.py":
            item.add_marker(missing)


@pytest.fixture(scope="session")
def plugins():
    return (*OTHERS, "shoptrack_proxy_auth")


@pytest.fixture(scope="session")
def settings():
    return {
        "shoptrack.api_permissions": "authenticated",
        "shoptrack.trusted_proxies": PROXY,
        "shoptrack.proxy_auth_sign_out_url": "https://auth.example.com/logout",
    }


@pytest.fixture
def ken(make_user):
    return make_user("ken", email="ken@example.com")


@pytest.fixture
def ask(client):
    """Return a function that sends a request from a peer, as in ``ask(PROXY, "GET", url)``."""

    def ask(peer, method, url, headers=None, status=None, client=client, **options):
        send = getattr(client, method.lower() + ("_json" if "params" in options else ""))
        environ = {"REMOTE_ADDR": peer}
        return send(url, headers=headers or {}, extra_environ=environ, status=status, **options)

    return ask


@pytest.fixture
def browse(app):
    """Return a function that returns a browser behind a peer, which adds headers."""

    def browse(peer=PROXY, **headers) -> TestApp:
        sent = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        environ = {
            "wsgi.url_scheme": "https",
            "HTTP_HOST": "localhost",
            "HTTP_ORIGIN": "https://localhost",
            "REMOTE_ADDR": peer,
        }
        return TestApp(app, extra_environ={**environ, **sent})

    return browse
