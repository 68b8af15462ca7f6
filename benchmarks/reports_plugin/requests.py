"""The requests: every report, in every format that it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from benchmarks.dataset import UNTIL
from benchmarks.works import Work
from shoptrack.records.models import ShoppingRecord

JSON, CSV, SVG = FORMATS = ("json", "csv", "svg")
LISTS = (5, 20, 50, 100)  # products on a shopping list; the API takes no more than 100
GROUPINGS = (
    *("day", "week", "month", "year", "weekday"),
    *("category", "store", "product", "manufacturer", "origin", "unit"),
    *("month,category", "week,category", "month,store", "product,year", "month,product"),
)
# A chart has 400 columns at most, and a report 10,000 rows.
LAST_YEAR = UNTIL - timedelta(days=364)
FEW_MONTHS = date(2025, 9, 1)
NARROWED = {("day", SVG): LAST_YEAR} | {("month,product", f): FEW_MONTHS for f in FORMATS}


@dataclass(frozen=True)
class Row:
    """One report, which may be had in several formats.

    :param works: by format
    """

    title: str
    works: dict[str, Work]


def prices_and_stores(connection: Connection) -> list[Row]:
    """Return the reports of what things cost, which are documents, about what was bought most often."""
    products = _most_bought(connection, LISTS[-1])
    rows = [
        _document(f"Prices of a product, by {group}", f"{_prices(products[0])}?group={group}")
        for group in ("store", "month")
    ]
    for count in LISTS:
        for price in ("last", "median"):
            ids = ",".join(map(str, products[:count]))
            path = f"/api/reports/cheapest-stores/?product_id__in={ids}&price={price}"
            rows.append(_document(f"Cheapest stores for {count} products, {price} price", path))
    return rows


def spending() -> list[Row]:
    """Return the reports of what was spent, each as a document, a file and a chart."""
    return [
        Row(f"Spending by {' and '.join(by.split(','))}", {f: _spending(by, f) for f in FORMATS})
        for by in GROUPINGS
    ]


def of_one_product(product: int) -> list[Row]:
    """Return the reports that take longest where all records are of this product."""
    return [
        _document("Prices by store", f"{_prices(product)}?group=store"),
        _document("Prices by month", f"{_prices(product)}?group=month"),
        _document(
            "Cheapest stores, last price", f"/api/reports/cheapest-stores/?product_id__in={product}"
        ),
        _document(
            "Cheapest stores, median price",
            f"/api/reports/cheapest-stores/?product_id__in={product}&price=median",
        ),
    ]


def _prices(product: int) -> str:
    return f"/api/products/{product}/prices/"


def _document(title: str, path: str) -> Row:
    return Row(title, {JSON: Work(path, title, path)})


def _spending(by: str, format: str) -> Work:
    path = f"/api/reports/spending/?group_by={by}&format={format}"
    if since := NARROWED.get((by, format)):
        path += f"&purchase_date__gte={since}"
    return Work(path, f"Spending by {by}, {format}", path)


def _most_bought(connection: Connection, count: int) -> Sequence[int]:
    statement = (
        select(ShoppingRecord.product_id)
        .where(ShoppingRecord.price > 0)
        .group_by(ShoppingRecord.product_id)
        .order_by(func.count().desc(), ShoppingRecord.product_id)
        .limit(count)
    )
    return connection.scalars(statement).all()
