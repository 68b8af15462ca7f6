"""Giving what refers to a row another one instead."""

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Product
from shoptrack.errors import NotFound, ValidationError
from shoptrack.events import RowChanged
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import reassignment
from tests.api.moving.conftest import Favourite


@pytest.fixture
def referring(rows):
    """Return a function that counts the rows that refer to a row."""

    def referring(column, id: int) -> int:
        with rows.database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).where(column == id))

    return referring


def test_what_refers_to_a_row_refers_to_another(rows, make, referring):
    old, new = make.category(), make.category()
    for _ in range(3):
        make.product(category_id=old.id)
    bystander = make.product()
    assert rows.call("reassign", "categories", old.id, new.id) == {"products": 3}
    assert referring(Product.category_id, old.id) == 0
    assert referring(Product.category_id, new.id) == 3
    assert referring(Product.category_id, bystander.category_id) == 1


def test_rows_of_every_resource_are_moved_a_plugins_too(rows, make, products, referring):
    old, new = products(2)
    make.record(product_id=old.id), make.record(product_id=old.id)
    make.row(Favourite, who="Ken", product_id=old.id)
    moved = rows.call("reassign", "products", old.id, new.id)
    assert moved == {"shopping-records": 2, "favourites": 1}
    assert referring(ShoppingRecord.product_id, new.id) == 2
    assert referring(Favourite.product_id, new.id) == 1


def test_nothing_refers_to_it_and_nothing_is_moved(rows, make):
    assert rows.call("reassign", "stores", make.store().id, make.store().id) == {}


def test_more_rows_than_are_moved_at_a_time(rows, make, referring, told, monkeypatch):
    monkeypatch.setattr(reassignment, "BATCH_ROWS", 3)
    old, new = make.category(), make.category()
    for _ in range(7):
        make.product(category_id=old.id)
    assert rows.call("reassign", "categories", old.id, new.id) == {"products": 7}
    assert referring(Product.category_id, new.id) == len(told) == 7


def test_every_row_that_is_moved_is_told(rows, make, told):
    old, new = make.manufacturer(name="Mejii"), make.manufacturer(name="Meiji")
    milk = make.product(name="Milk", manufacturer_id=old.id)
    rows.call("reassign", "manufacturers", old.id, new.id)
    (event,) = told
    assert type(event) is RowChanged
    assert (event.resource.path, event.id, event.label) == ("products", milk.id, "Milk (Meiji)")
    assert event.before == {"manufacturer": {"id": old.id, "name": "Mejii"}}
    assert event.after == {"manufacturer": {"id": new.id, "name": "Meiji"}}


def test_a_row_cannot_take_its_own_place(rows, make):
    id = make.store().id
    with pytest.raises(ValidationError):
        rows.call("reassign", "stores", id, id)


def test_a_row_that_is_not_there_takes_no_place_and_gives_none(rows, make):
    id = make.store().id
    for arguments in ((id, 999), (999, id)):
        with pytest.raises(NotFound, match="There is no store 999"):
            rows.call("reassign", "stores", *arguments)


def test_what_the_database_allows_once_is_named_and_nothing_is_moved(
    rows, make, products, referring
):
    old, new = products(2)
    record = make.record(product_id=old.id)
    make.row(Favourite, who="Ken", product_id=old.id)
    for who in ("Ken", "Mai"):
        make.row(Favourite, who=who, product_id=new.id)
    with pytest.raises(
        reassignment.ReassignmentConflict, match=r"product of some favourites \(Ken\):"
    ) as refused:
        rows.call("reassign", "products", old.id, new.id)
    assert refused.value.status == 409
    assert referring(ShoppingRecord.product_id, old.id) == 1, record.id
    assert referring(Favourite.product_id, old.id) == 1
