"""The history, which is empty when a test begins: that users were made for it is no matter of its own."""

import pytest


@pytest.fixture
def history(entries):
    """Return a function that reads the entries, the oldest first."""
    return entries
