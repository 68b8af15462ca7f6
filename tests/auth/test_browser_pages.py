"""Where a browser's session counts: on the pages that a plugin announced, and nowhere else."""

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from webtest import TestApp

from shoptrack.permissions import SIGNED_IN
from shoptrack.settings import ConfigurationError
from shoptrack_auth import browser_sessions
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")


def includeme(config):
    """Serve a page that signs in, one that tells who is signed in, and the same elsewhere."""
    config.set_browser_pages("/desk/", cookie_name="house-desk")

    def start(request):
        browser_sessions.start_session(request, "mio", PASSWORD)
        return request.response

    def who(request):
        request.response.text = request.identity.username
        return request.response

    for path, view, permission in (
        ("/desk/start", start, NO_PERMISSION_REQUIRED),
        ("/desk/who", who, SIGNED_IN),
        ("/house/who", who, SIGNED_IN),
    ):
        config.add_route(path, path)
        config.add_view(view, route_name=path, permission=permission)


@pytest.fixture
def desk(build_app, plugin, make_user) -> TestApp:
    make_user("mio", is_staff=True)
    app = build_app(("shoptrack_auth", plugin("house", includeme)))
    return TestApp(app, extra_environ={"wsgi.url_scheme": "https", "HTTP_HOST": "localhost"})


def test_its_cookie_is_of_those_pages(desk):
    answer = desk.get("/desk/start")
    assert answer.headers["Set-Cookie"].startswith("__Secure-house-desk=")
    assert "Path=/desk/;" in answer.headers["Set-Cookie"]


def test_it_counts_there_and_nowhere_else(desk):
    desk.get("/desk/who", status=401)
    cookie = desk.get("/desk/start").headers["Set-Cookie"].partition(";")[0]
    assert desk.get("/desk/who").text == "mio"
    desk.get("/house/who", headers={"Cookie": cookie}, status=401)


def test_a_token_does_not_count_there(desk, sign_in):
    bearer = sign_in("mio").auth_headers
    desk.get("/desk/who", headers=bearer, status=401)
    assert desk.get("/house/who", headers=bearer).text == "mio"


@pytest.mark.parametrize("path", ["/desk", "desk/", "/", "//", ""])
def test_a_path_needs_a_slash_at_both_ends(build_app, plugin, path):
    wrong = plugin("house", lambda config: config.set_browser_pages(path, cookie_name="desk"))
    with pytest.raises(ConfigurationError, match="a slash at both ends, such as '/desk/'"):
        build_app((wrong,))
