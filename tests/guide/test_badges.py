"""Another way to identify users, in place of the package for users."""

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app

from . import badges

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def app_with_badges(database):
    app = make_test_app(database.url, (badges.__name__,))
    yield app
    Database.of(app.registry).dispose()


def test_a_header_names_the_user(app_with_badges):
    ken = Client(app_with_badges, {"X-Badge": "ken"})
    assert ken.get("/api/me/").json == {"name": "ken"}
    ken.get("/api/stores/", status=200)
    ken.get("/api/nothing/", status=404)


@pytest.mark.parametrize("headers", [{}, {"X-Badge": "nobody"}])
def test_somebody_else_is_refused(app_with_badges, headers):
    response = Client(app_with_badges, headers).get("/api/me/", status=401)
    assert response.headers["WWW-Authenticate"] == "Badge"
