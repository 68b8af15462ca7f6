"""A shopping list: its products, how much of each, and what each costs where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shoptrack.catalog.resources import StoreResource
from shoptrack.resources.visibility import SHOW_ALL, Hidden, HiddenRow
from shoptrack_reports.cheapest_stores.choosing import best_pair, ranked, shares, total
from shoptrack_reports.exact import rounded
from shoptrack_reports.price_parts import last, last_date, median

LAST, MEDIAN = "last", "median"
PRICES = {LAST: last, MEDIAN: median}

Document = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A product of the list.

    :param offers: the row of each store where it was bought, by the store's id
    :param quantity: how much of it, in its unit; ``None`` where nobody knows
    """

    id: int
    name: str
    unit: str
    offers: Mapping[int, Any]
    quantity: Decimal | None

    @classmethod
    def of(cls, rows: Sequence[Any], quantity: Decimal | None) -> "Line":
        """Return the line of a product's rows of ``offers``.

        :param quantity: what is wanted; otherwise it is what was bought the last time
        """
        bought = [row for row in rows if row.store is not None]
        if quantity is None and bought:
            newest = max(bought, key=lambda row: row.newest)
            quantity = Decimal(newest.last_quantity).scaleb(-3)
        first = rows[0]
        return cls(first.id, first.name, first.unit, {row.store: row for row in bought}, quantity)

    def document(self) -> Document:
        """Return what is answered of it."""
        quantity = None if self.quantity is None else f"{self.quantity:.3f}"
        return {"id": self.id, "name": self.name, "unit": self.unit, "quantity": quantity}


class ShoppingList:
    """A shopping list, and its costs.

    :param price: ``last`` or ``median``: which price of a product in a store counts
    :param hidden: the permissions to view that the caller lacks
    """

    def __init__(self, lines: Sequence[Line], price: str, hidden: Hidden = SHOW_ALL):
        hides_stores = StoreResource.permission("view") in hidden
        self._lines = {line.id: line for line in lines}
        self._price = PRICES[price]
        self._stores: dict[int, Document] = {}
        self._costs: dict[int, dict[int, Fraction]] = {}
        for line in lines:
            for id, row in line.offers.items():
                self._stores[id] = (
                    HiddenRow(id=id)
                    if hides_stores
                    else {"id": id, "name": row.store_name, "location": row.location}
                )
                cost = self._price(row) * Fraction(line.quantity or 0)
                self._costs.setdefault(id, {})[line.id] = cost

    def document(self) -> Document:
        """Return where it is cheapest."""
        ranking = ranked(self._costs)
        pair = best_pair(ranking, self._costs)
        return {
            "products": [line.document() for line in self._lines.values()],
            "stores": [self._store(id) for id in ranking],
            "best": self._best(ranking[0]) if ranking else None,
            "split": self._split(*pair) if pair else None,
        }

    def _store(self, id: int) -> Document:
        costs = self._costs[id]
        missing = [product for product in self._lines if product not in costs]
        return {
            "store": self._stores[id],
            "total": rounded(total(costs)),
            "missing": missing,
        }

    def _best(self, id: int) -> Document:
        return self._store(id) | {"items": self._items(id, [*self._costs[id]])}

    def _split(self, one: int, other: int) -> Document:
        bought = dict(zip((one, other), shares(self._costs[one], self._costs[other]), strict=True))
        totals = {id: self._total(id, bought[id]) for id in bought}
        there = {product for products in bought.values() for product in products}
        return {
            "total": rounded(sum(totals.values(), Fraction())),
            "missing": [product for product in self._lines if product not in there],
            "stores": [
                {
                    "store": self._stores[id],
                    "total": rounded(totals[id]),
                    "items": self._items(id, bought[id]),
                }
                for id in bought
            ],
        }

    def _total(self, store: int, products: Sequence[int]) -> Fraction:
        return total({product: self._costs[store][product] for product in products})

    def _items(self, store: int, products: Sequence[int]) -> list[Document]:
        rows = {product: self._lines[product].offers[store] for product in products}
        return [
            {
                "product_id": product,
                "cost": rounded(self._costs[store][product]),
                "unit_price": rounded(self._price(row)),
                "last_date": last_date(row),
            }
            for product, row in rows.items()
        ]
