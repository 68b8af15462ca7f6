"""What the export wrote comes back as it was."""

import json
from contextlib import ExitStack
from io import BytesIO

import orjson
import pytest

from shoptrack.db import Database
from shoptrack.i18n.translation import make_translator
from shoptrack.resources.csv.options import ImportOptions
from shoptrack.resources.csv.planning import plan_import
from shoptrack.resources.csv.writing import store_plan
from shoptrack.resources.repository import Repository
from shoptrack.testing import upgrade_database

TRICKY = (
    *("=1+2", "'=1+2", "''-x", "a;=b", "a\t@b", "-5", "1,5", 'a "b" c', "＝x", "'", "x\r\ny"),
    *("牛乳〜−😀&#12;", "&#38;#1;"),
)


def get_counts(response) -> dict[str, int]:
    return {outcome: number for outcome, number in response.json["counts"].items() if number}


@pytest.fixture
def records(make):
    """Records with texts that are hard to write."""
    for number, name in enumerate(TRICKY):
        product = make.product(
            name=name.strip(),
            manufacturer_id=make.manufacturer(name=name).id if number % 2 else None,
        )
        make.record(
            product_id=product.id, store_id=make.store(name=name, location=name).id, price=-number
        )
        make.record(
            product_id=product.id, store_id=make.store(name=name, location=name).id, price=-number
        )


@pytest.mark.parametrize(
    "query",
    [
        "headings=keys",
        "headings=ja&encoding=cp932",
        "headings=en&delimiter=tab&encoding=utf-8",
        "headings=ja&delimiter=%3B",
    ],
)
@pytest.mark.parametrize("path", ["shopping-records", "products", "stores"])
def test_an_export_changes_nothing(api, importer, records, query, path):
    before = api.get(f"/api/{path}/").json
    file = api.get(f"/api/{path}/export/?{query}").body
    answer = importer(file, url=f"/api/{path}/import/", status=200)
    assert get_counts(answer) == {"same": len(before)}
    assert answer.json["ignored_columns"] == []
    assert api.get(f"/api/{path}/").json == before


def test_an_export_fills_another_installation(api, records, make_app):
    """Of two stores with one name and location, the copy has one."""
    before = api.get("/api/shopping-records/?ordering=id").json
    file = api.get("/api/shopping-records/export/?headings=ja&encoding=cp932&ordering=id").body
    registry = make_app().registry
    database = Database.of(registry)
    options = ImportOptions(ignore_ids=True)
    languages = [make_translator(registry, "ja")]
    with (
        plan_import(
            registry, "shopping-records", BytesIO(file), options, languages=languages
        ) as plan,
        database.session() as db,
        db.begin(),
    ):
        assert plan.counts["new"] == len(before)
        store_plan(db, plan)
    after = Repository.of(registry, "shopping-records")
    query = after.parameters.parse([("ordering", "id")])
    with database.read_engine.connect() as connection:
        documents = json.loads(orjson.dumps(after.all(connection, query)))
    assert [strip_ids(one) for one in documents] == [strip_ids(one) for one in before]


@pytest.fixture
def make_app(lender, new_database):
    """Return a function that makes another installation, which is empty."""
    with ExitStack() as lent:

        def make_app():
            app = lent.enter_context(lender.lend(new_database()))
            upgrade_database(app)
            return app

        yield make_app


def strip_ids(value):
    """Return a document without its ids."""
    if isinstance(value, dict):
        return {key: strip_ids(one) for key, one in value.items() if key != "id"}
    return value
