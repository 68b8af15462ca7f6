"""Rows of any model for tests, with the rows that they refer to."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.db import Base, Database
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing.values import get_model, is_value_required, make_value


class RowFactory:
    """Creates rows, with generated values for required columns and with the rows that they refer to."""

    def __init__(self, database: Database):
        self._database = database
        self._numbers = itertools.count(1)

    def row(self, model: type[Base], **values: Any) -> Any:
        """Create a row of any model, plugins' models included: ``make.row(Budget, amount=3000)``.

        :raises TypeError: no value can be generated for the type of a column
        """
        return self.rows(model, 1, **values)[0]

    def rows(self, model: type[Base], number: int, **values: Any) -> list[Any]:
        """Create many rows of a model in one transaction, which is much faster than one per row.

        :raises TypeError: no value can be generated for the type of a column
        """
        with self._database.session() as db, db.begin():
            return [self._add(db, model, dict(values)) for _ in range(number)]

    def _add(self, db: Session, model: type[Base], values: dict[str, Any]) -> Any:
        missing = {
            name: column
            for name, column in inspect(model).columns.items()
            if name not in values and is_value_required(column)
        }
        for name, column in missing.items():
            for key in column.foreign_keys:
                other = self._add(db, get_model(key.column.table), {})
                values[name] = getattr(other, key.column.name)
        number = next(self._numbers) if missing else 0
        for name in missing.keys() - values.keys():
            values[name] = make_value(model, missing[name], number)
        row = model(**values)
        db.add(row)
        db.flush()
        return row

    def category(self, **values: Any) -> Category:
        """Create a category."""
        return self.row(Category, **values)

    def unit(self, **values: Any) -> Unit:
        """Create a unit."""
        return self.row(Unit, **values)

    def manufacturer(self, **values: Any) -> Manufacturer:
        """Create a manufacturer."""
        return self.row(Manufacturer, **values)

    def origin(self, **values: Any) -> Origin:
        """Create an origin."""
        return self.row(Origin, **values)

    def store(self, **values: Any) -> Store:
        """Create a store."""
        return self.row(Store, **{"location": "Kyoto", **values})

    def product(self, **values: Any) -> Product:
        """Create a product, by default without manufacturer and origin."""
        return self.row(Product, **values)

    def record(self, **values: Any) -> ShoppingRecord:
        """Create a shopping record."""
        given = {
            "price": 1000,
            "quantity": Decimal("500.000"),
            "purchase_date": date(2025, 1, 1),
            **values,
        }
        return self.row(ShoppingRecord, **given)


@pytest.fixture
def make(database: Database) -> RowFactory:
    """Return the factory of rows."""
    return RowFactory(database)
