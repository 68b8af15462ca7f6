"""A household that goes shopping, and the form of its receipts."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from shoptrack.records.models import ShoppingRecord

PATH = "/admin/receipts/new/"


@pytest.fixture
def shop(make):
    """Make two stores and some products."""
    gram, piece = make.unit(name="g"), make.unit(name="個")
    category = make.category(name="Food").id

    def product(name: str, unit) -> int:
        return make.product(name=name, unit_id=unit.id, category_id=category).id

    return SimpleNamespace(
        life=make.store(name="Life").id,
        market=make.store(name="Market").id,
        rice=product("Rice", gram),
        eggs=product("Eggs", piece),
        milk=product("Milk", gram),
    )


@pytest.fixture
def stored(database):
    """Return a function that returns the stored records: day, store, product, quantity and price."""

    def stored() -> list[tuple]:
        columns = ("purchase_date", "store_id", "product_id", "quantity", "price")
        statement = select(*(getattr(ShoppingRecord, name) for name in columns))
        with database.read_engine.connect() as connection:
            rows = connection.execute(statement.order_by(ShoppingRecord.id)).all()
        return [(str(day), *ids, str(quantity), price) for day, *ids, quantity, price in rows]

    return stored


@pytest.fixture
def fill(shop):
    """Return a function that fills in a receipt's form: a store, and lines of product, quantity and price.

    ``fill(page, ("rice", "500", "1,280"), store="life")``
    """

    def fill(page, *lines, store="life", first=0):
        form = page.forms["receipt"]
        if store:
            form["store_id"] = str(getattr(shop, store))
        for number, (product, quantity, price) in enumerate(lines, first):
            form[f"lines-{number}-product_id"] = str(getattr(shop, product)) if product else ""
            form[f"lines-{number}-quantity"] = quantity
            form[f"lines-{number}-price"] = price
        return form

    return fill


@pytest.fixture
def errors():
    """Return a function that returns the messages of a page by the names of inputs."""

    def errors(page) -> dict[str, str]:
        found = page.html.select(".error[id]")
        return {one["id"].removeprefix("error-"): one.get_text(strip=True) for one in found}

    return errors
