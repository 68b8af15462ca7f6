"""Two applications in one process have resources and repositories of their own."""

import pytest

from shoptrack.catalog.resources import CategoryResource
from shoptrack.resources import Integer, Repository
from shoptrack.resources.resource import ServedResources
from shoptrack.testing import make_test_app

pytestmark = pytest.mark.database("sqlite")


def test_what_one_application_adds_to_a_resource_is_unknown_to_others(database):
    one, other = (make_test_app(database.url).registry for _ in range(2))
    resource = ServedResources.of(one)["categories"]
    resource.fields = (*resource.fields, Integer("shelf", required=False))
    names = [field.name for field in ServedResources.of(other)["categories"].fields]
    assert names == ["name"] == [field.name for field in CategoryResource.fields]
    assert "shelf" not in Repository.of(other, "categories").parameters.names
    assert "shelf" not in ServedResources.of(other)["categories"].example()


def test_each_application_has_one_repository_of_a_resource(database):
    one, other = (make_test_app(database.url).registry for _ in range(2))
    assert Repository.of(one, CategoryResource) is Repository.of(one, "categories")
    assert Repository.of(one, "categories") is not Repository.of(other, "categories")
    with pytest.raises(LookupError, match="serves no resource 'shelves'"):
        Repository.of(one, "shelves")
