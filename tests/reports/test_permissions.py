"""Who may read reports of prices."""

import pytest

from shoptrack_auth.settings import AuthSettings

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def model(app):
    """Ask for permissions that were given."""
    ours = app.registry[AuthSettings]
    app.registry[AuthSettings] = ours.model_copy(update={"api_permissions": "model"})
    yield
    app.registry[AuthSettings] = ours


@pytest.fixture(
    params=["/api/products/{}/prices/", "/api/reports/cheapest-stores/?product_id__in={}"]
)
def path(request, make):
    return request.param.format(make.product().id)


def test_who_is_not_signed_in_is_told_nothing(client, path):
    client.get(path, status=401)
    client.get(path.replace("?", "?nonsense&"), status=401)


@pytest.mark.usefixtures("model")
def test_one_permission_is_asked_for_and_it_is_enough(client, path, user, bearer, give):
    headers = bearer(user)
    give(user, "products:view", "shopping-records:view")
    client.get(path, headers=headers, status=403)
    give(user, "reports:view")
    client.get(path, headers=headers, status=200)
