"""The rows: the demo of some households, as often as it takes.

Ten million lines that are made one by one take a quarter of an hour. So the demo is written once, and then copied
inside the database: each copy is of other households, with stores and products of their own, who buy the same on the
same days. What grows with the number of records in the demo grows here too; a product is bought as often, and a word is
found in as many records of a thousand.
"""

from sqlalchemy import Connection, bindparam, insert, literal, select, text

from benchmarks import dataset
from benchmarks.works import LARGE
from shoptrack.catalog.models import Product, Store
from shoptrack.db import Base
from shoptrack.db.bulk_load import reset_sequences
from shoptrack.records.models import ShoppingRecord

STORES, PRODUCTS, RECORDS = tables = [
    Base.metadata.tables[model.__tablename__] for model in (Store, Product, ShoppingRecord)
]


def fill(connection: Connection, records: int) -> None:
    """Write so many records, in the order of their days and with ids without gaps.

    :param records: up to 100,000, or a multiple of it
    """
    copies = max(1, records // LARGE)
    dataset.demo(connection, records // copies)
    if copies == 1:
        return
    if connection.dialect.name == "postgresql":
        # What is copied was checked once, and nobody asks for its changes: no triggers.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    numbers = [{"copy": number} for number in range(1, copies)]
    stores = _copy(connection, STORES, "location", numbers)
    products = _copy(connection, PRODUCTS, "name", numbers)
    _copy_records(connection, copies, stores, products)
    reset_sequences(connection, tables)


def _copy(connection: Connection, table, named: str, numbers: list[dict[str, int]]) -> int:
    """Copy stores or products, with a number behind one of their names, and return how many there were.

    The ids of each copy are those of the first, and the same number more.
    """
    width = connection.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1))
    copy = bindparam("copy", type_=table.c.id.type)
    columns = {column.name: column for column in table.columns}
    columns["id"] = table.c.id + copy * width
    for name in (named, f"{named}_folded"):
        columns[name] = table.c[name] + literal(" ") + copy.cast(table.c[name].type)
    of_first = select(*columns.values()).where(table.c.id <= width)
    for number in numbers:
        connection.execute(insert(table).from_select(list(columns), of_first), number)
    return width


def _copy_records(connection: Connection, copies: int, stores: int, products: int) -> None:
    """Replace the demo's records by all copies of them, those of one day together."""
    # Sorting all keys at the end is faster than finding a place for each.
    indexes = sorted(RECORDS.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    connection.execute(text("CREATE TEMPORARY TABLE demo AS SELECT * FROM shopping_records"))
    connection.execute(text("DELETE FROM shopping_records"))
    statement = """
        WITH RECURSIVE copies (copy) AS (
            SELECT 0 UNION ALL SELECT copy + 1 FROM copies WHERE copy + 1 < :copies
        )
        INSERT INTO shopping_records (id, price, purchase_date, store_id, quantity, product_id)
        SELECT
            (id - 1) * :copies + copy + 1, price, purchase_date,
            store_id + copy * :stores, quantity, product_id + copy * :products
        FROM demo CROSS JOIN copies
        ORDER BY id, copy
    """
    counts = {"copies": copies, "stores": stores, "products": products}
    connection.execute(text(statement), counts)
    connection.execute(text("DROP TABLE demo"))
    for index in indexes:
        index.create(connection)
