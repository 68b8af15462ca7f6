"""Signing in at a provider on another site, and being signed in when the browser comes back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shoptrack.testing import serve_app

from ..auth.openid import plugin as openid
from ..auth.openid.provider import CLIENT, SECRET, Provider, serve_provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serve_provider("localhost") as provider:
        provider.is_asking = True
        yield provider


@pytest.fixture
def site(build_app, plugins, provider) -> Iterator[str]:
    """Serve the application with the plugin, and return its origin."""
    app = build_app(
        (*plugins, openid.__name__),
        shoptrack__openid_issuer=provider.url,
        shoptrack__openid_client_id=CLIENT,
        shoptrack__openid_client_secret=SECRET,
    )
    with serve_app(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(browser, site) -> Iterator[Page]:
    """Open an empty page, which may ask another host: the provider."""
    context = browser.new_context(base_url=site)
    yield context.new_page()
    context.close()


def test_the_browser_comes_back_signed_in(page, make_user):
    make_user("mio", is_staff=True, email="mio@example.com")
    page.goto("/admin/")
    page.get_by_role("link", name="Sign in with OpenID Connect").click()
    page.get_by_role("link", name="Agree").click()
    expect(page.locator(".who")).to_have_text("mio")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#field-password")).to_be_visible()
