"""Merging duplicates: one row takes the place of others."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Manufacturer, Product
from shoptrack.errors import NotFound, ValidationError
from shoptrack.events import RowDeleted
from shoptrack.resources import Repository, reassignment
from tests.api.moving.conftest import Favourite


@pytest.fixture
def ids(rows):
    """Return a function that reads the ids of a model's rows."""

    def ids(model) -> list[int]:
        with rows.database.read_engine.connect() as connection:
            return list(connection.scalars(select(model.id).order_by(model.id)))

    return ids


def test_duplicates_give_their_place_and_go(rows, make, ids):
    meiji, *others = (make.manufacturer(name=name) for name in ("Meiji", "meiji", "Mejii"))
    for manufacturer in (meiji, *others, *others):
        make.product(manufacturer_id=manufacturer.id)
    duplicates = [other.id for other in others]
    moved = rows.call("merge", "manufacturers", meiji.id, duplicates)
    assert moved == {"products": 4}
    assert ids(Manufacturer) == [meiji.id]
    with rows.database.read_engine.connect() as connection:
        assert set(connection.scalars(select(Product.manufacturer_id))) == {meiji.id}


def test_each_change_and_each_deletion_is_told(rows, make, told):
    one, other = make.category(name="Meat"), make.category(name="meat")
    make.product(category_id=other.id)
    rows.call("merge", "categories", one.id, [other.id])
    assert [(event.resource.path, type(event).__name__) for event in told] == [
        ("products", "RowChanged"),
        ("categories", "RowDeleted"),
    ]
    assert isinstance(told[-1], RowDeleted)
    assert told[-1].label == "meat"


def test_there_must_be_another_row_to_merge(rows, make):
    id = make.store().id
    for duplicates in ([], [id]):
        with pytest.raises(ValidationError):
            rows.call("merge", "stores", id, duplicates)


def test_all_are_merged_or_none(rows, make, ids):
    one, other = make.manufacturer(), make.manufacturer()
    with pytest.raises(NotFound, match="There is no manufacturer 999"):
        rows.call("merge", "manufacturers", one.id, [other.id, 999])
    assert ids(Manufacturer) == [one.id, other.id]


def test_a_clash_between_two_duplicates_is_refused(rows, make, products, ids):
    into, *others = products(3)
    for product in others:
        make.row(Favourite, who="Ken", product_id=product.id)
    with pytest.raises(reassignment.ReassignmentConflict, match=r"favourites \(Ken, Ken\)"):
        rows.call("merge", "products", into.id, [other.id for other in others])
    assert len(ids(Product)) == 3


def test_a_plan_names_all_conflicts_and_changes_nothing(rows, make, products, ids):
    into, *others = products(3)
    for product, who in zip((into, *others), ("Ken", "Ken", "Mai"), strict=True):
        make.row(Favourite, who=who, product_id=product.id)
    merger = Repository.of(rows.registry, "products").merger
    with rows.database.session() as db:
        merge = merger.plan(db, into.id, [other.id for other in others])
    (conflict,) = merge.conflicts
    assert isinstance(conflict, reassignment.ReassignmentConflict)
    assert conflict.body()["resource"] == "favourites"
    assert [row["label"] for row in conflict.body()["rows"]] == ["Ken"]
    assert merge.counts == {"favourites": 2}
    assert len(ids(Product)) == 3
