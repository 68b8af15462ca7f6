import pytest
from hypothesis import HealthCheck, settings

# Each example is a request or two to one application on one database.
settings.register_profile(
    "shoptrack",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("shoptrack")

pytest_plugins = ["shoptrack.testing", "shoptrack_auth.testing", "shoptrack_admin.testing"]


@pytest.fixture(scope="session")
def plugins():
    return ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")


@pytest.fixture(scope="session")
def settings():
    """A household that shares its data, as is the default."""
    return {}


@pytest.fixture
def credentials(user, bearer):
    """Those of a user who was given nothing."""
    return bearer(user)
