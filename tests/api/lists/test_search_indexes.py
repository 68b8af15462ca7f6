"""Searching on PostgreSQL goes by the index of characters, in any language and for words of any length."""

import pytest
from sqlalchemy import text

from shoptrack.catalog.resources import ProductResource
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.list_query import ListParameters
from shoptrack.resources.list_statements import ListStatements
from shoptrack.resources.resource import ServedResources
from shoptrack.resources.serializers import ResourceSerializer

pytestmark = pytest.mark.database("postgresql")  # SQLite has no such index


@pytest.fixture
def plan(database):
    """Return a function that tells how PostgreSQL would read a page, if it were to avoid reading whole tables."""

    def plan(resource, *pairs: tuple[str, str]) -> str:
        resource = resource()
        query = ListParameters(resource).parse([*pairs, ("limit", "50")])
        page = ListStatements(ResourceSerializer(resource), query.shape).counted_page
        dialect = database.engine.dialect
        compiled = page.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        values = compiled.construct_params(query.values | {"limit": 51, "offset": None})
        with database.engine.connect() as connection:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            lines = connection.exec_driver_sql(f"EXPLAIN {compiled}", values).scalars()
            return "\n".join(lines)

    return plan


@pytest.mark.parametrize("name", ["search", "name__icontains"])
def test_products_are_found_by_the_index(plan, name):
    for word in ("乳", "牛乳", "ギュウニュウ", "ox", "milk", "100%", "_", "コ-ヒ-", "〜"):
        found = plan(ProductResource, (name, word))
        assert "on characters_products_name_folded" in found, word


def test_records_are_found_by_the_products_and_stores_that_hold_a_word(plan):
    found = plan(ShoppingRecordResource, ("search", "牛乳"))
    for index in (
        "characters_products_name_folded",
        "characters_stores_name_folded",
        "ix_shopping_records_product_id",
        "ix_shopping_records_store_id",
    ):
        assert f"on {index}" in found


def test_every_folded_text_has_the_index(app, database):
    there = text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'characters%'")
    with database.read_engine.connect() as connection:
        indexes = set(connection.execute(there).scalars())
    for resource in ServedResources.of(app.registry).values():
        for column in resource.model.__table__.columns:
            if "folds" in column.info:
                assert f"characters_{resource.model.__tablename__}_{column.name}" in indexes
