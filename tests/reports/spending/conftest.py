"""A few years of a household, and what a report of them must say."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from shoptrack.records.models import ShoppingRecord

Found = dict[tuple[Any, ...], tuple[int, int]]  # totals and counts by keys


@dataclass(frozen=True)
class Line:
    """A record as plain values; what it refers to by ids."""

    day: date
    price: int
    store: int
    product: int
    category: int
    unit: int
    manufacturer: int | None
    origin: int | None


@pytest.fixture
def products(make) -> list[Any]:
    """Make products, two of one name among them, some by nobody and from nowhere."""
    categories = [make.category(name=name) for name in ("Meat", "Dairy", "野菜")]
    units = [make.unit(name=name) for name in ("g", "ml")]
    makers = [make.manufacturer(), None, make.manufacturer()]
    origins = [None, make.origin(name="Hokkaido")]
    return [
        make.product(
            name="Milk" if number < 2 else f"Product {number}",
            category_id=categories[number % 3].id,
            unit_id=units[number % 2].id,
            manufacturer_id=getattr(makers[number % 3], "id", None),
            origin_id=getattr(origins[number % 2], "id", None),
        )
        for number in range(6)
    ]


@pytest.fixture
def buy(database, products, make) -> Callable[[list[tuple[date, int]]], list[Line]]:
    """Return a function that buys on these days for these prices, and returns the lines."""
    stores = [make.store(name="Life", location=place).id for place in ("Kyoto", "Osaka", "Nara")]

    def buy(days: list[tuple[date, int]]) -> list[Line]:
        random = Random(len(days))
        lines = []
        for day, price in days:
            product = random.choice(products)
            lines.append(
                Line(
                    day,
                    price,
                    random.choice(stores),
                    product.id,
                    product.category_id,
                    product.unit_id,
                    product.manufacturer_id,
                    product.origin_id,
                )
            )
        rows = [
            {
                "purchase_date": line.day,
                "price": line.price,
                "store_id": line.store,
                "product_id": line.product,
                "quantity": Decimal("2.5"),  # a total is no price multiplied by a quantity
            }
            for line in lines
        ]
        with database.engine.begin() as connection:
            connection.execute(insert(ShoppingRecord), rows)
        return lines

    return buy


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def key_of(line: Line, name: str, month_start: int) -> Any:
    """Return a line's key as the report shows it, by no other means than the calendar's."""
    day = line.day
    match name:
        case "day":
            return str(day)
        case "week":
            return f"{day.isocalendar().year:04}-W{day.isocalendar().week:02}"
        case "month":
            while day.day != month_start:  # back to the day on which the month began
                day -= timedelta(days=1)
            return day.isoformat()[:7]
        case "year":
            return day.year
        case "weekday":
            return day.isoweekday()
    return getattr(line, name)


def expected(lines: list[Line], names: list[str], month_start: int = 1) -> Found:
    """Sum lines up."""
    totals: Counter[tuple[Any, ...]] = Counter()
    counts: Counter[tuple[Any, ...]] = Counter()
    for line in lines:
        key = tuple(key_of(line, name, month_start) for name in names)
        totals[key] += line.price
        counts[key] += 1
    return {key: (totals[key], counts[key]) for key in counts}


def found(report: dict[str, Any], names: list[str]) -> Found:
    """Return what a report says, what records refer to by its id."""
    rows: Found = {}
    for row in report["rows"]:
        values = (row[name] for name in names)
        key = tuple(value["id"] if isinstance(value, dict) else value for value in values)
        assert key not in rows, "a row stands twice"
        rows[key] = row["total"], row["count"]
    return rows
