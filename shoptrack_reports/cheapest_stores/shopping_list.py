"""A shopping list: the statement of its offers, its items, and their costs by store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.catalog.resources import StoreResource
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.unit_prices import format_fraction
from shoptrack.resources import SHOW_ALL, Condition, Hidden, HiddenRow
from shoptrack_reports.cheapest_stores.ranking import (
    find_best_pair,
    rank_stores,
    split_products,
    sum_costs,
)
from shoptrack_reports.price_statistics import (
    get_last,
    get_last_date,
    get_median,
    select_price_statistics,
)


def make_statement(clauses: Sequence[Condition]) -> Select:
    """Return the statement of the prices of products in stores.

    There is a row for each product and store with purchases, and one row for a product without any. The statement
    takes the parameter ``product_id__in``.

    :param clauses: conditions on records
    """
    ids = bindparam("product_id__in", type_=BigInteger, expanding=True)
    parts = (ShoppingRecord.product_id.label("product"), ShoppingRecord.store_id.label("store"))
    prices = select_price_statistics(parts, (ShoppingRecord.product_id.in_(ids), *clauses))
    return (
        select(
            Product.id,
            Product.name,
            Unit.name.label("unit"),
            Store.name.label("store_name"),
            Store.location,
            *prices.c,
        )
        .select_from(Product)
        .join(Unit, Unit.id == Product.unit_id)
        .outerjoin(prices, prices.c.product == Product.id)
        .outerjoin(Store, Store.id == prices.c.store)
        .where(Product.id.in_(ids))
    )


LAST, MEDIAN = "last", "median"
PRICES = {LAST: get_last, MEDIAN: get_median}

Document = dict[str, Any]


@dataclass(frozen=True)
class ListItem:
    """A product of the shopping list.

    :param offers: the row of each store with purchases, by the store's id
    :param quantity: in the product's unit; ``None`` if neither requested nor bought before
    """

    id: int
    name: str
    unit: str
    offers: Mapping[int, Any]
    quantity: Decimal | None

    @classmethod
    def from_rows(cls, rows: Sequence[Any], quantity: Decimal | None) -> "ListItem":
        """Make an item of a product's rows.

        :param quantity: the requested quantity; ``None`` for that of the newest purchase
        """
        bought = [row for row in rows if row.store is not None]
        if quantity is None and bought:
            newest = max(bought, key=lambda row: row.newest)
            quantity = Decimal(newest.last_quantity).scaleb(-3)
        first = rows[0]
        return cls(first.id, first.name, first.unit, {row.store: row for row in bought}, quantity)

    def make_document(self) -> Document:
        """Return the item as a JSON object."""
        quantity = None if self.quantity is None else f"{self.quantity:.3f}"
        return {"id": self.id, "name": self.name, "unit": self.unit, "quantity": quantity}


class ShoppingList:
    """A shopping list and its costs.

    :param price: ``last`` or ``median``: the price of a product in a store
    :param hidden: view permissions that the caller lacks
    """

    def __init__(self, items: Sequence[ListItem], price: str, hidden: Hidden = SHOW_ALL):
        hides_stores = StoreResource.permission("view") in hidden
        self._items_by_id = {item.id: item for item in items}
        self._price = PRICES[price]
        self._stores: dict[int, Document] = {}
        self._costs: dict[int, dict[int, Fraction]] = {}
        for item in items:
            for id, row in item.offers.items():
                self._stores[id] = (
                    HiddenRow(id=id)
                    if hides_stores
                    else {"id": id, "name": row.store_name, "location": row.location}
                )
                cost = self._price(row) * Fraction(item.quantity or 0)
                self._costs.setdefault(id, {})[item.id] = cost

    def make_document(self) -> Document:
        """Return the report as a JSON object."""
        ranking = rank_stores(self._costs)
        pair = find_best_pair(ranking, self._costs)
        return {
            "products": [item.make_document() for item in self._items_by_id.values()],
            "stores": [self._make_store(id) for id in ranking],
            "best": self._make_best(ranking[0]) if ranking else None,
            "split": self._make_split(*pair) if pair else None,
        }

    def _make_store(self, id: int) -> Document:
        costs = self._costs[id]
        missing = [product for product in self._items_by_id if product not in costs]
        return {
            "store": self._stores[id],
            "total": format_fraction(sum_costs(costs)),
            "missing": missing,
        }

    def _make_best(self, id: int) -> Document:
        return self._make_store(id) | {"items": self._make_items(id, [*self._costs[id]])}

    def _make_split(self, one: int, other: int) -> Document:
        bought = dict(
            zip((one, other), split_products(self._costs[one], self._costs[other]), strict=True)
        )
        totals = {id: self._sum_products(id, bought[id]) for id in bought}
        bought_ids = {product for products in bought.values() for product in products}
        return {
            "total": format_fraction(sum(totals.values(), Fraction())),
            "missing": [product for product in self._items_by_id if product not in bought_ids],
            "stores": [
                {
                    "store": self._stores[id],
                    "total": format_fraction(totals[id]),
                    "items": self._make_items(id, bought[id]),
                }
                for id in bought
            ],
        }

    def _sum_products(self, store: int, products: Sequence[int]) -> Fraction:
        return sum_costs({product: self._costs[store][product] for product in products})

    def _make_items(self, store: int, products: Sequence[int]) -> list[Document]:
        rows = {product: self._items_by_id[product].offers[store] for product in products}
        return [
            {
                "product_id": product,
                "cost": format_fraction(self._costs[store][product]),
                "unit_price": format_fraction(self._price(row)),
                "last_date": get_last_date(row),
            }
            for product, row in rows.items()
        ]
