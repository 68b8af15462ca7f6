"""The root path: where people and programs begin."""

import pytest

from shoptrack.testing import Client

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def follow(client):
    def follow(accept=None):
        headers = {} if accept is None else {"Accept": accept}
        answer = client.get("/", headers=headers, status=302)
        assert answer.headers["Vary"] == "Accept"
        return answer.headers["Location"].removeprefix("http://localhost")

    return follow


def test_browsers_get_the_pages(follow):
    assert follow(BROWSER) == "/admin/"


@pytest.mark.parametrize(
    "accept",
    [None, "", "*/*", "application/json", "application/json, text/html;q=0.9", "image/png", "?"],
)
def test_programs_get_the_api(follow, accept):
    assert follow(accept) == "/api/"


def test_browsers_get_the_documentation_where_there_are_no_pages(build_app):
    client = Client(build_app(plugins=["shoptrack_auth"]))
    answer = client.get("/", headers={"Accept": BROWSER}, status=302)
    assert answer.headers["Location"] == "http://localhost/api/docs/"
