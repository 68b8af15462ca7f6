"""What rows are made of where a test does not say."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table
from sqlalchemy.types import TypeDecorator

from shoptrack.catalog.models import Category
from shoptrack.db import Thousandths, UtcDateTime
from shoptrack.testing.values import make_value


class Upper(TypeDecorator[str]):
    impl = String(3)
    cache_ok = True


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Integer(), 7),
        (String(100), "Cate 7"),
        (Upper(), "e 7"),
        (Thousandths(), Decimal(1)),
        (UtcDateTime(), datetime(2025, 1, 1, tzinfo=UTC)),
        (JSON(), {}),
    ],
)
def test_a_value_fits_its_column(kind: Any, value: Any):
    column = Column("value", kind)
    Table("things", MetaData(), column)
    assert make_value(Category, column, 7) == value
