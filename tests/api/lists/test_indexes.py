"""Every order that a list may have begins with a column that an index begins with."""

from sqlalchemy import inspect

from shoptrack.resources.list_query import ListParameters
from shoptrack.resources.resource import ServedResources


def test_every_order_has_an_index(app, database):
    inspector = inspect(database.read_engine)
    for resource in ServedResources.of(app.registry).values():
        table = resource.model.__tablename__
        indexed = {index["column_names"][0] for index in inspector.get_indexes(table)}
        indexed |= set(inspector.get_pk_constraint(table)["constrained_columns"])
        keys = ListParameters(resource).keys
        assert {key.column.key for key in keys.values()} <= indexed
        assert keys[resource.default_order[0]].column.key in indexed


def test_every_reference_has_an_index(app, database):
    inspector = inspect(database.read_engine)
    for resource in ServedResources.of(app.registry).values():
        indexes = inspector.get_indexes(resource.model.__tablename__)
        indexed = {index["column_names"][0] for index in indexes}
        assert {field.key for field in resource.references()} <= indexed
