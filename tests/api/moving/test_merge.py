"""Merging duplicates: one row takes the place of others."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Manufacturer, Product
from shoptrack.errors import Invalid, NotFound
from shoptrack.events import RowDeleted
from shoptrack.resources import reassignment
from tests.api.moving.conftest import Favourite


@pytest.fixture
def ids(rows):
    """Return a function that reads the ids of a model's rows."""

    def ids(model) -> list[int]:
        with rows.database.reads.connect() as connection:
            return list(connection.scalars(select(model.id).order_by(model.id)))

    return ids


def test_duplicates_give_their_place_and_go(rows, make, ids):
    meiji, *others = (make.manufacturer(name=name) for name in ("Meiji", "meiji", "Mejii"))
    for manufacturer in (meiji, *others, *others):
        make.product(manufacturer_id=manufacturer.id)
    duplicates = [other.id for other in others]
    moved = rows.call(reassignment.merge, "manufacturers", duplicates, meiji.id)
    assert moved == {"products": 4}
    assert ids(Manufacturer) == [meiji.id]
    with rows.database.reads.connect() as connection:
        assert set(connection.scalars(select(Product.manufacturer_id))) == {meiji.id}


def test_each_change_and_each_deletion_is_told(rows, make, told):
    one, other = make.category(name="Meat"), make.category(name="meat")
    make.product(category_id=other.id)
    rows.call(reassignment.merge, "categories", [other.id], one.id)
    assert [(event.resource.path, type(event).__name__) for event in told] == [
        ("products", "RowChanged"),
        ("categories", "RowDeleted"),
    ]
    assert isinstance(told[-1], RowDeleted)
    assert told[-1].label == "meat"


def test_there_must_be_another_row_to_merge(rows, make):
    id = make.store().id
    for duplicates in ([], [id]):
        with pytest.raises(Invalid):
            rows.call(reassignment.merge, "stores", duplicates, id)


def test_all_are_merged_or_none(rows, make, ids):
    one, other = make.manufacturer(), make.manufacturer()
    with pytest.raises(NotFound, match="There is no manufacturer 999"):
        rows.call(reassignment.merge, "manufacturers", [other.id, 999], one.id)
    assert ids(Manufacturer) == [one.id, other.id]


def test_a_clash_between_two_duplicates_is_refused(rows, make, ids):
    into, *others = (make.product() for _ in range(3))
    for product in others:
        make.row(Favourite, who="Ken", product_id=product.id)
    with pytest.raises(reassignment.CannotMove):
        rows.call(reassignment.merge, "products", [other.id for other in others], into.id)
    assert len(ids(Product)) == 3
