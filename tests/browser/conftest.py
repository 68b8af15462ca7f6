"""The real application, served to a real browser.

Pages are opened by ``new_page``, or by ``page`` where nothing special is needed. A test fails when one of its pages
asks another host for anything, or when its console shows an error that was not expected by ``watch.expect_error``.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shoptrack.testing import serve_app

from .accessibility import violations
from .admin import overflows
from .chromium import launched
from .looks import LOOKS, Look
from .watch import Watch

PATIENCE = 30_000  # milliseconds until something that does not appear is missed
expect.set_options(timeout=PATIENCE)  # which the browser's own time-out does not set


@pytest.fixture(scope="session", params=["sqlite"])
def new_database(new_database):
    """Use one kind of database: what depends on the kind is tested without a browser."""
    return new_database


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run a browser."""
    with launched() as browser:
        yield browser


@pytest.fixture
def site(app) -> Iterator[str]:
    """Serve the application, and return its origin."""
    with serve_app(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """Watch all pages of a test, and fail it for what they should not have done."""
    watch = Watch(site)
    yield watch
    problems = watch.problems()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def new_page(browser: Browser, site: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty page, with cookies and storage of its own.

    ``new_page(javascript=False, locale="ja-JP", width=360, height=640)`` says what differs from a desktop's browser;
    anything else that Playwright's ``new_context`` takes may follow. Addresses may begin with the path.
    """
    contexts = []

    def new_page(
        javascript: bool = True,
        locale: str = "en-GB",
        width: int = 1280,
        height: int = 800,
        **options,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            java_script_enabled=javascript,
            locale=locale,
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Open an empty page in a desktop's browser."""
    return new_page()


@pytest.fixture
def check_accessibility() -> Callable[..., None]:
    """Return a function that fails for what axe-core finds in a page as it is shown now.

    ``check_accessibility(page, leave_out=[".selector"], rules_off=["rule"])``
    """

    def check_accessibility(page: Page, **exceptions) -> None:
        found = violations(page, **exceptions)
        assert not found, "\n".join(found)

    return check_accessibility


@pytest.fixture(params=LOOKS)
def look(request) -> Look:
    """Return one of the looks that a page can have."""
    return LOOKS[request.param]


@pytest.fixture
def check_look(look: Look, check_accessibility: Callable[..., None]) -> Callable[[Page], None]:
    """Return a function that fails for a page which does not fit, or is not accessible, in the look."""

    def check_look(page: Page) -> None:
        assert not overflows(page), page.url
        if look.categories != ():
            check_accessibility(page, categories=look.categories)

    return check_look
