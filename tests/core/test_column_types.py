"""Types of columns that the two databases keep differently."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, select

from shoptrack.db import UtcDateTime

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
IN_TOKYO = NOON.astimezone(timezone(timedelta(hours=9)))


@pytest.mark.parametrize("instant", [NOON, IN_TOKYO], ids=["UTC", "Tokyo"])
def test_an_instant_of_any_time_zone_comes_back_as_the_same_one_in_utc(database, instant):
    with database.read_engine.connect() as connection:
        found = connection.scalar(select(bindparam("instant", instant, UtcDateTime)))
    assert found == NOON
    assert found.tzinfo is UTC


def test_instants_of_different_time_zones_are_compared_as_instants(database):
    earlier = bindparam("earlier", IN_TOKYO - timedelta(minutes=1), UtcDateTime)
    with database.read_engine.connect() as connection:
        assert connection.scalar(select(earlier < bindparam("later", NOON, UtcDateTime)))
