from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.cli.demo.assortment import Assortment
from shoptrack.cli.demo.baskets import generate_baskets
from shoptrack.cli.demo.loader import CHUNK_ROWS, MODELS, DemoTargetNotEmpty, load_demo
from shoptrack.cli.demo.scale import HOUSEHOLD_RECORDS, DemoSize
from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import delete_all_rows

UNTIL = date(2025, 11, 23)


def written(database):
    """Return every record with all that it refers to, in the order of the ids."""
    statement = (
        select(
            ShoppingRecord.purchase_date,
            ShoppingRecord.price,
            ShoppingRecord.quantity,
            Store.name,
            Store.location,
            Product.name,
            Category.name,
            Unit.name,
            Manufacturer.name,
            Origin.name,
        )
        .join(Store, ShoppingRecord.store_id == Store.id)
        .join(Product, ShoppingRecord.product_id == Product.id)
        .join(Category)
        .join(Unit)
        .outerjoin(Manufacturer)
        .outerjoin(Origin)
        .order_by(ShoppingRecord.id)
    )
    with database.read_engine.connect() as connection:
        return connection.execute(statement).all()


def counts(database):
    with database.read_engine.connect() as connection:
        return {
            model.__tablename__: connection.scalar(select(func.count()).select_from(model))
            for model in MODELS
        }


def test_what_the_generator_yields_is_in_the_database(database):
    with database.engine.begin() as connection:
        filled = load_demo(connection, until=UNTIL, records=6_000, seed=4)
    scale = DemoSize.from_records(6_000, UNTIL)
    assortment = Assortment(variants=scale.households, towns=scale.towns)
    expected = []
    for basket in generate_baskets(scale, assortment, seed=4):
        store = assortment.stores[basket.store]
        for line in basket.lines:
            product = assortment.products[line.product]
            expected.append(
                (
                    basket.day,
                    line.price,
                    Decimal(line.thousandths).scaleb(-3),
                    store.name,
                    store.location,
                    *product[1:6],
                )
            )
    assert written(database) == expected
    assert (filled.records, filled.products) == (6_000, len(assortment.products))
    assert counts(database)["products"] == filled.products
    assert counts(database)["stores"] == filled.stores


def test_it_is_a_households_two_years_unless_told_otherwise(database):
    with database.engine.begin() as connection:
        filled = load_demo(connection, until=UNTIL)
    assert filled.records == counts(database)["shopping_records"] == HOUSEHOLD_RECORDS
    assert (filled.households, filled.stores) == (1, 8)
    assert (filled.first_day, filled.last_day) == (date(2023, 11, 25), UNTIL)


def test_the_same_arguments_give_the_same_rows(database):
    with database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=700)
    first = written(database)
    delete_all_rows(database)
    with database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=700)
    assert written(database) == first


@pytest.mark.parametrize("kind", ["category", "unit", "manufacturer", "origin", "store"])
def test_a_table_with_a_row_is_named_and_nothing_is_written(database, make, kind):
    row = getattr(make, kind)()
    before = counts(database)
    with (
        pytest.raises(DemoTargetNotEmpty, match=row.__tablename__),
        database.engine.begin() as connection,
    ):
        load_demo(connection, until=UNTIL, records=10)
    assert counts(database) == before


def test_every_table_with_rows_is_named(database, make):
    make.record()
    with pytest.raises(DemoTargetNotEmpty) as refused, database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=10)
    assert "in categories, units, stores, products, shopping_records;" in str(refused.value)


def test_an_interrupted_run_leaves_nothing(database):
    def interrupt(written):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=CHUNK_ROWS + 1, progress=interrupt)
    assert set(counts(database).values()) == {0}


def test_of_two_at_once_one_is_refused(database):
    start = Barrier(2)
    outcomes = []

    def run():
        start.wait()
        try:
            with database.engine.begin() as connection:
                load_demo(connection, until=UNTIL, records=2_000)
            outcomes.append("filled")
        except DemoTargetNotEmpty:
            outcomes.append("refused")

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["filled", "refused"]
    assert counts(database)["shopping_records"] == 2_000


def test_ids_go_on_after_those_that_were_written(database, make):
    with database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=100)
        highest = {model: connection.scalar(select(func.max(model.id))) for model in MODELS}
    record = make.record()
    assert record.id == highest[ShoppingRecord] + 1
    assert record.store_id == highest[Store] + 1
    assert record.product_id == highest[Product] + 1


def test_progress_is_told_until_all_is_written(database):
    steps = []
    with database.engine.begin() as connection:
        load_demo(connection, until=UNTIL, records=CHUNK_ROWS + 1, progress=steps.append)
    assert steps == [CHUNK_ROWS, 1]
