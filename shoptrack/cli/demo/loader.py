"""Writes a demo into a database that has no shopping data yet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.baskets import generate_baskets
from shoptrack.cli.demo.scale import HOUSEHOLD_RECORDS, DemoSize
from shoptrack.db import Base
from shoptrack.db.bulk_load import analyze, lock_tables
from shoptrack.errors import Conflict
from shoptrack.history import restart_feed
from shoptrack.records.models import ShoppingRecord

DEFAULT_SEED = 20
CHUNK_ROWS = 5_000  # records in memory at a time
MODELS = (Category, Unit, Manufacturer, Origin, Store, Product, ShoppingRecord)


class DemoTargetNotEmpty(Conflict):
    """The database already has shopping data. Demo rows among it could not be identified later."""

    def __init__(self, tables: list[str]):
        super().__init__(
            f"This database already holds shopping data, in {', '.join(tables)}; nothing was "
            "changed. The demo fills only a database without any: choose a new one by "
            "DATABASE_URL, for example sqlite:///demo.sqlite3, and run shoptrack migrate for it."
        )


@dataclass(frozen=True)
class DemoSummary:
    """The rows written: their numbers, and the period that they cover."""

    records: int
    households: int
    products: int
    stores: int
    first_day: date
    last_day: date


def load_demo(
    connection: Connection,
    *,
    until: date,
    records: int | None = None,
    seed: int = DEFAULT_SEED,
    progress: Callable[[int], object] | None = None,
) -> DemoSummary:
    """Write a demo within the connection's transaction; the caller commits.

    The same arguments give the same rows; another ``until`` gives others.

    :param until: the last day of the two years
    :param records: shopping records to write; by default, those of one household in two years
    :param progress: called with the number of records written since the last call
    :raises DemoTargetNotEmpty: one of the seven tables has rows
    """
    tables = [Base.metadata.tables[model.__tablename__] for model in MODELS]
    used = lock_tables(connection, tables)
    if used:
        raise DemoTargetNotEmpty(used)
    scale = DemoSize.from_records(records or HOUSEHOLD_RECORDS, until)
    assortment = Assortment(variants=scale.households, towns=scale.towns)
    stores = _insert(
        connection,
        Store,
        [{"name": store.name, "location": store.location} for store in assortment.stores],
    )
    rows = _make_records(scale, assortment, _insert_products(connection, assortment), stores, seed)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        connection.execute(insert(ShoppingRecord), chunk)
        if progress:
            progress(len(chunk))
    restart_feed(connection)
    analyze(connection, tables)
    return DemoSummary(
        records=scale.records,
        households=scale.households,
        products=len(assortment.products),
        stores=len(stores),
        first_day=scale.first_day,
        last_day=scale.last_day,
    )


def _insert_products(connection: Connection, assortment: Assortment) -> Sequence[int]:
    """Insert the products and the rows that they refer to, and return the products' IDs in order."""
    products = assortment.products
    categories = _insert_names(connection, Category, [product.category for product in products])
    units = _insert_names(connection, Unit, [product.unit for product in products])
    makers = _insert_names(connection, Manufacturer, [product.manufacturer for product in products])
    origins = _insert_names(connection, Origin, [product.origin for product in products])
    return _insert(
        connection,
        Product,
        [
            {
                "name": product.name,
                "category_id": categories[product.category],
                "unit_id": units[product.unit],
                "manufacturer_id": makers.get(product.manufacturer),
                "origin_id": origins.get(product.origin),
            }
            for product in products
        ],
    )


def _insert_names(
    connection: Connection, model: type[Base], names: Sequence[str | None]
) -> dict[str | None, int]:
    """Insert each name once, in the order of first use, and return the IDs."""
    different = list(dict.fromkeys(name for name in names if name is not None))
    ids = _insert(connection, model, [{"name": name} for name in different])
    return dict(zip(different, ids, strict=True))


def _insert(connection: Connection, model: type[Any], rows: list[dict[str, Any]]) -> Sequence[int]:
    """Insert rows, and return their new IDs in the same order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return connection.scalars(statement, rows).all()


def _make_records(
    scale: DemoSize,
    assortment: Assortment,
    product_ids: Sequence[int],
    store_ids: Sequence[int],
    seed: int,
) -> Iterator[dict[str, Any]]:
    for basket in generate_baskets(scale, assortment, seed):
        for line in basket.lines:
            yield {
                "price": line.price,
                "purchase_date": basket.day,
                "store_id": store_ids[basket.store],
                "quantity": Decimal(line.thousandths).scaleb(-3),
                "product_id": product_ids[line.product],
            }
