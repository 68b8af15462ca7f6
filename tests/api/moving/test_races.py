"""Merging, moving and writing at the same time: nothing is lost and nothing refers to nothing."""

from functools import partial

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Category, Product
from shoptrack.errors import NotFound, ValidationError


@pytest.fixture
def categories(rows):
    """Return a function that reads the categories, and those of the products."""

    def categories() -> tuple[set[int], set[int]]:
        with rows.database.read_engine.connect() as connection:
            there = set(connection.scalars(select(Category.id)))
            return there, set(connection.scalars(select(Product.category_id)))

    return categories


def test_of_two_merges_of_one_row_one_finds_it_gone(rows, make, categories):
    for _ in range(10):
        into, duplicate = make.category().id, make.category().id
        make.product(category_id=duplicate)
        merge = partial(rows.call, "merge", "categories", into, [duplicate])
        answers = rows.at_once(merge, merge)
        assert {"products": 1} in answers
        assert any(isinstance(answer, NotFound) for answer in answers)
        there, used = categories()
        assert duplicate not in there
        assert into in used <= there


def test_two_rows_that_are_merged_into_each_other_do_not_both_go(rows, make, categories):
    for _ in range(10):
        one, other = make.category().id, make.category().id
        make.product(category_id=one), make.product(category_id=other)
        answers = rows.at_once(
            partial(rows.call, "merge", "categories", other, [one]),
            partial(rows.call, "merge", "categories", one, [other]),
        )
        assert sum(isinstance(answer, NotFound) for answer in answers) == 1
        there, used = categories()
        assert len({one, other} & there) == 1
        assert used <= there


def test_a_row_that_is_added_meanwhile_is_moved_or_refused(rows, make, categories):
    unit = make.unit().id

    def add(category: int) -> bool:
        body = {"name": "Beef", "category_id": category, "unit_id": unit}
        rows.call("create", "products", body)
        return True

    for _ in range(15):
        into, duplicate = make.category().id, make.category().id
        merged, *added = rows.at_once(
            partial(rows.call, "merge", "categories", into, [duplicate]),
            *[partial(add, duplicate)] * 2,
        )
        assert merged == ({"products": count} if (count := added.count(True)) else {})
        assert all(answer is True or isinstance(answer, ValidationError) for answer in added)
        there, used = categories()
        assert duplicate not in there
        assert used <= there
