from datetime import date
from importlib.util import find_spec

import pytest

# The plugin needs neither users nor the administration, and works with both: these tests run alike
# whichever is installed, and those of test_administration.py where there is one.
OTHERS = [name for name in ("shoptrack_auth", "shoptrack_admin") if find_spec(name)]

pytest_plugins = ["shoptrack.testing", *(f"{name}.testing" for name in OTHERS)]


@pytest.fixture(scope="session")
def plugins():
    return (*OTHERS, "shoptrack_record_notes")


@pytest.fixture
def record(make):
    """Return a record of 1,080 yen."""
    return make.record(price=1080, purchase_date=date(2026, 11, 30))
