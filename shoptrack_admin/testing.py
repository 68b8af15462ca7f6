"""Fixtures for tests of the administration's pages, a plugin's own included."""

import itertools
from collections.abc import Callable
from http.cookiejar import Cookie

import pytest
from webtest import TestApp

from shoptrack_admin.pages import COOKIE_NAME, PATH
from shoptrack_auth import browser_sessions, sessions
from shoptrack_auth.models import SessionKind, User

ENVIRON = {
    "wsgi.url_scheme": "https",
    "HTTP_HOST": "localhost",
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_ORIGIN": "https://localhost",  # browsers send it with every form
    "HTTP_ACCEPT_LANGUAGE": "en",
}
COOKIE = f"__Secure-{COOKIE_NAME}"


@pytest.fixture
def visitor(app, hasher) -> TestApp:
    """Return a browser without a session."""
    return TestApp(app, extra_environ=dict(ENVIRON))


@pytest.fixture
def browser_of(app, database):
    """Return a function that signs a user in and returns the browser.

    ``browser_of(user)`` works for users whom the sign-in page rejects, too, for example without staff status.
    """
    numbers = iter(range(1, 1000))

    def browser_of(user: User) -> TestApp:
        key = f"a-key-of-the-tests-{next(numbers)}"
        proof = sessions.VerifiedPassword(user.id, user.password_version)
        device = sessions.Device("127.0.0.1", "a test")
        with database.session() as db, db.begin():
            kind, digest = SessionKind.BROWSER, browser_sessions.hash_key(key)
            assert sessions.create_session(db, proof, device, 3600, kind, digest), "cannot sign in"
        client = TestApp(app, extra_environ=dict(ENVIRON))
        _set_cookie(client, key)
        return client

    return browser_of


def _set_cookie(client: TestApp, key: str) -> None:
    """Set the session cookie as a response would, so that a later one replaces it."""
    cookie = Cookie(
        version=0,
        name=COOKIE,
        value=key,
        port=None,
        port_specified=False,
        domain="localhost.local",  # the standard library's name for a host without a dot
        domain_specified=False,
        domain_initial_dot=False,
        path=PATH,
        path_specified=True,
        secure=True,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )
    client.cookiejar.set_cookie(cookie)


@pytest.fixture
def superuser(make_user) -> User:
    """Create a superuser."""
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(make_user) -> User:
    """Create a staff user without permissions."""
    return make_user("mio", is_staff=True)


@pytest.fixture
def admin(browser_of, superuser) -> TestApp:
    """Return the browser of a superuser."""
    return browser_of(superuser)


@pytest.fixture
def staff_with(browser_of, make_user, grant) -> Callable[..., TestApp]:
    """Return a function that signs in a staff user with the given permissions only.

    ``staff_with("budgets:view")`` returns the browser.
    """
    numbers = itertools.count(1)

    def staff_with(*permissions: str) -> TestApp:
        user = make_user(f"staff{next(numbers)}", is_staff=True)
        grant(user, *permissions)
        return browser_of(user)

    return staff_with


@pytest.fixture
def submit():
    """Return a function that posts a form with a CSRF token.

    ``submit(admin, "/admin/categories/add/", {"name": "Meat"}, status=303)``
    """

    def submit(client: TestApp, path: str, fields=(), **options):
        page = client.get("/admin/login/")
        if page.status_int in (302, 303):
            page = page.follow()
        pairs = list(dict(fields).items()) if isinstance(fields, dict) else list(fields)
        return client.post(
            path, [("csrf_token", page.forms[0]["csrf_token"].value), *pairs], **options
        )

    return submit
