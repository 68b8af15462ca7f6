"""Writing many entries by one statement, to which their values come as one JSON text.

As a parameter of its own, each value of each entry would cost SQLAlchemy and the driver more than all the rest.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Insert,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from shoptrack.history.models import HistoryEntry

# What each entry has of its own, by the columns' types in the JSON text.
OWN: dict[str, TypeEngine[Any]] = {
    "action": Text(),
    "path": Text(),
    "row_id": BigInteger(),
    "label": Text(),
    "changes": JSON(),
    "part_of": BigInteger(),
    "undoes": BigInteger(),
}
POSITION = "position"
# What all have alike, with the values of an actor who lacks them.
SHARED = {
    "at": None,
    "user_id": None,
    "username": "",
    "address": "",
    "way": "",
    "job": "",
}


def insert_entries(
    connection: Connection, shared: dict[str, Any], entries: Sequence[dict[str, Any]]
) -> None:
    """Insert entries in their order.

    :param shared: the values that all entries have alike, by column
    :param entries: all their other values
    """
    rows = [{**entry, POSITION: number} for number, entry in enumerate(entries)]
    values = {**SHARED, **shared, "rows": orjson.dumps(rows).decode()}
    connection.execute(_make_statement(connection.dialect.name), values)


@cache
def _make_statement(dialect: str) -> Insert:
    text = bindparam("rows", type_=Text())
    own: dict[str, ColumnElement[Any]]
    if dialect == "sqlite":
        rows = func.json_each(text).table_valued("value", name="entries")
        own = {name: func.json_extract(rows.c.value, f"$.{name}") for name in (*OWN, POSITION)}
    else:
        columns = [column(name, kind) for name, kind in OWN.items()]
        columns.append(column(POSITION, BigInteger()))
        found = func.json_to_recordset(cast(text, JSON())).table_valued(*columns, name="entries")
        rows = found.render_derived(with_types=True)
        own = dict(rows.c)
    shared = [bindparam(name, type_=HistoryEntry.__table__.c[name].type) for name in SHARED]
    source = select(*shared, *(own[name] for name in OWN)).select_from(rows)
    return insert(HistoryEntry).from_select([*SHARED, *OWN], source.order_by(own[POSITION]))
