"""What stops the start: each message says what is wrong, where, and what would do."""

import sys
from types import ModuleType

import pytest
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.resources import StoreResource
from shoptrack.db import Base
from shoptrack.resources import (
    BatchComputed,
    Boolean,
    Extension,
    Integer,
    Reference,
    Resource,
    Text,
)
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app

from . import extras, notes, tags

pytestmark = pytest.mark.database("sqlite")


class Loose(Base):
    """A table that does not go with the rows that it extends."""

    __tablename__ = "tests_loose"

    id: Mapped[int] = mapped_column(ForeignKey("shopping_records.id"), primary_key=True)
    note: Mapped[int | None]


@pytest.fixture
def start(new_database, monkeypatch):
    """Return a function that starts an application with a plugin, and returns what stops it."""

    def start(includeme, *others):
        plugin = ModuleType("tests_faulty")
        plugin.includeme = includeme
        plugin.__file__ = __file__
        plugin.__spec__ = sys.modules[__name__].__spec__
        monkeypatch.setitem(sys.modules, "tests_faulty", plugin)
        with pytest.raises(ConfigurationError) as stopped:
            make_test_app(new_database(), ("tests_faulty", *others))
        return str(stopped.value)

    return start


def extending(path="shopping-records", **members):
    """Return a plugin with an extension."""
    extension = type("Faulty", (Extension,), members)
    return lambda config: config.extend_resource(path, extension)


def test_rows_cannot_belong_to_a_row_that_they_would_keep_without_the_plugin(start):
    fields = (Reference("tag", tags.TagResource, is_owner=True), Integer("points"))
    faulty = type("Faulty", (tags.TagVoteResource,), {"fields": fields})
    sentence = start(lambda config: config.add_resource(faulty))
    assert 'the column tag_id of TagVote lacks ondelete="CASCADE"' in sentence


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"fields": (Integer("price", default=1),)}, "has a field 'price' already"),
        ({"fields": (Integer("store_id", default=1),)}, "has a field 'store_id' already"),
        ({"fields": (Integer("id", default=1),)}, "has a field 'id' already"),
        ({"fields": (Integer("tax_rate"),)}, "'tax_rate' must be optional (required=False), or"),
        ({"fields": (Integer("tax_rate", default=1, required=False),)}, "must be optional"),
        ({"fields": (Integer("tax_rate", default=1),), "model": None}, "has no model"),
        ({"fields": (Integer("colour", default=1),)}, "has no 'colour'"),
        ({"fields": (Text("note", default="a", max_length=9),)}, "so cannot have a default"),
        ({"fields": (Integer("note", required=False),), "model": Loose}, 'ondelete="CASCADE"'),
        (
            {"fields": (Reference("seen_at", StoreResource, required=False, is_owner=True),)},
            "'seen_at' cannot be the owner",
        ),
    ],
)
def test_an_extension_that_does_not_fit(start, members, message):
    sentence = start(extending(**{"model": notes.RecordNote} | members))
    assert message in sentence
    assert "Faulty" in sentence
    assert "shopping-records" in sentence


@pytest.mark.parametrize(
    "directive",
    [
        lambda config: config.extend_resource("recods", notes.RecordNotes),
        lambda config: config.add_validator("recods", notes.check_tax_rate),
        lambda config: config.add_warnings("recods", notes.find_odd_rates),
        lambda config: config.add_filter("recods", Boolean("cheap"), lambda row, value: value),
        lambda config: config.add_error("recods", notes.NoteIsKept),
    ],
)
def test_a_resource_that_nobody_serves(start, directive):
    sentence = start(directive)
    assert "('recods', …) names a resource that no plugin brings" in sentence
    assert __file__ in sentence
    assert "shopping-records" in sentence


def test_two_fields_of_one_name_name_both_places(start):
    sentence = start(
        extending(model=extras.RecordRating, fields=(Integer("rating", required=False),)),
        extras.__name__,
    )
    assert "the added field shopping-records: rating" in sentence
    assert __file__ in sentence
    assert extras.__file__ in sentence


def test_a_filter_whose_name_is_taken(start):
    def includeme(config):
        field = Boolean("price__gte")
        config.add_filter("shopping-records", field, lambda row, value: row.price == value)

    assert "has a filter 'price__gte' already" in start(includeme)


def test_values_for_many_rows_belong_to_an_extension(start):
    class Shelf(Resource):
        """Stores again."""

        model = notes.Store
        path = "shelves"
        fields = (BatchComputed("purchases", lambda connection, ids: {}, {}, tables=["stores"]),)

    assert "belongs to an Extension" in start(lambda config: config.add_resource(Shelf))
