"""Style sheets and scripts: kept for good under names that change with what they hold."""

import hashlib
import re

import pytest
from webob import Request
from webtest import TestApp

from shoptrack.openapi.pages import views
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture(scope="module")
def client(new_database):
    return TestApp(make_test_app(new_database()))


def addresses(client, page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/api/docs/assets/[^"]+)"', client.get(page).text)


@pytest.mark.parametrize(("page", "count"), [("/api/docs/", 6), ("/api/redoc/", 3)])
def test_they_are_kept_for_good_under_a_name_with_their_hash(client, page, count):
    found = addresses(client, page)
    assert len(found) == count
    for address in found:
        answer = client.get(address)
        assert hashlib.sha256(answer.body).hexdigest()[:12] in address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        kind = {"css": "text/css", "js": "text/javascript"}[address.rpartition(".")[2]]
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"


def test_they_are_compressed_for_who_takes_it(client):
    [bundle] = [path for path in addresses(client, "/api/docs/") if "bundle" in path]
    request = Request.blank(bundle, headers={"Accept-Encoding": "gzip"})
    _, headers, sent = request.call_application(client.app)
    assert dict(headers)["Content-Encoding"] == "gzip"
    assert len(b"".join(sent)) < len(client.get(bundle).body) / 3


@pytest.mark.parametrize(
    "name",
    [
        "swagger_ui.js",
        "swagger_ui-000000000000.js",
        "redoc.LICENSE.txt",
        "..%2fviews.py",
        "%2e%2e/views.py",
        "",
    ],
)
def test_other_names_and_versions_are_not_there(client, name):
    assert client.get(f"/api/docs/assets/{name}", status=404).json == {"detail": "Not found."}


def test_no_bundle_asks_another_host(client):
    # What Redoc would load, and what Swagger UI would but for its options.
    bundles = b"".join(client.get(address).body for address in addresses(client, "/api/redoc/"))
    assert b"//cdn." not in bundles


def test_a_build_without_them_stops_the_start(monkeypatch, new_database):
    monkeypatch.setattr(views, "FOLDERS", ("static", "nothing"))
    with pytest.raises(ConfigurationError, match="nothing is missing: .* make install"):
        make_test_app(new_database())
