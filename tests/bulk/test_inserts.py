"""Many rows of one table at once: their ids come in order, and their values as they were sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import DataError
from sqlalchemy.types import TypeDecorator

from shoptrack.db.column_types import Thousandths, UtcDateTime
from shoptrack.resources.bulk_inserts import BulkInserts


class Shouted(TypeDecorator):
    """Text of a plugin's own type, which SQL converts."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindvalue):
        return func.upper(bindvalue)


METADATA = MetaData()
VALUES = {
    "price": Integer(),
    "amount": Thousandths(),
    "day": Date(),
    "at": UtcDateTime(),
    "is_cheap": Boolean(),
    "name": String(10),
    "note": Text(),
}
PLAIN = Table(
    "plain",
    METADATA,
    Column("id", Integer, primary_key=True),
    *(Column(name, kind) for name, kind in VALUES.items()),
)
OTHER = Table(
    "other",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("loud", Shouted),
    Column("state", Enum("open", "closed", name="state")),
    Column("details", JSON(none_as_null=True)),
)
MADE = Table(
    "made",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("price", Integer),
    Column("key", Integer, default=iter(range(10)).__next__),
)
AT = datetime(2025, 4, 1, 23, 30, tzinfo=UTC)
TEXTS = (
    "",
    "\\",
    "a\\nb",
    "line\r\nend\n",
    '{"x", NULL}',
    "NULL",
    "'",
    "牛乳\u200b𠮷😀",
    "%(a)s :b",
)


@pytest.fixture
def engine(new_database):
    engine = create_engine(new_database())
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def insert(engine):
    """Return a function that inserts rows and returns how they are stored, in the order of their ids."""

    def insert(table, rows):
        with engine.begin() as connection:
            ids = BulkInserts(table).insert(connection, rows)
            statement = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
            stored = connection.execute(statement).mappings().all()
        assert ids == [row["id"] for row in stored]
        return [{name: row[name] for name in rows[0]} for row in stored]

    return insert


def test_values_of_each_type_come_back(insert):
    nothing = dict.fromkeys(VALUES)
    row = {
        "price": -(2**31),
        "amount": Decimal("1234567.891"),
        "day": date(2, 2, 3),
        "at": AT,
        "is_cheap": False,
        "name": "Milk",
        "note": "fresh",
    }
    rows = [nothing, row, row | {"amount": Decimal("-0.5"), "is_cheap": True}, nothing]
    assert insert(PLAIN, rows) == rows


def test_texts_come_back_unchanged(insert):
    rows = [{"note": text} for text in TEXTS]
    assert insert(PLAIN, rows) == rows


def test_rows_have_only_nulls(insert):
    rows = [{"price": None, "note": None}] * 3
    assert insert(PLAIN, rows) == rows


def test_types_of_plugins_convert_their_values(insert):
    assert insert(OTHER, [{"loud": "tea"}, {"loud": None}]) == [{"loud": "TEA"}, {"loud": None}]
    for name, value in (("state", "open"), ("details", {"a": [1, None]})):
        rows = [{name: value}, {name: None}]
        assert insert(OTHER, rows) == rows


def test_python_makes_a_value_for_each_row(insert, engine):
    insert(MADE, [{"price": 1}, {"price": 2}, {"price": 3}])
    with engine.connect() as connection:
        assert len(set(connection.scalars(select(MADE.c.key)))) == 3


def test_numbers_of_several_kinds_are_stored(insert):
    rows = [{"amount": Decimal("1.500")}, {"amount": 2}]
    assert insert(PLAIN, rows) == rows


def test_rows_are_one_statement_with_a_parameter_for_each_column(insert, engine):
    sent = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2:4]))
    insert(PLAIN, [{"price": number, "note": "x"} for number in range(1000)])
    if engine.dialect.name == "postgresql":
        (_insert, parameters), _select = sent
        assert parameters.keys() == {"price", "note"}


def test_a_text_that_is_too_long_is_refused_and_never_cut(create_database):
    engine = create_engine(create_database("postgresql"))
    PLAIN.create(engine)
    rows = [{"name": "short"}, {"name": "x" * 11}]
    with engine.begin() as connection, pytest.raises(DataError, match="too long"):
        BulkInserts(PLAIN).insert(connection, rows)
    engine.dispose()


def test_ids_are_in_order_while_others_insert(engine):
    first = date(2025, 1, 1)
    inserts = BulkInserts(PLAIN)

    def add(number):
        # Neither the values nor their order are those of the ids.
        rows = [
            {"price": (7 * n) % 500, "note": f"{number}.{n}", "day": first - timedelta(n)}
            for n in range(500)
        ]
        with engine.begin() as connection:
            ids = inserts.insert(connection, rows)
            stored = connection.execute(select(PLAIN.c.id, PLAIN.c.note))
            notes = dict(stored.all())
        return [notes[id] for id in ids] == [row["note"] for row in rows]

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(add, range(8)))
