"""A description that the model does not bear out stops the start with a sentence, not the first request."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product, Store
from shoptrack.catalog.resources import OriginResource
from shoptrack.db import Base, UtcDateTime
from shoptrack.db.folding import folded_column
from shoptrack.resources.fields import Computed, Date, DateTime, Integer, Reference, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.resource_checks import check_resource
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
            "default_order names 'origin', which is no field, is computed or may be null. Available: id, name.",
        ),
        (
            {"fields": (NAME, ORIGIN), "kept_fields": ("name", "shelf")},
            "kept_fields names 'shelf'. Available: name, origin.",
        ),
        (
            {"fields": (NAME, ORIGIN), "bulk_fields": ("shelf",)},
            "bulk_fields names 'shelf'. Available: name, origin.",
        ),
        (
            {"fields": (NAME, ORIGIN), "natural_key": ("name", "shelf")},
            "natural_key names 'shelf', which is no field. There are: name, origin.",
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
        check_resource(kind())
    assert str(error.value) == f"The resource {__name__}.Things cannot be served: {sentence}"


class Day(Base):
    """A row whose columns fit few fields."""

    __tablename__ = "tests_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    on: Mapped[date]
    name: Mapped[str]
    name_folded: Mapped[str] = folded_column("name")


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (Integer("id", required=False), "the column id of Day is NOT NULL"),
        (
            Date("at"),
            "the field 'at' is a Date, and the column at of Day keeps instants. Use DateTime",
        ),
        (
            DateTime("on"),
            "the field 'on' is a DateTime, and the column on of Day keeps days. Use Date",
        ),
        (Text("name"), "the text 'name' has no bound. Give it a max_length."),
        (
            Computed("age", ("born",), len, {}),
            "'age' is computed from 'born', which the model Day lacks",
        ),
    ],
)
def test_so_is_a_field_that_its_column_does_not_fit(field, sentence):
    class Days(Resource):
        model = Day
        path = "days"
        fields = (field,)

    with pytest.raises(
        ConfigurationError, match=r"Days \(.*test_soundness.py, line \d+\)"
    ) as error:
        check_resource(Days())
    assert sentence in str(error.value)


def test_what_is_computed_orders_nothing():
    class Days(Resource):
        model = Day
        path = "days"
        fields = (Date("on"), Computed("year", ("on",), lambda on: on.year, {"type": "integer"}))
        default_order = ("year",)

    with pytest.raises(
        ConfigurationError, match="default_order names 'year', which is no field, is computed"
    ):
        check_resource(Days())


def test_so_is_a_unique_field_that_nothing_keeps_unique():
    class Stores(Resource):
        model = Store
        path = "stores"
        fields = (Text("location", max_length=100, unique=True),)

    with pytest.raises(ConfigurationError, match="no unique constraint on location, without which"):
        check_resource(Stores())
