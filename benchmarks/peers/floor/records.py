"""Shopping records and categories of the floor: SQL by hand, dictionaries by hand."""

from collections.abc import Iterable
from typing import Any

from benchmarks.peers.floor.database import PostgreSQL, Row, Sqlite

Document = dict[str, Any]

WRITABLE = ("price", "purchase_date", "store_id", "quantity", "product_id")
ORDERINGS = {
    "purchase_date,id": "r.purchase_date, r.id",
    "-purchase_date,-id": "r.purchase_date DESC, r.id DESC",
}
DEFAULT_ORDERING = "purchase_date,id"


class Records:
    """What can be asked of a database's records."""

    def __init__(self, database: Sqlite | PostgreSQL):
        self._database = database
        self._select = f"""
            SELECT r.id, r.price, r.purchase_date, s.id, s.name, s.location, {database.read_quantity},
                p.id, p.name, c.id, c.name, u.id, u.name, m.id, m.name, o.id, o.name
            FROM shopping_records r
            JOIN stores s ON s.id = r.store_id
            JOIN products p ON p.id = r.product_id
            JOIN categories c ON c.id = p.category_id
            JOIN units u ON u.id = p.unit_id
            LEFT JOIN manufacturers m ON m.id = p.manufacturer_id
            LEFT JOIN origins o ON o.id = p.origin_id
        """

    def all(self) -> list[Document]:
        """Return every record."""
        order = ORDERINGS[DEFAULT_ORDERING]
        return _documents(self._database.all(f"{self._select} ORDER BY {order}"))

    def page(self, category_id: int, ordering: str, limit: int) -> tuple[list[Document], int]:
        """Return the first records of a category, and how many it has."""
        # PostgreSQL plans anew each time for a limit that it does not see, which takes longer than the rows.
        sql = f"""
            {self._select} WHERE p.category_id = :category_id
            ORDER BY {ORDERINGS[ordering]} LIMIT {limit:d}
        """
        rows = self._database.all(sql, category_id=category_id)
        count = self._database.one(
            """
            SELECT count(*) FROM shopping_records r JOIN products p ON p.id = r.product_id
            WHERE p.category_id = :category_id
            """,
            category_id=category_id,
        )
        assert count is not None
        return _documents(rows), count[0]

    def one(self, id: int) -> Document | None:
        """Return a record."""
        found = _documents(self._database.all(f"{self._select} WHERE r.id = :id", id=id))
        return found[0] if found else None

    def create(self, values: Document) -> Document | None:
        """Add a record."""
        sql = f"""
            INSERT INTO shopping_records (price, purchase_date, store_id, quantity, product_id)
            VALUES (:price, :purchase_date, :store_id, {self._database.write_quantity}, :product_id)
            RETURNING id
        """
        with self._database.transaction():
            row = self._database.one(sql, **{name: values[name] for name in WRITABLE})
            assert row is not None
            return self.one(row[0])

    def change(self, id: int, values: Document) -> Document | None:
        """Change what is sent of a record."""
        sent = {name: values[name] for name in WRITABLE if name in values}
        sets = ", ".join(
            f"{name} = {self._database.write_quantity if name == 'quantity' else f':{name}'}"
            for name in sent
        )
        with self._database.transaction():
            if sets:
                sql = f"UPDATE shopping_records SET {sets} WHERE id = :id RETURNING id"
                self._database.one(sql, id=id, **sent)
            return self.one(id)

    def categories(self) -> list[Document]:
        """Return every category."""
        rows = self._database.all("SELECT id, name FROM categories ORDER BY id")
        return [{"id": id, "name": name} for id, name in rows]


def _documents(rows: Iterable[Row]) -> list[Document]:
    """Return a document for each row. A store or product of many rows becomes one dictionary, once."""
    stores: dict[int, Document] = {}
    products: dict[int, Document] = {}
    documents = []
    for id, price, day, store_id, store, location, quantity, product_id, *product in rows:
        if store_id not in stores:
            stores[store_id] = {"id": store_id, "name": store, "location": location}
        if product_id not in products:
            products[product_id] = _product(product_id, *product)
        documents.append(
            {
                "id": id,
                "price": price,
                "purchase_date": day,
                "store": stores[store_id],
                "quantity": quantity,
                "product": products[product_id],
            }
        )
    return documents


def _product(id, name, category_id, category, unit_id, unit, maker_id, maker, origin_id, origin):
    return {
        "id": id,
        "name": name,
        "category": {"id": category_id, "name": category},
        "unit": {"id": unit_id, "name": unit},
        "manufacturer": None if maker_id is None else {"id": maker_id, "name": maker},
        "origin": None if origin_id is None else {"id": origin_id, "name": origin},
    }
