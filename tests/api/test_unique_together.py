"""Values of which no two rows have the same, taken together."""

import pytest

from shoptrack.catalog.models import Product
from shoptrack.catalog.resources import CategoryResource, OriginResource
from shoptrack.resources.fields import Reference, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.validators import DatabaseValidator

TAKEN = ["product with this name and origin and category already exists."]


class ProductOnce(Resource):
    """Products, each of which is there once."""

    model = Product
    path = "products-once"
    fields = (
        Text("name"),
        Reference("origin", OriginResource, required=False),
        Reference("category", CategoryResource),
    )
    unique_together = (("name", "origin", "category"),)


@pytest.fixture
def errors(database):
    """Return a function that checks values, as those of a new row or of one with this id."""
    validator = DatabaseValidator(ProductOnce())

    def errors(values, id=None):
        with database.read_engine.connect() as connection:
            return validator.find_errors(connection, values, id)

    return errors


@pytest.fixture
def beef(make):
    return make.product(name="Beef", origin_id=make.origin().id)


def values(product, **others):
    names = ("name", "origin_id", "category_id")
    return {name: getattr(product, name) for name in names} | others


def test_a_new_row_has_another_value_in_one_of_them(errors, beef, make):
    assert errors(values(beef)) == {"category_id": TAKEN}
    assert errors(values(beef, name="Pork")) == {}
    assert errors(values(beef, category_id=make.category().id)) == {}


def test_what_a_change_leaves_out_is_what_the_row_has(errors, beef, make):
    pork = make.product(name="Pork", origin_id=beef.origin_id, category_id=beef.category_id)
    assert errors({"name": "Beef"}, pork.id) == {"name": TAKEN}
    assert errors({"name": "Beef", "origin_id": make.origin().id}, pork.id) == {}
    assert errors({"unit_id": 1}, pork.id) == {}


def test_a_row_does_not_stand_in_its_own_way(errors, beef):
    assert errors(values(beef), beef.id) == {}


def test_rows_that_lack_one_of_them_are_never_the_same(errors, make):
    nowhere = make.product(name="Beef")
    assert errors(values(nowhere)) == {}
    assert errors({"name": "Beef", "category_id": nowhere.category_id}) == {}
    assert errors({"name": "Beef"}, make.product(category_id=nowhere.category_id).id) == {}


def test_what_refers_to_nothing_is_told_first(errors, beef):
    sentence = 'Invalid pk "9223372036854775807" - object does not exist.'
    assert errors(values(beef, category_id=2**63 - 1)) == {"category_id": [sentence]}
