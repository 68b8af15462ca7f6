"""A description that the model does not bear out stops the start with a sentence, not the first request."""

import pytest

from shoptrack.catalog.models import Product, Store
from shoptrack.catalog.resources import OriginResource
from shoptrack.resources.fields import Integer, Reference, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.resource_checks import refuse_unsound
from shoptrack.settings import ConfigurationError

NAME = Text("name", max_length=100)
ORIGIN = Reference("origin", OriginResource, required=False)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (
            {"fields": (Integer("shelf"),)},
            "the model Product has no 'shelf', which its field 'shelf' needs.",
        ),
        (
            {"fields": (NAME, ORIGIN), "default_order": ("origin", "id")},
            "default_order names 'origin', which is no field or may be null. Possible are: id, name.",
        ),
        (
            {"fields": (Reference("unit", OriginResource),)},
            "the field 'unit' refers to origins, and the column unit_id of Product has no foreign key to "
            "origins.id, without which a row could refer to nothing.",
        ),
        (
            {"fields": (NAME,), "unique_together": (("name", "shelf"),)},
            "unique_together names 'shelf', and the fields are name.",
        ),
        (
            {"fields": (NAME, ORIGIN), "unique_together": (("name", "origin"),)},
            "no two rows may share 'name' and 'origin', and the table of Product has no unique constraint "
            "on name, origin_id, without which two requests at once could break the rule.",
        ),
    ],
)
def test_it_is_refused(members, sentence):
    kind = type("Things", (Resource,), {"model": Product, "path": "things", **members})
    with pytest.raises(ConfigurationError) as error:
        refuse_unsound(kind())
    assert str(error.value) == f"The resource {__name__}.Things cannot be served: {sentence}"


def test_so_is_a_unique_field_that_nothing_keeps_unique():
    class Stores(Resource):
        model = Store
        path = "stores"
        fields = (Text("location", unique=True),)

    with pytest.raises(ConfigurationError, match="no unique constraint on location, without which"):
        refuse_unsound(Stores())
